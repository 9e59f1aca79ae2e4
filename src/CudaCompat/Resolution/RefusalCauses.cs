using CudaCompat.Resolution.Rules;

namespace CudaCompat.Resolution;

/// <summary>Why no candidate passes: for each rule, and each GPU, the one build that tells most.</summary>
internal static class RefusalCauses
{
    private const int Most = 8;

    public static IReadOnlyList<Cause> Of(MachineFacts machine, Wish wish)
    {
        var ofCards = Chooser.IsOfCpu(machine, wish) ? [] : (machine.Gpus ?? []).SelectMany(g => DriverGpuRule.All(machine, g)).Where(c => c.Severity == Severity.Error).ToArray();
        if (ofCards.Length > 0)
            return [.. ofCards.Take(Most)];
        if (wish is { Cudnn: true, CudnnSpec: { } cudnn } && !Chooser.IsOfCpu(machine, wish) && !machine.Matrix.Cudnn.Releases.Any(r => cudnn.Matches(r.Version)))
            return [new NoSuchCudnn { Subject = $"cuDNN {cudnn}", Asked = cudnn.ToString() }];
        var listed = wish with { Torchvision = wish.Torchvision && IsListed("torchvision"), Torchaudio = wish.Torchaudio && IsListed("torchaudio") };
        if (listed != wish)
        {
            // Without its companions a build would do, and no source lists these: neither a plan nor a reason to refuse.
            if (Chooser.Choose(machine, listed) is { Build: { } build } && Chooser.Try(machine, wish, build, allowPtx: true).Cause is { } unlisted)
                return [unlisted];
            wish = listed;
        }

        var causes = Each(machine, wish);
        // Where no driver would help, the driver is not the whole reason: what stops the builds behind it is told too.
        if (causes.Any(c => c is DriverTooOld or ForwardCompatUnavailable or ToolkitDriverTooOld) && Chooser.Choose(machine.WithoutDriver(), wish) is null)
            causes = [.. causes, .. Each(machine.WithoutDriver(), wish).Where(c => !causes.Any(told => KeyOf(told) == KeyOf(c)))];
        return [.. causes.Take(Most)];

        bool IsListed(string package) => machine.Matrix.Builds.ListsCompanions(wish.Packaging, package);
    }

    private static IReadOnlyList<Cause> Each(MachineFacts machine, Wish wish)
    {
        if (!wish.Torch)
            return [.. MostTelling(ToolkitChooser.Against(machine, wish)).Values];
        var telling = new List<Cause>();
        // What stops builds of which little else is known, or which never had a companion: a reason only where there is no better one.
        var lesser = new List<Cause>();
        var any = false;
        var lenient = machine.WithAnyPython();
        foreach (var build in Chooser.Candidates(machine, wish))
        {
            any = true;
            // A build that something else stops as well is not held against the Python or the C library.
            var cause = Chooser.Try(lenient, wish, build, allowPtx: true).Cause;
            var reasons = cause is { Undecided: true } || cause is CompanionMismatch { Partner: null } && wish.TorchSpec is null ? lesser : telling;
            if (cause is null or { Undecided: true } && Chooser.Try(machine, wish, build, allowPtx: true).Cause is { } strict)
                cause = strict;
            if (cause is not null)
                reasons.Add(cause);
        }

        if (!any)
            return [NoCandidate(machine, wish)];
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

    private static (string Rule, int Gpu) KeyOf(Cause cause) => (cause.Rule, GpuOf(cause));

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
        ToolkitGpuUnsupported c => c.Gpu.Index,
        _ => -1,
    };

    // Of several builds that want a newer driver, the least demanding one tells most.
    private static bool TellsMore(Cause cause, Cause kept) => (cause, kept) switch
    {
        (DriverTooOld { Minimum: { } lower }, DriverTooOld { Minimum: { } higher }) => lower < higher,
        (DriverTooOld { Minimum: not null }, DriverTooOld { Minimum: null }) => true,
        (ToolkitDriverTooOld { Minimum: { } lower }, ToolkitDriverTooOld { Minimum: { } higher }) => lower < higher,
        _ => false,
    };
}
