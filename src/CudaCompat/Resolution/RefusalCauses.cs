using CudaCompat.Resolution.Rules;

namespace CudaCompat.Resolution;

/// <summary>Why no candidate passes: for each rule, and each GPU, the one build that tells most.</summary>
internal static class RefusalCauses
{
    private const int Most = 8;

    public static IReadOnlyList<Cause> Of(MachineFacts machine, Wish wish)
    {
        var ofCards = (machine.Gpus ?? []).SelectMany(g => DriverGpuRule.All(machine, g)).Where(c => c.Severity == Severity.Error).ToArray();
        if (ofCards.Length > 0)
            return [.. ofCards.Take(Most)];
        if (!wish.Torch)
            return ToolkitChooser.FirstAgainst(machine, wish) is { } toolkit ? [toolkit] : [];
        var telling = new Dictionary<(string Rule, int Gpu, bool Undecided), Cause>();
        // What stops builds of which little else is known, or which never had a companion: a reason only where there is no better one.
        var lesser = new Dictionary<(string Rule, int Gpu, bool Undecided), Cause>();
        var any = false;
        var lenient = machine.WithAnyPython();
        foreach (var build in Chooser.Candidates(machine, wish))
        {
            any = true;
            // A build that something else stops as well is not held against the Python or the C library.
            var cause = Chooser.Try(lenient, wish, build, allowPtx: true).Cause;
            var reasons = cause is { Undecided: true } or CompanionMismatch { Partner: null } ? lesser : telling;
            if (cause is null or { Undecided: true } && Chooser.Try(machine, wish, build, allowPtx: true).Cause is { } strict)
                cause = strict;
            if (cause is null)
                continue;
            var key = (cause.Rule, GpuOf(cause), cause.Undecided);
            if (!reasons.TryGetValue(key, out var kept) || TellsMore(cause, kept))
                reasons[key] = cause;
        }

        if (!any)
            return [NoCandidate(machine, wish)];
        // Where something is decided, what is not known about other builds is no reason.
        foreach (var reasons in (ReadOnlySpan<Dictionary<(string, int, bool), Cause>>)[telling, lesser])
        {
            var decided = reasons.Values.Where(c => !c.Undecided).Take(Most).ToArray();
            if (decided.Length > 0)
                return [.. decided.Select(c => c with { Severity = Severity.Error })];
        }

        return [.. lesser.Values.Take(Most)];
    }

    private static Cause NoCandidate(MachineFacts machine, Wish wish)
    {
        if (wish.TorchSpec?.Exact is { } exact)
            return BuildRule.Missing(machine, exact, wish.Tag, wish.Packaging);
        return new NoSuchBuild
        {
            Subject = wish.TorchSpec is { } spec ? $"torch {spec}" : "torch",
            Package = "torch",
            Version = wish.TorchSpec?.ToString() ?? "",
            Tag = wish.Tag,
            Packaging = wish.Packaging,
            Os = machine.BuildOs,
            Arch = machine.Arch,
            VersionExists = true,
            OtherTags = [.. machine.Matrix.Builds.For(wish.Packaging, machine.BuildOs, machine.Arch).Where(b => wish.TorchSpec?.Matches(b.Version) ?? true).Select(b => b.Tag).Distinct().Order()],
        };
    }

    private static int GpuOf(Cause cause) => cause switch
    {
        GpuNotInBuild c => c.Gpu.Index,
        LibrariesTooOldForGpu c => c.Gpu.Index,
        PtxNeedsNewerDriver c => c.Gpu.Index,
        CudnnGpuUnsupported c => c.Gpu.Index,
        _ => -1,
    };

    // Of several builds that want a newer driver, the least demanding one tells most.
    private static bool TellsMore(Cause cause, Cause kept) => (cause, kept) switch
    {
        (DriverTooOld { Minimum: { } lower }, DriverTooOld { Minimum: { } higher }) => lower < higher,
        (DriverTooOld { Minimum: not null }, DriverTooOld { Minimum: null }) => true,
        _ => false,
    };
}
