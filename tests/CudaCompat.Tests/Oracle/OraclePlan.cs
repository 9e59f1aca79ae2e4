namespace CudaCompat.Tests.Oracle;

/// <summary>The best plan in plain text.</summary>
internal sealed record OBest(string Verdict, string? Torch = null, string? Tag = null, string? Torchvision = null, string? Torchaudio = null, string? Toolkit = null, string? Cudnn = null, string? Compatibility = null);

/// <summary>Finds the best plan by trying every build.</summary>
internal sealed class OraclePlan(OracleFacts facts)
{
    private static readonly string[] All = ["toolkit", "cudnn", "torch", "torchvision", "torchaudio"];
    private readonly OracleCheck _check = new(facts);
    private readonly OracleBad _bad = new();

    public OBest Plan(OMachine machine, ORequest request)
    {
        var readings = OracleView.Of(facts, machine).Select(view => Best(view, request)).Distinct().ToList();
        return readings.Count > 1 ? new OBest("unknown") : readings[0];
    }

    private OBest Best(OracleView view, ORequest request)
    {
        var asked = request.Components ?? All;
        var wantsTorch = asked.Contains("torch");
        // What is named without being asked for constrains all the same.
        string[] components =
        [
            .. asked, .. new[] { ("toolkit", request.Toolkit is not null || request.Compiles && wantsTorch), ("cudnn", request.Cudnn is not null), ("torchvision", request.Torchvision is not null), ("torchaudio", request.Torchaudio is not null) }
                .Where(c => c.Item2 && !asked.Contains(c.Item1)).Select(c => c.Item1),
        ];
        var cpu = view.Machine.Gpus is { Length: 0 } || request.Cuda == "cpu";
        if (_check.Platform(view, !cpu || !wantsTorch) is not null)
            return new OBest("refused");
        if (wantsTorch && (view.Machine.Python is { } python && new Num(python) > facts.NewestPython || request.Torch is { } torch && char.IsAsciiDigit(torch[0]) && new Num(torch) > facts.NewestTorch))
            return new OBest("unknown");
        if ((!cpu || !wantsTorch) && view.Capabilities.Contains(null))
            return new OBest("unknown");
        var best = !wantsTorch ? ToolkitAlone(view, request, components) : WithTorch(view, request, components, cpu);
        // That it could be had says nothing of a machine that is not known.
        if (best.Verdict == "planned" && !cpu && view.NothingKnown)
            return new OBest("unknown");
        return best with
        {
            Torchvision = asked.Contains("torchvision") ? best.Torchvision : null,
            Torchaudio = asked.Contains("torchaudio") ? best.Torchaudio : null,
            Toolkit = asked.Contains("toolkit") ? best.Toolkit : null,
            Cudnn = asked.Contains("cudnn") ? best.Cudnn : null,
        };
    }

    private OBest WithTorch(OracleView view, ORequest request, string[] components, bool cpu)
    {
        if (!cpu && view.Capabilities.OfType<string>().Any(c => DriverStops(view, c)))
            return new OBest("refused");
        if (!cpu && components.Contains("cudnn") && request.Cudnn is { } cudnn && !facts.Cudnns.Any(c => Wanted(cudnn, c.Version)))
            return new OBest(char.IsAsciiDigit(cudnn[0]) && (new Num(cudnn) > facts.Cudnns[0].Version || !facts.MayDeny("cudnn", new Num(cudnn))) ? "unknown" : "refused");
        var packaging = request.Packaging is null or "uv" ? "pip" : request.Packaging;
        if (!Candidates(view, request, cpu).Any())
            return new OBest(DeniesAll(view, request, packaging) ? "refused" : "unknown");
        // Companions of which no source lists any package: without them there would be a plan, so nobody knows.
        if (components.Any(c => c is "torchvision" or "torchaudio" && !facts.Lists(c, packaging))
            && WithTorch(view, request with { Torchvision = null, Torchaudio = null }, components.Where(c => c is not ("torchvision" or "torchaudio")).ToArray(), cpu).Verdict == "planned")
            return new OBest("unknown");
        OBest? last = null;
        foreach (var way in Ways(view, request))
        {
            last = BestBuild(view, request, components, cpu, way);
            if (last.Verdict == "planned")
                return last;
        }

        return last!;
    }

    // Each only where the ones before find nothing: native code before PTX; of each a toolkit of torch's CUDA, then of another, then one with a fault that torch does not meet.
    private static IEnumerable<Way> Ways(OracleView view, ORequest request)
    {
        var pinned = request.Torch is { } torch && char.IsAsciiDigit(torch[0]) && new Num(torch).Parts > 2 && request.Cuda is not null;
        foreach (var anyCudnn in pinned ? (bool[])[false, true] : [false])
        {
            foreach (var ptx in view.Machine.Gpus is { Length: > 0 } ? (bool[])[false, true] : [false])
            {
                yield return new Way(ptx, anyCudnn, OtherCuda: false, Fault: false);
                if (request.Toolkit is not null)
                    yield return new Way(ptx, anyCudnn, OtherCuda: true, Fault: false);
                if ((request.Toolkit ?? request.Cudnn) is not null)
                    yield return new Way(ptx, anyCudnn, OtherCuda: true, Fault: true);
            }
        }
    }

    private IEnumerable<OBuild> Candidates(OracleView view, ORequest request, bool cpu) => facts.Builds[("torch", request.Packaging is null or "uv" ? "pip" : request.Packaging, view.BuildSystem, view.Arch)]
        .Where(build => Wanted(request.Torch, build.Version) && build.Tag == "cpu" == cpu && (request.Cuda is null or "cpu" || OracleCheck.CudaOf(build.Tag) is { } c && c.Same(TagOrNumber(request.Cuda))));

    // That there is no such build may be said of one version by the lists of it, of a prefix or range by those of the newest that it takes.
    private bool DeniesAll(OracleView view, ORequest request, string packaging)
    {
        if (request.Torch is { } torch && char.IsAsciiDigit(torch[0]) && new Num(torch).Parts > 2)
            return _check.MayDenyBuild(view, new Num(torch), request.Cuda, packaging);
        var builds = facts.Builds[("torch", packaging, view.BuildSystem, view.Arch)].ToList();
        var version = request.Torch is null ? facts.NewestTorch : builds.Where(b => Wanted(request.Torch, b.Version)).Select(b => b.Version).DefaultIfEmpty(new Num("0")).Max();
        return facts.MayDeny("torch", version, packaging, view.BuildSystem, view.Arch, packaging != "pip" ? null : request.Cuda is null ? "default" : "index");
    }

    private OBest BestBuild(OracleView view, ORequest request, string[] components, bool cpu, Way way)
    {
        var served = view.Machine.Gpus is null && !cpu ? ServedByBranch(view) : null;
        (OBest Plan, Rank Rank)? best = null;
        var (undecided, stopped) = (false, false);
        foreach (var build in Candidates(view, request, cpu))
        {
            var unknown = false;
            var candidate = Try(view, request, components, build, served, way, ref unknown);
            undecided |= unknown;
            stopped |= candidate is null && !unknown;
            if (candidate is not null && (best is null || candidate.Value.Rank.CompareTo(best.Value.Rank) > 0))
                best = candidate;
        }

        return best?.Plan ?? new OBest(undecided && !stopped ? "unknown" : "refused");
    }

    private (OBest Plan, Rank Rank)? Try(OracleView view, ORequest request, string[] components, OBuild build, List<string>? served, Way way, ref bool undecided)
    {
        if (!OracleCheck.HasPlace(view, build))
            return null;
        var (vision, audio) = (Partner(view, build, "torchvision", request.Torchvision, components), Partner(view, build, "torchaudio", request.Torchaudio, components));
        var complete = vision.Found && audio.Found;
        var plan = new OBest("planned", build.Version.Text, build.Tag, vision.Version?.Text, audio.Version?.Text);
        if (OracleCheck.CudaOf(build.Tag) is not { } cuda)
            return !complete || !IsExact(request.Torch ?? request.Torchvision ?? request.Torchaudio) && _bad.Has(view, "torch", build.Version, null) ? null : (plan with { Compatibility = "cpu" }, new Rank(true, 0, true, build.Version, 3, -build.Known, new Num("0.0")));

        var fit = Fit(view, cuda, request.Policy);
        if (fit is null)
            return null;
        var (native, open) = (true, false);
        foreach (var capability in served is null ? view.Capabilities.OfType<string>() : [])
        {
            var code = _check.Code(view, build, cuda, capability, fit.Value.Fit);
            if (code is not ("native" or "ptx" or "unknown") || !way.AnyCudnn && !Bundled(view, build, cuda, capability) || code == "ptx" && !way.Ptx)
                return null;
            native &= code == "native";
            open |= code == "unknown";
        }

        if (open || served is not null && !facts.Code.ContainsKey((build.Version.Text, build.Tag!, build.Packaging, build.Os, build.Arch)))
        {
            undecided = true;
            return null;
        }

        if (!complete || !IsExact(request.Torch ?? request.Torchvision ?? request.Torchaudio) && _bad.Has(view, "torch", build.Version, cuda))
            return null;
        var serves = served?.Where(c => _check.Code(view, build, cuda, c, fit.Value.Fit) == "native" && Bundled(view, build, cuda, c)).ToList();
        if (serves is { Count: 0 })
        {
            undecided = !facts.Code.ContainsKey((build.Version.Text, build.Tag!, build.Packaging, build.Os, build.Arch));
            return null;
        }
        if (components.Contains("toolkit"))
        {
            // Another CUDA only where one is named: where something is compiled, of the same major; where nothing is, it only stands beside torch.
            var others = way.OtherCuda && request.Toolkit is not null
                ? Toolkits(view).Where(t => t.Version.Parts > 2 && Wanted(request.Toolkit, t.Version) && (!request.Compiles || t.Version.Major == cuda.Major)).Select(t => t.Version.Minor.Text).Distinct().Select(t => new Num(t)).ToArray()
                : [cuda];
            var fault = way.Fault && !request.Compiles;
            var pair = others.Select(c => (Cuda: c, Fit: Fit(view, c, request.Policy))).Where(x => x.Fit is not null || fault)
                .Select(x => (Toolkit: Toolkit(view, request, x.Cuda, x.Fit?.Name == "forward" || fault, request.Compiles), x.Cuda))
                .Select(x => (x.Toolkit, Cudnn: x.Toolkit is { } t && CudnnOfPackages(view, request, components, build, t) is { } own ? (true, own) : NeededCudnn(view, request, components, build, x.Cuda, fault && request.Cudnn is not null)))
                .FirstOrDefault(p => p.Toolkit is not null && p.Cudnn.Found);
            if (pair.Toolkit is null)
                return null;
            plan = plan with { Toolkit = pair.Toolkit.Value.Text, Cudnn = pair.Cudnn.Version?.Text };
        }
        else if (NeededCudnn(view, request, components, build, cuda, way.Fault && !request.Compiles && request.Cudnn is not null) is var needed)
        {
            if (!needed.Found)
                return null;
            plan = plan with { Cudnn = needed.Version?.Text };
        }

        var newestServed = serves is null || serves.Contains(served!.MaxBy(c => new Num(c))!);
        return (plan with { Compatibility = fit.Value.Name }, new Rank(newestServed, serves?.Count ?? 0, native, build.Version, fit.Value.Name switch { "full" => 2, "minor" => 1, _ => 0 }, -build.Known, cuda));
    }

    private (bool Found, Num? Version) NeededCudnn(OracleView view, ORequest request, string[] components, OBuild build, Num cuda, bool fault)
    {
        if (!components.Contains("cudnn"))
            return (true, null);
        var cudnn = NewestCudnn(view, request, cuda) ?? (fault ? Faulty(view, request, cuda) : null);
        return (cudnn is { } found && (build.Cudnn is not { } own || own.Major != found.Major || found[1] >= own[1]), cudnn);
    }

    // Where something is compiled and the toolkit comes as packages, on Linux the cuDNN is the one that torch pins in the same folder.
    private Num? CudnnOfPackages(OracleView view, ORequest request, string[] components, OBuild build, Num toolkit)
    {
        if (!request.Compiles || request.Packaging is not (null or "pip" or "uv") || request.Components?.Contains("toolkit") == false || !components.Contains("cudnn") || request.Cudnn is not null
            || view.BuildSystem == "windows" || build.Cudnn is not { } own || !new Num(build.Tag![2..^1] + "." + build.Tag[^1]).Same(toolkit.Minor))
            return null;
        var platform = "linux" + (view.Arch == "aarch64" ? "-sbsa" : "-x86_64");
        return facts.PipToolkits.Contains((toolkit.Text, platform))
            && facts.Cudnns.Any(c => c.Version.Same(own) && OracleCheck.Contains(c.Cuda, toolkit.Minor) && (c.Platforms is null || c.Platforms.Contains(platform)))
            && !OracleCudnn.Errors(facts, view, own, toolkit.Minor).Any() ? own : null;
    }

    private OBest ToolkitAlone(OracleView view, ORequest request, string[] components)
    {
        if (view.Capabilities.OfType<string>().Any(c => DriverStops(view, c)))
            return new OBest("refused");
        foreach (var toolkit in Toolkits(view).Where(t => t.Version.Parts > 2 && t.Kind is ("ga" or "update") && Wanted(request.Toolkit, t.Version)).Select(t => t.Version))
        {
            if (Fit(view, toolkit.Minor, request.Policy) is not { } fit || fit.Name != "forward" && !view.RunsToolkit(toolkit)
                || view.Capabilities.OfType<string>().Any(c => !_check.Targets(toolkit, c)) || !_check.Compiler(view, toolkit))
                continue;
            var cudnn = components.Contains("cudnn") ? NewestCudnn(view, request, toolkit.Minor) : null;
            if (cudnn is not null || !components.Contains("cudnn"))
                return new OBest("planned", Toolkit: toolkit.Text, Cudnn: cudnn?.Text, Compatibility: fit.Name);
        }

        return new OBest("refused");
    }

    // Those that can be had for the platform before those of which no file is known, newest first.
    private IEnumerable<(Num Version, string Kind, string[]? Platforms)> Toolkits(OracleView view)
    {
        var platform = view.BuildSystem + (view.Arch != "aarch64" ? "-x86_64" : view.BuildSystem == "windows" ? "-arm64" : "-sbsa");
        return facts.Toolkits.OrderByDescending(t => t.Platforms?.Contains(platform) ?? false);
    }

    private Num? Toolkit(OracleView view, ORequest request, Num cuda, bool forward, bool targets) =>
        Toolkits(view).Where(t => t.Version.Minor.Same(cuda.Minor) && t.Kind is ("ga" or "update") && Wanted(request.Toolkit, t.Version)
                && (forward || view.RunsToolkit(t.Version))
                && (!targets || view.Capabilities.OfType<string>().All(c => _check.Targets(t.Version, c)) && _check.Compiler(view, t.Version)))
            .Select(t => (Num?)t.Version).FirstOrDefault();

    private Num? NewestCudnn(OracleView view, ORequest request, Num cuda)
    {
        if (!view.ChosenCudnn.TryGetValue(cuda.Text, out var chosen))
            view.ChosenCudnn.Add(cuda.Text, chosen = FindCudnn(view, request, cuda));
        return chosen;
    }

    // One that is named and has a fault which torch does not meet.
    private Num? Faulty(OracleView view, ORequest request, Num cuda)
    {
        var platform = view.BuildSystem + (view.Arch == "aarch64" ? "-sbsa" : "-x86_64");
        return facts.Cudnns.Where(c => OracleCheck.Contains(c.Cuda, cuda.Minor) && (c.Platforms is null || c.Platforms.Contains(platform)) && Wanted(request.Cudnn, c.Version)).Select(c => (Num?)c.Version).FirstOrDefault();
    }

    private Num? FindCudnn(OracleView view, ORequest request, Num cuda)
    {
        var platform = view.BuildSystem + (view.Arch == "aarch64" ? "-sbsa" : "-x86_64");
        var fitting = facts.Cudnns.Where(c => OracleCheck.Contains(c.Cuda, cuda.Minor) && (c.Platforms is null || c.Platforms.Contains(platform)) && Wanted(request.Cudnn, c.Version) && (IsExact(request.Cudnn) || !_bad.Has(view, "cudnn", c.Version, cuda)) && !OracleCudnn.Errors(facts, view, c.Version, cuda.Minor).Any()).Select(c => c.Version).ToList();
        // One that a matrix says serves every GPU before one of which none says.
        var capabilities = view.Capabilities.OfType<string>().ToList();
        return fitting.Select(c => (Num?)c).FirstOrDefault(c => capabilities.TrueForAll(g => OracleCudnn.Proves(facts, c!.Value, cuda.Minor, g))) ?? fitting.Select(c => (Num?)c).FirstOrDefault();
    }

    private (bool Found, Num? Version) Partner(OracleView view, OBuild torch, string package, string? wanted, string[] components)
    {
        if (!components.Contains(package))
            return (true, null);
        var pair = facts.Pairs[(torch.Version.Text, package)]
            .Where(p => (p.Packaging is null || p.Packaging == torch.Packaging) && Wanted(wanted, p.Version))
            .OrderByDescending(p => p.PreferredTags.Contains(torch.Tag)).ThenByDescending(p => p.Preferred).ThenByDescending(p => p.Version)
            .FirstOrDefault(p => _check.Companion(view, package, p.Version, torch) is { } build && OracleCheck.HasPlace(view, build));
        return (pair is not null, pair?.Version);
    }

    private (string Name, OFit Fit)? Fit(OracleView view, Num cuda, string? policy) => view.Runs(cuda) switch
    {
        OFit.Full => ("full", OFit.Full),
        OFit.Unknown => ("full", OFit.Unknown),
        OFit.Minor when policy != "strict" => ("minor", OFit.Minor),
        OFit.No when policy == "forward" && Forward(view, cuda) => ("forward", OFit.Full),
        _ => null,
    };

    private bool Forward(OracleView view, Num cuda) =>
        view is { Driver: not null, OnlyMaxCuda: false, Tegra: false } && view.Machine.Os == "linux" && view.Machine.Gpus is { Length: > 0 } gpus && gpus.All(g => g.Name is not null && facts.Gpus.TryGetValue(g.Name, out var row) && row.Forward)
        && facts.Forward.GetValueOrDefault((cuda.Minor.Text, view.Branch)) == "compatible";

    private bool Bundled(OracleView view, OBuild build, Num cuda, string capability) =>
        build.Cudnn is not { } cudnn || !OracleCudnn.Excludes(facts, cudnn, cuda.Minor, capability);

    private bool DriverStops(OracleView view, string capability) => _check.Judge(view, new OStack { Cudnn = "9.10.2" }).Errors is { } errors && (errors.Contains("driver-drops-gpu", StringComparison.Ordinal) || errors.Contains("open-kernel-module", StringComparison.Ordinal));

    /// <summary>The compute capabilities that the driver's branch serves: what a machine with unknown GPUs stands for.</summary>
    private List<string> ServedByBranch(OracleView view) => [.. facts.Architectures.Values
        .Where(a => !a.Tegra && (view.Driver is null || (a.FirstBranch ?? 0) <= view.Branch && (a.LastBranch ?? int.MaxValue) >= view.Branch)).Select(a => a.Capability.Text)];

    private static bool IsExact(string? spec) => spec is not null && char.IsAsciiDigit(spec[0]) && new Num(spec).Parts > 2;

    private static bool Wanted(string? spec, Num version)
    {
        if (spec is null)
            return true;
        if (char.IsAsciiDigit(spec[0]))
            return new Num(spec) is { Parts: > 2 } exact ? version.Same(exact) || version.StartsWith(exact) && version.Parts == 4 : version.StartsWith(new Num(spec));
        return spec.Split(',').All(clause => clause.StartsWith(">=", StringComparison.Ordinal) ? version >= new Num(clause[2..]) : version < new Num(clause[1..]));
    }

    /// <summary>What a way to choose allows.</summary>
    private sealed record Way(bool Ptx, bool AnyCudnn, bool OtherCuda, bool Fault);

    private static Num TagOrNumber(string cuda) => cuda.StartsWith("cu", StringComparison.Ordinal) ? OracleCheck.CudaOf(cuda)!.Value : new Num(cuda);

    /// <summary>The choice rule, each part before the next.</summary>
    private sealed record Rank(bool NewestServed, int Served, bool Native, Num Torch, int Fit, int Known, Num Cuda) : IComparable<Rank>
    {
        public int CompareTo(Rank? other)
        {
            int[] parts = [NewestServed.CompareTo(other!.NewestServed), Served.CompareTo(other.Served), Native.CompareTo(other.Native), Torch.CompareTo(other.Torch), Fit.CompareTo(other.Fit), Known.CompareTo(other.Known), Cuda.CompareTo(other.Cuda)];
            return parts.FirstOrDefault(p => p != 0);
        }
    }
}
