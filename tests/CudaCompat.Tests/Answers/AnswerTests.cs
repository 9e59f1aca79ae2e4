using System.Text;
using CudaCompat.Documents;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Answers;

/// <summary>
/// Questions and their whole answers, to be read by a person: every finding with its weight, subject and sources, every remedy, every reason why not newer.
/// A question is a line "machine {…}" and a line "check {…}" or "plan {…}" with the contract's documents; what follows up to the next blank line is the
/// answer. CUDACOMPAT_UPDATE_ANSWERS=1 writes the answers anew; after a refresh of the data, the difference shows what it changed for people.
/// </summary>
public sealed class AnswerTests
{
    private static readonly string[] Told = ["Not ", "  - ", "What would help:"];
    private static readonly string Folder = Path.Combine(SharedCaptures.Repository, "tests", "CudaCompat.Tests", "Answers");

    public static TheoryData<string> Pages => [.. Directory.GetFiles(Folder, "*.txt").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Questions_AreAnsweredAsWritten(string page)
    {
        var path = Path.Combine(Folder, page);
        var written = File.ReadAllText(path);
        var answered = Answered(written);
        if (Environment.GetEnvironmentVariable("CUDACOMPAT_UPDATE_ANSWERS") == "1")
        {
            File.WriteAllText(path, answered);
            return;
        }

        var (now, then) = (answered.Split("\n\n"), written.ReplaceLineEndings("\n").Split("\n\n"));
        now.Except(then).Should().BeEmpty("{0} must hold what is answered; CUDACOMPAT_UPDATE_ANSWERS=1 dotnet test writes it anew", page);
        answered.Should().HaveLength(written.ReplaceLineEndings("\n").Length, "{0} holds answers that are not given any more", page);
    }

    private static string Answered(string text)
    {
        var page = new StringBuilder();
        var machine = "";
        var inAnswer = false;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (inAnswer && line.Length > 0)
                continue;
            page.Append(line).Append('\n');
            inAnswer = true;
            if (line.StartsWith("check ", StringComparison.Ordinal))
                page.Append(Check(machine, line["check ".Length..]));
            else if (line.StartsWith("plan ", StringComparison.Ordinal))
                page.Append(PlanOrError(machine, line["plan ".Length..]));
            else
                inAnswer = false;
            if (line.StartsWith("machine ", StringComparison.Ordinal))
                machine = line["machine ".Length..];
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static string Check(string machine, string stack)
    {
        var result = Resolver.Check(DocumentReader.Machine(machine), DocumentReader.Stack(stack));
        var text = new StringBuilder().Append(CheckVerdictNames.Instance.NameOf(result.Verdict)).Append('\n');
        Append(text, result.Findings, result.Remedies);
        return text.ToString();
    }

    private static string PlanOrError(string machine, string request)
    {
        try
        {
            return Plan(machine, request);
        }
        catch (BadRequestException e)
        {
            return $"error {e.Field}: {e.Message}\n";
        }
        catch (BadInputException e)
        {
            return $"error {e.Path}: {e.Message}\n";
        }
    }

    private static string Plan(string machine, string request)
    {
        var result = Resolver.TryPlan(DocumentReader.Machine(machine), DocumentReader.Read(request, DocumentJson.Default.PlanRequest));
        var text = new StringBuilder().Append(PlanVerdictNames.Instance.NameOf(result.Verdict)).Append('\n');
        if (result.Plan is { } plan)
            Append(text, plan);
        Append(text, result.Findings, result.Remedies);
        foreach (var candidate in result.WhyNotNewer)
            text.Append($"  not {candidate.Candidate} [{candidate.Rule}] {candidate.Message}\n");
        // The reasons are told above; what is left is the sentence that joins them.
        foreach (var line in (result.Plan?.Explanation ?? result.Explanation).Split('\n').Where(line => !Told.Any(told => line.StartsWith(told, StringComparison.Ordinal))))
            text.Append($"  so: {line}\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, InstallPlan plan)
    {
        var stack = plan.Stack;
        string?[] parts =
        [
            stack.Torch is null ? null : $"torch {stack.Torch}+{stack.CudaTag}",
            stack.Torchvision is null ? null : $"torchvision {stack.Torchvision}",
            stack.Torchaudio is null ? null : $"torchaudio {stack.Torchaudio}",
            stack.Toolkit is null ? null : $"toolkit {stack.Toolkit}",
            stack.Cudnn is null ? null : $"cudnn {stack.Cudnn}",
            stack.Packaging is { } packaging ? $"by {packaging}" : null,
            stack.Compiles ? "compiles" : null,
        ];
        text.Append($"  {string.Join(", ", parts.Where(part => part is not null))}\n");
        text.Append($"  compatibility {plan.Compatibility}; known by {string.Join(", ", plan.KnownBy.Select(k => $"{k.Key} {k.Value}"))}; not needed by torch: {string.Join(", ", plan.NotNeededByTorch)}\n");
    }

    private static void Append(StringBuilder text, IReadOnlyList<Finding> findings, IReadOnlyList<Remedy> remedies)
    {
        foreach (var finding in findings)
            text.Append($"  {SeverityNames.Instance.NameOf(finding.Severity)} [{finding.Rule}] {finding.Subject}: {finding.Message} ({string.Join(", ", finding.Evidence)})\n");
        foreach (var remedy in remedies)
        {
            text.Append($"  remedy {Change(remedy.Change, remedy.From, remedy.To)}");
            foreach (var also in remedy.Also ?? [])
                text.Append($" and {Change(also.Change, also.From, also.To)}");
            text.Append($", gives {remedy.Gives}: {remedy.Message}\n");
        }
    }

    private static string Change(string change, string? from, string? to) => $"{change} {from ?? "-"} -> {to ?? "-"}";
}
