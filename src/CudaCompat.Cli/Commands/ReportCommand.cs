using System.CommandLine;
using System.Reflection;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Detection;
using CudaCompat.Diagnosis;
using CudaCompat.Explaining;
using CudaCompat.Matrix;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat report</c>: one text for an issue tracker, without names, paths and hosts.</summary>
internal static class ReportCommand
{
    private const int MostLines = 60;

    public static Command Create()
    {
        var command = new Command("report", "A text for an issue tracker: the machine, the environment, what is wrong; without names, paths and hosts.");
        var file = new Argument<string?>("FILE|-") { Description = "The error text that the report is about; - for standard input.", Arity = ArgumentArity.ZeroOrOne };
        var python = new Option<string?>("--python-path") { Description = "The Python interpreter or environment folder to look at.", HelpName = "PATH" };
        var output = new OutputOptions();
        command.Arguments.Add(file);
        command.Options.Add(python);
        output.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var matrix = output.Matrix(parse);
            var report = await DriverDetector.DetectAsync(new DetectionOptions { Python = parse.GetValue(python) }, cancel).ConfigureAwait(false);
            var text = parse.GetValue(file) is { } named ? Read(named) : null;
            var written = Write(report, matrix, text);
            var hosts = matrix.Install.Places.Select(p => p.Url).Select(HostOf).Append("github.com").ToHashSet(StringComparer.OrdinalIgnoreCase);
            written = Anonymous.Of(written, [Environment.UserName, Environment.MachineName], hosts);
            if (output.Json(parse))
                Console.Out.WriteLine(System.Text.Json.JsonSerializer.Serialize(new ReportDocument(written), ReportJson.Default.ReportDocument));
            else
                Console.Out.Write(written);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Write(DetectionReport report, CompatibilityMatrix matrix, string? text)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var version = typeof(ReportCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        writer.WriteLine($"CudaCompat {version}, data of {matrix.DataVersion}");
        if (text is not null)
        {
            var explanation = Explainer.Explain(text, new ExplainOptions { Machine = report.Machine, MachineMayDiffer = true, Matrix = matrix });
            writer.WriteLine();
            writer.WriteLine("### What happened");
            writer.WriteLine("```text");
            foreach (var line in Around(text, explanation.Causes.Count > 0 ? explanation.Causes[0].LineNumber : int.MaxValue))
                writer.WriteLine(line);
            writer.WriteLine("```");
            foreach (var cause in explanation.Causes.Take(3))
                writer.WriteLine($"- {CertaintyNames.Instance.NameOf(cause.Certainty)}: {cause.Kind}, {cause.Message}");
            if (explanation.Causes.Count == 0)
                writer.WriteLine("- no cause is known for this text");
        }

        writer.WriteLine();
        writer.WriteLine("### Machine");
        writer.WriteLine("```text");
        MachineText.Write(writer, report.Machine, matrix, color: false);
        foreach (var found in report.Pythons.Where(p => p.IsChosen))
            writer.WriteLine($"  packages   torch {found.Torch?.ToString() ?? "none"}, torchvision {found.Torchvision?.ToString() ?? "none"}, torchaudio {found.Torchaudio?.ToString() ?? "none"} ({found.Kind})");
        foreach (var toolkit in report.Toolkits)
            writer.WriteLine($"  toolkit    {toolkit.Version} in {toolkit.Folder}{(toolkit.PathOrder is { } order ? $", place {order + 1} on PATH" : "")}");
        foreach (var cudnn in report.Cudnn)
            writer.WriteLine($"  cuDNN      {cudnn.Version}{(cudnn.IsBundled ? ", of the Python packages" : "")}{(cudnn.IsOnLoaderPath ? ", first for the loader" : "")}");
        writer.WriteLine("```");
        writer.WriteLine();
        writer.WriteLine("### Findings");
        foreach (var finding in Doctor.Examine(report, matrix).Findings)
            writer.WriteLine($"- {finding.Severity}: {finding.Message} [{finding.Rule}]");
        return writer.ToString();
    }

    private static IEnumerable<string> Around(string text, int number)
    {
        var lines = text.TrimEnd().Split('\n');
        var last = Math.Min(lines.Length, number > lines.Length ? lines.Length : number + MostLines / 2);
        return lines[Math.Max(0, last - MostLines)..last].Select(l => l.TrimEnd('\r').Replace("```", "'''", StringComparison.Ordinal));
    }

    private static string Read(string file)
    {
        using var reader = ExplainCommand.Open(file);
        return reader.ReadToEnd();
    }

    private static string HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Host : url;
}

/// <summary>The report as a document.</summary>
internal sealed record ReportDocument(string Report);

/// <summary>Its JSON shape.</summary>
[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase)]
[System.Text.Json.Serialization.JsonSerializable(typeof(ReportDocument))]
internal sealed partial class ReportJson : System.Text.Json.Serialization.JsonSerializerContext;
