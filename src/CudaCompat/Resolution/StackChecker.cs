using CudaCompat.Resolution.Rules;

namespace CudaCompat.Resolution;

/// <summary>From causes to a verdict; a GPU name that is two chips is judged as each of them.</summary>
internal static class StackChecker
{
    public static List<Cause> Judge(MachineFacts machine, StackDocument stack)
    {
        if (machine.Gpus?.FirstOrDefault(g => g.Alternatives.Length > 1) is not { } twoChips)
            return StackJudge.Judge(machine, stack);
        List<Cause>? first = null;
        foreach (var capability in twoChips.Alternatives)
        {
            var causes = Judge(machine.WithCapability(twoChips, capability), stack);
            first ??= causes;
            if (VerdictOf(causes) != VerdictOf(first))
                return [new GpuUnknown { Subject = twoChips.Name, Name = twoChips.Name, Alternatives = twoChips.Alternatives, Undecided = true, Severity = Severity.Info }];
        }

        return first!;
    }

    /// <summary>True where no rule finds anything against it, whichever chip a name stands for.</summary>
    public static bool Works(MachineFacts machine, StackDocument stack) =>
        machine.Gpus?.FirstOrDefault(g => g.Alternatives.Length > 1) is { } twoChips
            ? twoChips.Alternatives.All(capability => Works(machine.WithCapability(twoChips, capability), stack))
            : StackJudge.Works(machine, stack);

    public static CheckVerdict VerdictOf(IReadOnlyList<Cause> causes) =>
        causes.Any(c => c.Severity == Severity.Error) ? CheckVerdict.Incompatible
        : causes.Any(c => c.Undecided) ? CheckVerdict.Unknown
        : CheckVerdict.Compatible;

    /// <summary>The causes in words, errors first, each sentence once.</summary>
    public static IReadOnlyList<Finding> Findings(IEnumerable<Cause> causes) =>
        [.. causes.OrderBy(c => c.Severity).ThenByDescending(c => c.Undecided).Select(ExplanationWriter.ToFinding).DistinctBy(f => (f.Rule, f.Severity, f.Message))];
}
