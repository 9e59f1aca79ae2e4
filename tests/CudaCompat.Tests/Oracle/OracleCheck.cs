namespace CudaCompat.Tests.Oracle;

/// <summary>A verdict and the rules that make it.</summary>
internal sealed record OVerdict(string Verdict, string Errors);

/// <summary>Decides a combination by walking through the contract's rules, one after the other.</summary>
internal sealed class OracleCheck(OracleFacts facts)
{
    public OVerdict Check(OMachine machine, OStack stack)
    {
        var readings = OracleView.Of(facts, machine).Select(view => Judge(view, stack)).ToList();
        if (readings.Select(r => r.Verdict).Distinct().Count() > 1)
            return new OVerdict("unknown", "");
        return readings[0] with { Errors = string.Join(' ', readings.SelectMany(r => r.Errors.Split(' ')).Where(e => e.Length > 0).Distinct().Order(StringComparer.Ordinal)) };
    }

    public OVerdict Judge(OracleView view, OStack stack)
    {
        if (view.Machine.Os == "macos")
            return new OVerdict("incompatible", "platform-not-covered");
        var errors = new SortedSet<string>(StringComparer.Ordinal);
        var unknown = false;
        var cuda = Torch(view, stack, errors, ref unknown);
        var unlisted = stack.Torch is not null && BuildOf(view, stack) is null;
        var usesCuda = cuda is not null || unlisted && stack.Tag != "cpu" || stack.Torch is null && (stack.Toolkit is not null || stack.Cudnn is not null);
        if (usesCuda && view.Machine.Gpus is { Length: 0 } && stack.Torch is not null)
            errors.Add("no-nvidia-gpu");
        if (Platform(view, usesCuda) is { } platform)
            errors.Add(platform);
        if (usesCuda)
        {
            unknown |= view.NothingKnown || view.Capabilities.Contains(null);
            foreach (var capability in view.Capabilities.OfType<string>())
                DriverAgainstGpu(view, capability, errors);
        }

        Toolkit(view, stack, cuda, errors, ref unknown);
        Cudnn(view, stack, cuda, errors, ref unknown);
        return new OVerdict(errors.Count > 0 ? "incompatible" : unknown ? "unknown" : "compatible", string.Join(' ', errors));
    }

    /// <summary>macOS, and systems on a chip for which no wheel carries code of their own.</summary>
    public string? Platform(OracleView view, bool usesCuda)
    {
        if (view.Machine.Os == "macos")
            return "platform-not-covered";
        if (!usesCuda || !view.Tegra)
            return null;
        var wheels = facts.Code.Where(c => c.Key is { Packaging: "pip" } k && k.Os == view.BuildSystem && k.Arch == view.Arch).SelectMany(c => c.Value.Native).ToList();
        return view.Capabilities.OfType<string>().Any() && view.Capabilities.All(c => c is null || wheels.Exists(w => RunsOn(w, new Num(c), facts.Architectures.GetValueOrDefault(c)))) ? null : "platform-not-covered";
    }

    /// <summary>The rules of the Python packages; gives the CUDA of the build, null for CPU builds and where there is no torch.</summary>
    private Num? Torch(OracleView view, OStack stack, SortedSet<string> errors, ref bool unknown)
    {
        if (stack.Torch is null)
            return null;
        var packaging = stack.Packaging ?? "pip";
        var version = new Num(stack.Torch);
        var python = view.Machine.Python;
        if (BuildOf(view, stack) is not { } build)
        {
            // What is not in the data is denied only where a source lists all; what can be judged by its CUDA alone is judged.
            if (version > facts.NewestTorch || !MayDenyBuild(view, version, stack.Tag, packaging))
                unknown = true;
            else
                errors.Add("no-such-build");
            if (CudaOf(stack.Tag) is { } tagged)
            {
                if (view.Runs(tagged) == OFit.No)
                    errors.Add("driver-too-old");
                if (view.Capabilities.OfType<string>().Any(c => facts.Architectures.TryGetValue(c, out var gpu) && (gpu.FirstToolkit > tagged || gpu.LastToolkit < tagged)))
                    errors.Add("gpu-not-in-build");
            }

            return CudaOf(stack.Tag);
        }

        var newPython = python is not null && new Num(python) > facts.NewestPython;
        unknown |= newPython;
        python = newPython ? null : python;
        Places(view, build, python, errors);
        foreach (var (package, wanted) in new[] { ("torchvision", stack.Torchvision), ("torchaudio", stack.Torchaudio) })
        {
            if (wanted is null)
                continue;
            var pairs = facts.Pairs[(build.Version.Text, package)].Where(p => p.Packaging is null || p.Packaging == packaging).ToList();
            var newer = build.Version.Same(facts.NewestTorch) && facts.Pairs.Where(p => p.Key.Package == package).SelectMany(p => p).All(p => new Num(wanted) > p.Version);
            if (pairs.Count == 0 || newer || !facts.Lists(package, packaging))
                unknown = true;
            else if (!pairs.Any(p => p.Version.Same(new Num(wanted))))
                errors.Add(package + "-mismatch");
            else if (Companion(view, package, new Num(wanted), build) is { } companion)
                Places(view, companion, python, errors);
            else if (!DefaultOneImports(view, package, new Num(wanted), build))
                errors.Add(package + "-mismatch");
        }

        if (CudaOf(build.Tag) is not { } cuda)
        {
            // The default index gives a CPU build to a machine with a GPU.
            if (stack.Tag is null && view.Machine.Gpus is not { Length: 0 })
            {
                errors.Add("cpu-only-build");
                // Where no CUDA build of the release would serve the GPU either, that is told too.
                var siblings = facts.Builds[("torch", packaging, view.BuildSystem, view.Arch)].Where(b => b.Version.Same(version) && b.Tag != "cpu").OrderByDescending(b => CudaOf(b.Tag)).ToList();
                foreach (var capability in view.Capabilities.OfType<string>())
                {
                    var verdicts = siblings.Select(b => Code(view, b, CudaOf(b.Tag)!.Value, capability, view.Runs(CudaOf(b.Tag)!.Value))).ToList();
                    if (verdicts.Count > 0 && verdicts.TrueForAll(v => v is not ("native" or "ptx" or "unknown")))
                        errors.Add(verdicts[0]);
                }
            }

            return null;
        }

        var fit = view.Runs(cuda);
        if (fit == OFit.No)
            errors.Add("driver-too-old");
        foreach (var capability in view.Capabilities.OfType<string>())
        {
            var verdict = Code(view, build, cuda, capability, fit);
            if (verdict == "unknown")
                unknown = true;
            else if (verdict is not ("native" or "ptx"))
                errors.Add(verdict);
        }

        return cuda;
    }

    private OBuild? BuildOf(OracleView view, OStack stack) => stack.Torch is null ? null : facts.Builds[("torch", stack.Packaging ?? "pip", view.BuildSystem, view.Arch)]
        .FirstOrDefault(b => b.Version.Same(new Num(stack.Torch)) && (stack.Tag is null ? b.Default : b.Tag == stack.Tag));

    /// <summary>Whether it may be said that there is no such build: of a version that some platform has, by a list of the builds; else by a list of the releases.</summary>
    public bool MayDenyBuild(OracleView view, Num version, string? tag, string packaging) =>
        facts.Builds.SelectMany(b => b).Any(b => b.Package == "torch" && b.Version.Same(version))
            ? facts.MayDeny("torch", version, packaging, view.BuildSystem, view.Arch, packaging != "pip" ? null : tag is null ? "default" : "index")
            : facts.MayDeny("torch-release", version);

    /// <summary>The companion's build for the same CUDA tag, or one that serves every tag.</summary>
    public OBuild? Companion(OracleView view, string package, Num version, OBuild torch) =>
        facts.Companions[(package, torch.Packaging, view.BuildSystem, view.Arch, version.Minor.Text)].FirstOrDefault(b => b.Version.Same(version) && (b.Tag is null || b.Tag == torch.Tag));

    /// <summary>Whether the companion that the default index gives takes this torch: torchvision from 0.16 on wants the same major of CUDA, no more.</summary>
    private bool DefaultOneImports(OracleView view, string package, Num version, OBuild torch) => package == "torchvision" && version >= new Num("0.16") && CudaOf(torch.Tag) is { } cuda
        && facts.Companions[(package, torch.Packaging, view.BuildSystem, view.Arch, version.Minor.Text)].Any(b => b.Default && b.Version.Same(version) && CudaOf(b.Tag)?.Major == cuda.Major && HasPlace(view, b));

    public static bool HasPlace(OracleView view, OBuild build) =>
        (view.Machine.Python is not { } python || build.Pythons.Contains(python)) && (view.BuildSystem != "linux" || build.Glibc is not { } needed || view.Machine.Glibc is not { } has || new Num(has) >= needed);

    private static void Places(OracleView view, OBuild build, string? python, SortedSet<string> errors)
    {
        if (python is not null && !build.Pythons.Contains(python))
            errors.Add("python-unsupported");
        if (view.BuildSystem == "linux" && build.Glibc is { } needed && view.Machine.Glibc is { } has && new Num(has) < needed)
            errors.Add("glibc-too-old");
    }

    /// <summary>native, ptx, unknown, or the rule that stops the GPU.</summary>
    public string Code(OracleView view, OBuild build, Num cuda, string capability, OFit fit)
    {
        var gpu = new Num(capability);
        var known = facts.Architectures.GetValueOrDefault(capability);
        if (known?.LibrariesFrom is { } first && cuda < first)
            return "libraries-too-old-for-gpu";
        // Without a list of its code, the first and the last CUDA of the GPU still decide.
        if (!facts.Code.TryGetValue((build.Version.Text, build.Tag!, build.Packaging, build.Os, build.Arch), out var code))
            return known?.FirstToolkit > cuda || known?.LastToolkit < cuda ? "gpu-not-in-build" : "unknown";
        if (code.Native.Any(n => RunsOn(n, gpu, known)))
            return "native";
        var usable = known is { Tegra: false, FirstToolkit: { } toolkit } && toolkit <= cuda && code.Ptx.Any(p => p <= gpu);
        if (!usable)
            return "gpu-not-in-build";
        if (code.Conflict)
            return "unknown";
        return fit is OFit.Full or OFit.Unknown ? "ptx" : "ptx-needs-newer-driver";
    }

    /// <summary>Native code runs on the same major from its minor on; code of systems on a chip on itself alone, as does a target with an a.</summary>
    private bool RunsOn(Num native, Num gpu, OArch? known)
    {
        if (known is { Tegra: true })
            return native.Suffix == "" && (native.Same(gpu) || known.SameAs is { } same && native.Same(same));
        if (native.Suffix == "a")
            return native.Same(gpu);
        var foreign = facts.Architectures.GetValueOrDefault(native.Text) is { Tegra: true };
        return !foreign && native.Major == gpu.Major && native[1] <= gpu[1];
    }

    private void DriverAgainstGpu(OracleView view, string capability, SortedSet<string> errors)
    {
        if (!facts.Architectures.TryGetValue(capability, out var gpu) || gpu.Tegra)
            return;
        if (view is { Driver: not null, OnlyMaxCuda: false, Tegra: false } && (gpu.LastBranch < view.Branch || gpu.FirstBranch > view.Branch))
            errors.Add("driver-drops-gpu");
        if (view.Machine is { KernelModule: "open", Os: "linux" } && gpu.Capability < new Num("7.5"))
            errors.Add("open-kernel-module");
    }

    private void Toolkit(OracleView view, OStack stack, Num? torchCuda, SortedSet<string> errors, ref bool unknown)
    {
        if (stack.Toolkit is null)
            return;
        var toolkit = new Num(stack.Toolkit);
        // Beside a torch that compiles nothing, whatever is wrong with the toolkit is a warning.
        if (!stack.Compiles && stack.Torch is not null)
            return;
        if (!facts.Toolkits.Any(t => t.Version.StartsWith(toolkit)))
        {
            if (toolkit > facts.Toolkits[0].Version || !facts.MayDeny("toolkit", toolkit))
                unknown = true;
            else
                errors.Add("no-such-toolkit");
            return;
        }

        if (!view.RunsToolkit(toolkit))
            errors.Add("toolkit-driver-too-old");
        if (view.Capabilities.OfType<string>().Any(c => !Targets(toolkit, c)))
            errors.Add("toolkit-gpu-unsupported");
        if (!Compiler(view, toolkit))
            errors.Add("host-compiler-unsupported");
        if (stack.Compiles && torchCuda is { } cuda && cuda.Major != toolkit.Major)
            errors.Add("toolkit-torch-mismatch");
    }

    public bool Targets(Num toolkit, string capability)
    {
        if (!facts.Architectures.TryGetValue(capability, out var gpu))
            return true;
        return (gpu.FirstToolkit is null || gpu.FirstToolkit <= toolkit.Minor) && (gpu.LastToolkit is null || toolkit.Minor <= gpu.LastToolkit) || gpu.SameAs is { } same && Targets(toolkit, same.Text);
    }

    public bool Compiler(OracleView view, Num toolkit)
    {
        var system = view.BuildSystem;
        var candidates = new[] { ("gcc", view.Machine.Gcc), ("clang", view.Machine.Clang), ("msvc", view.Machine.Msvc) }.Where(c => c.Item2 is not null && c.Item1 == "msvc" == (system == "windows")).ToList();
        var judged = candidates.Select(c => Accepts(toolkit, system, c.Item1, new Num(c.Item2!))).ToList();
        return judged.Count == 0 || judged.Contains(true) || judged.Contains(null);
    }

    private bool? Accepts(Num toolkit, string system, string compiler, Num version)
    {
        var rows = facts.Compilers.Where(r => r.Os == system && r.Compiler == compiler).ToList();
        var row = rows.FirstOrDefault(r => r.Toolkit.Text == toolkit.Text) ?? rows.FirstOrDefault(r => r.Toolkit.Text == toolkit.Minor.Text);
        if (row is null)
            return null;
        return (row.Min is null || version >= row.Min || row.Min.Value.StartsWith(version)) && (row.Max is null || version <= row.Max || version.StartsWith(row.Max.Value)) && (row.Below is null || version < row.Below);
    }

    private void Cudnn(OracleView view, OStack stack, Num? torchCuda, SortedSet<string> errors, ref bool unknown)
    {
        if (stack.Cudnn is null)
            return;
        var cudnn = new Num(stack.Cudnn);
        var rows = facts.Cudnns.Where(c => c.Version.StartsWith(cudnn) || cudnn.StartsWith(c.Version)).ToList();
        var about = stack.Compiles || stack.Torch is null;
        if (rows.Count == 0)
        {
            var newer = cudnn > facts.Cudnns[0].Version;
            unknown |= about && (newer || !facts.MayDeny("cudnn", cudnn));
            if (about && !newer && facts.MayDeny("cudnn", cudnn))
                errors.Add("no-such-cudnn");
            return;
        }

        // Beside torch alone a cuDNN counts only where torch would load it: the same major as its own.
        var bundled = stack.Torch is null ? null : facts.Builds[("torch", stack.Packaging ?? "pip", view.BuildSystem, view.Arch)].FirstOrDefault(b => b.Version.Same(new Num(stack.Torch)) && (stack.Tag is null ? b.Default : b.Tag == stack.Tag))?.Cudnn;
        if (bundled is { } own && own.Major == cudnn.Major && cudnn[1] < own[1])
            errors.Add("cudnn-shadowed");
        if ((Num.Of(stack.Toolkit) ?? (bundled?.Major == cudnn.Major ? torchCuda : null)) is not { } cuda)
            return;
        // Beside torch a cuDNN for the toolkit is what other programs use.
        if (!about && stack.Toolkit is not null)
            return;
        if (!rows.Any(r => Contains(r.Cuda, cuda.Minor)))
            errors.Add("cudnn-cuda-mismatch");
        else
            errors.UnionWith(OracleCudnn.Errors(facts, view, cudnn, cuda.Minor));
    }

    public static bool Contains(string range, Num cuda) => range.Split(',').Any(part =>
        part.EndsWith('+') ? cuda >= new Num(part[..^1]) : part.EndsWith(".x", StringComparison.Ordinal) ? cuda.Major == new Num(part[..^2]).Major : cuda.Same(new Num(part)));

    public static Num? CudaOf(string? tag) => tag is null or "cpu" ? null : new Num($"{tag[2..^1]}.{tag[^1]}");
}
