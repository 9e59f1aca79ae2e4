using System.Text;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Answers;

/// <summary>A whole answer as lines to be read: every finding with its weight, subject and sources, every remedy, every reason why not newer.</summary>
internal static class AnswerText
{
    private static readonly string[] Told = ["Not ", "  - ", "What would help:"];

    /// <summary>A verdict on a combination.</summary>
    public static string Of(CheckResult result)
    {
        var text = new StringBuilder().Append(CheckVerdictNames.Instance.NameOf(result.Verdict)).Append('\n');
        Append(text, result.Findings, result.Remedies);
        return text.ToString();
    }

    /// <summary>A plan or a refusal.</summary>
    public static string Of(PlanResult result)
    {
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
