using CudaCompat.Matrix;
using CudaCompat.Resolution.Choice;
using CudaCompat.Resolution.Rules;

namespace CudaCompat.Resolution.Answers;

/// <summary>Why no candidate passes: for each rule, and each GPU, the one build that tells most.</summary>
internal static class Refusal
{
    private const int Most = 8;

    public static IReadOnlyList<Cause> Of(Question question)
    {
        var machine = question.Machine;
        if (!question.WantsCpu)
        {
            Cause[] ofCards = [.. DriverGpuRule.Stopping(machine).Take(Most)];
            if (ofCards.Length > 0)
                return ofCards;
            if (CudnnExistsRule.OfAsked(question) is { } noCudnn)
                return [noCudnn];
        }

        var listed = question with
        {
            Torchvision = question.Torchvision && IsListed("torchvision"),
            Torchaudio = question.Torchaudio && IsListed("torchaudio"),
            TorchvisionSpec = IsListed("torchvision") ? question.TorchvisionSpec : null,
            TorchaudioSpec = IsListed("torchaudio") ? question.TorchaudioSpec : null,
        };
        if (listed != question)
        {
            // Without its companions a build would do, and no source lists these: neither a plan nor a reason to refuse.
            if (Chooser.Choose(listed) is { Build: { } build } && Chooser.Complete(question, build, Attempt.Last).Cause is { } unlisted)
                return [unlisted];
            question = listed;
        }

        var causes = Each(question);
        // Where no driver would help, the driver is not the whole reason: what stops the builds behind it is told too.
        var free = question.On(machine.WithoutDriver());
        if (causes.Any(c => c is DriverTooOld or ForwardCompatUnavailable or ToolkitDriverTooOld) && Chooser.Choose(free) is null)
            causes = [.. causes, .. Each(free).Where(c => !causes.Any(told => KeyOf(told) == KeyOf(c)))];
        return [.. causes.Take(Most)];

        bool IsListed(string package) => machine.Matrix.Builds.ListsCompanions(question.Packaging, package);
    }

    private static IReadOnlyList<Cause> Each(Question question)
    {
        if (!question.Torch)
            return [.. MostTelling(ToolkitChoice.Against(question)).Values];
        var telling = new List<Cause>();
        // What stops builds of which little else is known, which never had a companion or are known to be bad: a reason only where there is no better one.
        var lesser = new List<Cause>();
        var lenient = question.On(question.Machine.WithAnyPython());
        var last = question.PinsBuild ? Attempt.Last : Attempt.Last with { Allowed = ~Allowance.CudnnWithoutTheGpu };
        foreach (var build in Chooser.Candidates(question))
        {
            // A build that something else stops as well is not held against the Python or the C library.
            var cause = Chooser.Complete(lenient, build, last).Cause;
            var reasons = cause is { Undecided: true } or BadRelease || cause is CompanionMismatch { Partner: null } && question.TorchSpec is null ? lesser : telling;
            if (cause is null or { Undecided: true } && Chooser.Complete(question, build, last).Cause is { } strict)
                cause = strict;
            if (cause is not null)
                reasons.Add(cause);
        }

        if (telling.Count + lesser.Count == 0 && question.FromDefaultIndex && question.Builds.FirstOrDefault(b => b.Row.Default && question.TorchSpec?.Matches(b.Version) != false) is { Tag.IsCpu: true } cpu)
            return [CpuOnlyBuild.OfDefaultIndex(question.Machine, cpu)];
        if (telling.Count + lesser.Count == 0)
            return [question.TorchSpec?.Exact is { } exact ? ExistenceRule.Missing(question, exact, question.Tag) : ExistenceRule.NoneOf(question)];
        // Where something is decided, what is not known about other builds is no reason.
        foreach (var reasons in (ReadOnlySpan<List<Cause>>)[telling, lesser])
        {
            var decided = MostTelling(reasons.Where(c => !c.Undecided)).Values;
            if (decided.Count > 0)
                return [.. decided.Select(c => c with { Severity = Severity.Error })];
        }

        return [.. MostTelling(lesser).Values];
    }

    // One cause of a kind, in the order in which they were met.
    private static Dictionary<(string Rule, int Gpu), Cause> MostTelling(IEnumerable<Cause> causes)
    {
        var kept = new Dictionary<(string Rule, int Gpu), Cause>();
        foreach (var cause in causes)
        {
            var key = KeyOf(cause);
            if (!kept.TryGetValue(key, out var known) || TellsMore(cause, known))
                kept[key] = cause;
        }

        return kept;
    }

    private static (string Rule, int Gpu) KeyOf(Cause cause) => (cause.Rule, cause.GpuIndex);

    // Of several builds that want a newer driver, the least demanding one tells most.
    private static bool TellsMore(Cause cause, Cause kept) => (cause, kept) switch
    {
        (DriverTooOld { Gap.Minimum: { } lower }, DriverTooOld { Gap.Minimum: { } higher }) => lower < higher,
        (DriverTooOld { Gap.Minimum: not null }, DriverTooOld { Gap.Minimum: null }) => true,
        (ToolkitDriverTooOld { Gap.Minimum: { } lower }, ToolkitDriverTooOld { Gap.Minimum: { } higher }) => lower < higher,
        _ => false,
    };
}
