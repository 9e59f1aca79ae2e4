using CudaCompat.Resolution.Alternatives;
using CudaCompat.Resolution.Choice;
using CudaCompat.Resolution.Rules;

namespace CudaCompat.Resolution.Answers;

/// <summary>The verdict on a stack: all that the rule book finds of each candidate and each chip that the question stands for.</summary>
internal static class CheckAnswer
{
    public static CheckResult To(Question question)
    {
        var candidates = Stacks.Candidates(question);
        var causes = Judge(question, candidates);
        var verdict = VerdictOf(causes);
        return new CheckResult
        {
            Id = question.Machine.Document.Id,
            Subject = candidates is [var only] ? only.ToString() : $"torch {question.TorchSpec}",
            Verdict = verdict,
            Findings = Findings(causes),
            Remedies = RemediesOf(question, verdict, causes),
            DataVersion = question.Machine.Matrix.DataVersion,
        };
    }

    /// <summary>The causes found; where the chips or the builds that it may be disagree, that they do.</summary>
    public static IReadOnlyList<Cause> Judge(Question question) => Judge(question, Stacks.Candidates(question));

    private static IReadOnlyList<Cause> Judge(Question question, IReadOnlyList<Candidate> candidates)
    {
        if (Solver.SeveralChips(question) is { } gpu)
        {
            var chips = gpu.Alternatives.Select(c => Judge(question.On(question.Machine.WithCapability(gpu, c)))).ToArray();
            return Agree(chips) ? chips[0] : [GpuUnknown.Of(gpu)];
        }

        if (candidates.Count == 1)
            return RuleBook.All(question, candidates[0]);
        var all = candidates.Select(c => (IReadOnlyList<Cause>)RuleBook.All(question, c)).ToArray();
        if (Agree(all))
            return all[0];
        // A CUDA given without its minor means any of them.
        if (question.Tag is { IsSeries: true } && Array.Find(all, causes => VerdictOf(causes) == CheckVerdict.Compatible) is { } works)
            return works;
        return [new SeveralBuilds
        {
            Subject = $"torch {question.TorchSpec}",
            Severity = Severity.Info,
            Undecided = true,
            Working = [.. candidates.Where((_, i) => VerdictOf(all[i]) == CheckVerdict.Compatible).Select(c => c.ToString())],
            Failing = [.. candidates.Where((_, i) => VerdictOf(all[i]) == CheckVerdict.Incompatible).Select(c => c.ToString())],
        }, .. RuleBook.All(question, candidates[0], Part.Machine)];
    }

    public static CheckVerdict VerdictOf(IReadOnlyList<Cause> causes) =>
        causes.Any(c => c.Severity == Severity.Error) ? CheckVerdict.Incompatible
        : causes.Any(c => c.Undecided) ? CheckVerdict.Unknown
        : CheckVerdict.Compatible;

    /// <summary>The causes in words, errors first, each sentence once.</summary>
    public static IReadOnlyList<Finding> Findings(IReadOnlyList<Cause> causes)
    {
        if (causes.Count == 0)
            return [];
        return [.. causes.OrderBy(c => c.Severity).ThenByDescending(c => c.Undecided).Select(c => c.ToFinding()).DistinctBy(f => (f.Rule, f.Severity, f.Message))];
    }

    // A CPU build beside a GPU works; what a person wanted is the CUDA build of it.
    private static IReadOnlyList<Remedy> RemediesOf(Question question, CheckVerdict verdict, IReadOnlyList<Cause> causes) => verdict switch
    {
        CheckVerdict.Incompatible => Remedies.ForStack(question),
        CheckVerdict.Unknown when causes.Any(c => c is NotInData or SeveralBuilds) => Remedies.ForStack(question),
        CheckVerdict.Compatible when causes.Any(c => c is CpuOnlyBuild) => [.. Remedies.ForStack(question).Where(r => r.Change == "cudaTag")],
        _ => [],
    };

    private static bool Agree(IReadOnlyList<Cause>[] all) => Array.TrueForAll(all, causes => VerdictOf(causes) == VerdictOf(all[0]));
}

/// <summary>What is said leaves several builds, and they do not all work.</summary>
internal sealed record SeveralBuilds : Cause
{
    public override string Rule => "no-such-build";

    public required IReadOnlyList<string> Working { get; init; }

    public required IReadOnlyList<string> Failing { get; init; }

    public override string English() => $"{Subject} may be one of several builds: "
        + (Working.Count > 0 ? $"{Words.Some(Working)} {(Working.Count == 1 ? "works" : "work")} here, " : "none is known to work here, ")
        + (Failing.Count > 0 ? $"{Words.Some(Failing)} {(Failing.Count == 1 ? "does" : "do")} not; " : "") + "say which CUDA it has (--cuda).";
}
