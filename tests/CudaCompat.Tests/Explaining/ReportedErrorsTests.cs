using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CudaCompat.Explaining;
using CudaCompat.Machines;
using CudaCompat.Versions;
using Xunit.Abstractions;

namespace CudaCompat.Tests.Explaining;

/// <summary>The table against errors that people reported and whose cause their threads settled, and against outputs of success.</summary>
public sealed partial class ReportedErrorsTests(ITestOutputHelper output)
{
    [SharedTheory]
    [InlineData(true, 0.9)]
    [InlineData(false, 0.8)]
    public void Reports_AreExplained(bool withMachine, double least)
    {
        var (right, certainlyWrong, shown, all) = (0, 0, 0, 0);
        foreach (var line in File.ReadLines(SharedCaptures.PathOf("errors/reports.jsonl")))
        {
            var report = JsonNode.Parse(line)!;
            var accepted = (report["also"]?.AsArray() ?? []).Select(k => (string)k!).Append((string)report["cause_kind"]!).ToHashSet();
            var text = (string)report["text"]!;
            var causes = Explainer.Explain(text, withMachine ? Options(report["context"]!) : null).Causes;
            all++;
            if (causes.Count > 0 && text.Contains(causes[0].Line, StringComparison.Ordinal))
                shown++;
            if (causes.Count > 0 && accepted.Contains(causes[0].Kind))
            {
                right++;
                continue;
            }

            if (causes is [{ Certainty: Certainty.Certain }, ..])
                certainlyWrong++;
            output.WriteLine($"{report["id"]}: is {report["cause_kind"]}, told {(causes.Count > 0 ? causes[0].Kind : "nothing")}");
        }

        output.WriteLine($"{right} of {all} right, {certainlyWrong} wrong and certain, {shown} with the line");
        ((double)right / all).Should().BeGreaterThanOrEqualTo(least);
        ((double)certainlyWrong / all).Should().BeLessThanOrEqualTo(0.01);
        ((double)shown / all).Should().BeGreaterThanOrEqualTo(0.95);
    }

    [SharedFact]
    public void OutputsOfSuccess_HaveNoCause()
    {
        var wrong = new List<string>();
        foreach (var line in File.ReadLines(SharedCaptures.PathOf("transcripts/index.jsonl")))
        {
            var row = JsonNode.Parse(line)!;
            if (((string)row["kind"]!) is "smi_error" or "nvcc_error" or "install_failure" || row["expected"]?["error"] is not null)
                continue;
            var file = (string)row["file"]!;
            if (Explainer.Explain(File.ReadAllText(SharedCaptures.PathOf("transcripts/" + file))).Causes is [var cause, ..])
                wrong.Add($"{file}: {cause.Kind}, {cause.Line}");
        }

        wrong.Should().BeEmpty();
    }

    private static ExplainOptions? Options(JsonNode context)
    {
        if (!OperatingSystemNames.Instance.TryParse((string?)context["os"] ?? "", out var os))
            return null;
        var torch = Version().Match((string?)context["torch"] ?? "");
        return new ExplainOptions
        {
            Machine = new DriverInfo
            {
                OperatingSystem = os,
                Driver = DriverVersion.TryParse((string?)context["driver"], out var driver) ? driver : null,
                Gpus = (string?)context["gpu"] is { } gpu ? [new Gpu { Name = gpu }] : null,
                Python = PythonVersion.TryParse((string?)context["python"], out var python) ? python : null,
                Installed = PackageVersion.TryParse(torch.Value, out var version) ? new InstalledComponents { Torch = version } : null,
            },
        };
    }

    [GeneratedRegex(@"^\d+(?:\.\d+)+(?:\+\w+)?")]
    private static partial Regex Version();
}
