using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>Applies every rule to a combination on a machine and keeps every cause.</summary>
internal static class StackJudge
{
    /// <summary>The causes found; errors make the verdict incompatible, undecided ones without an error make it unknown.</summary>
    public static List<Cause> Judge(MachineFacts machine, StackDocument stack, Policy policy = Policy.Minor)
    {
        var causes = new List<Cause>();
        var aboutTorch = stack.Torch is not null || stack.CudaTag is not null;
        causes.AddRange(MachineRule.Of(machine, aboutTorch));
        Judge(machine, stack, policy, causes, onlyWhether: false);
        return causes;
    }

    /// <summary>True where no rule finds anything against it. Remedies ask this a thousand times, so it stops at the first part that fails.</summary>
    public static bool Works(MachineFacts machine, StackDocument stack, Policy policy = Policy.Minor)
    {
        var causes = new List<Cause>();
        Judge(machine, stack, policy, causes, onlyWhether: true);
        return !causes.Exists(IsAgainst);
    }

    private static bool IsAgainst(Cause cause) => cause.Severity == Severity.Error || cause.Undecided;

    private static void Judge(MachineFacts machine, StackDocument stack, Policy policy, List<Cause> causes, bool onlyWhether)
    {
        if (machine.BuildOs == OperatingSystemFamily.MacOS)
        {
            // What there is for macOS is not in the data, so nothing more can be said of it.
            Add(causes, PlatformRule.Of(machine, wantsCuda: true));
            return;
        }

        var packaging = stack.Packaging ?? Packaging.Pip;
        var build = stack.Torch is { } torch ? FindBuild(machine, torch, stack.CudaTag, packaging, causes) : null;
        var wantsCuda = build?.Cuda is not null || stack.Torch is null && (stack.CudaTag is { IsCpu: false } || stack.Toolkit is not null || stack.Cudnn is not null) || stack.Torch is not null && build is null && stack.CudaTag is not { IsCpu: true };
        Add(causes, PlatformRule.Of(machine, wantsCuda));
        if (machine.Gpus is { Length: 0 } && wantsCuda)
            causes.Add(new NoNvidiaGpu { Subject = "machine", Severity = stack.Torch is null ? Severity.Info : Severity.Error });
        if (wantsCuda && machine.NothingKnown)
            causes.Add(new DriverUnknown { Subject = "machine", Severity = Severity.Info, Cuda = build?.Cuda, Minimum = null, DriverOs = machine.Drivers.Os, Undecided = true });
        if (onlyWhether && causes.Exists(IsAgainst))
            return;
        if (build is not null)
            JudgeTorch(machine, stack, build, policy, causes);
        else
            JudgeCards(machine, wantsCuda, causes);
        if (onlyWhether && causes.Exists(IsAgainst))
            return;
        if (stack.Toolkit is { } toolkit)
            JudgeToolkit(machine, stack, toolkit, build, policy, causes);
        if (stack.Cudnn is { } cudnn)
            JudgeCudnn(machine, stack, cudnn, build, causes);
    }

    /// <summary>
    /// The first rule that stops a build of torch on a machine, in the order in which a person would meet them, one that lacks a fact only where
    /// none decides; null where none does.
    /// </summary>
    public static Cause? FirstAgainst(MachineFacts machine, TorchBuild build, Policy policy, bool allowPtx)
    {
        if (BuildRule.Of(machine, build) is { } existence)
            return existence;
        if (build.Cuda is not { } cuda)
            return null;
        var fit = DriverFit.Of(machine, cuda, policy);
        if (DriverRule.Of(machine, cuda, build.ToString(), policy, fit) is { } driver)
            return driver;
        Cause? undecided = null;
        foreach (var gpu in machine.Gpus ?? [])
        {
            var code = GpuCodeRule.Of(machine, build, gpu, allowPtx && fit.Mode is (DriverFitMode.Full or DriverFitMode.Unknown));
            if (code is { Undecided: true })
                undecided ??= code;
            else if (code is { Severity: Severity.Error })
                return code;
            if (CudnnRule.OfBundled(build, gpu) is { } bundled)
                return bundled;
        }

        return undecided ?? (machine.Gpus is null && build.Code is null
            ? new GpuNotInBuild { Subject = build.ToString(), Gpu = new GpuFacts(0, "any GPU", null, [], null, -1, null, null), Native = [], Ptx = [], Undecided = true, Severity = Severity.Info, Sources = build.Row.Sources }
            : null);
    }

    /// <summary>The driver against every card to be served: what no choice of build can mend.</summary>
    public static Cause? FirstAgainstCards(MachineFacts machine)
    {
        foreach (var gpu in machine.Gpus ?? [])
        {
            if (DriverGpuRule.All(machine, gpu).FirstOrDefault(c => c.Severity == Severity.Error) is { } cause)
                return cause;
        }

        return null;
    }

    private static TorchBuild? FindBuild(MachineFacts machine, PackageVersion torch, CudaTag? tag, Packaging packaging, List<Cause> causes)
    {
        var builds = machine.Matrix.Builds;
        if (torch.Label is { } label && CudaTag.TryParse(label, out var labelled))
        {
            if (tag is { } other && other != labelled)
            {
                causes.Add(new NoSuchBuild { Subject = $"torch {torch}", Package = "torch", Version = torch.ToString(), Tag = other, Packaging = packaging, Os = machine.BuildOs, Arch = machine.Arch, VersionExists = true, OtherTags = [labelled] });
                return null;
            }

            tag = labelled;
        }

        var found = tag is { } asked
            ? builds.Find(torch, asked, packaging, machine.BuildOs, machine.Arch)
            : builds.For(packaging, machine.BuildOs, machine.Arch).Default(torch);
        if (found is null)
            causes.Add(tag is null && packaging != Packaging.Pip && builds.KnowsTorch(torch)
                ? new FactMissing("no-such-build") { Subject = $"torch {torch}", Fact = "cudaTag", Severity = Severity.Info, Undecided = true }
                : BuildRule.Missing(machine, torch, tag, packaging));
        else if (found.Tag.IsCpu && machine.Gpus is not { Length: 0 })
            causes.Add(new CpuOnlyBuild { Subject = found.ToString(), Build = found.ToString(), ByDefault = tag is null, Os = machine.BuildOs, Arch = machine.Arch, Severity = tag is null ? Severity.Error : Severity.Warning, Sources = found.Row.Sources });
        return found;
    }

    private static void JudgeTorch(MachineFacts machine, StackDocument stack, TorchBuild build, Policy policy, List<Cause> causes)
    {
        Add(causes, BuildRule.Of(machine, build));
        Add(causes, BuildRule.GlibcOf(machine, build.Row, build.ToString()));
        if (build.Cuda is { } cuda)
        {
            var fit = DriverFit.Of(machine, cuda, policy);
            if (fit.Mode == DriverFitMode.Unknown && !machine.NothingKnown && machine.Gpus is not { Length: 0 })
                causes.Add(DriverRule.Unknown(machine, cuda, build.ToString()));
            Add(causes, DriverRule.Of(machine, cuda, build.ToString(), policy, fit));
            foreach (var gpu in machine.Gpus ?? [])
            {
                AddAll(causes, DriverGpuRule.All(machine, gpu));
                Add(causes, GpuCodeRule.Of(machine, build, gpu, allowPtx: true));
                if (CudnnRule.OfBundled(build, gpu) is { } bundled)
                    causes.Add(bundled with { Severity = Severity.Warning });
            }
        }

        if (stack.Torchvision is { } torchvision)
            AddAll(causes, CompanionRule.OfNamed(machine, build, "torchvision", torchvision));
        if (stack.Torchaudio is { } torchaudio)
            AddAll(causes, CompanionRule.OfNamed(machine, build, "torchaudio", torchaudio));
    }

    private static void JudgeCards(MachineFacts machine, bool wantsCuda, List<Cause> causes)
    {
        if (!wantsCuda)
            return;
        foreach (var gpu in machine.Gpus ?? [])
        {
            AddAll(causes, DriverGpuRule.All(machine, gpu));
            if (gpu.Capability is null)
                causes.Add(new GpuUnknown { Subject = gpu.Name, Name = gpu.Name, Alternatives = gpu.Alternatives, Undecided = true, Severity = Severity.Info });
        }
    }

    private static void JudgeToolkit(MachineFacts machine, StackDocument stack, CudaVersion toolkit, TorchBuild? build, Policy policy, List<Cause> causes)
    {
        if (ToolkitRule.Exists(machine, toolkit) is { } missing)
        {
            causes.Add(missing);
            return;
        }

        // nvcc and its limits matter where something is compiled, or where the toolkit is what the stack is for.
        var severity = stack.Compiles || stack.Torch is null ? Severity.Error : Severity.Warning;
        Add(causes, ToolkitRule.OfDriver(machine, toolkit, policy));
        foreach (var gpu in machine.Gpus ?? [])
            Add(causes, ToolkitRule.OfGpu(toolkit, gpu, severity));
        if (build is not null)
            Add(causes, ToolkitRule.OfTorch(toolkit, build, severity));
        if (stack.Compiles || stack.Torch is null)
            causes.AddRange(ToolkitRule.OfCompilers(machine, toolkit, severity));
    }

    private static void JudgeCudnn(MachineFacts machine, StackDocument stack, DottedVersion cudnn, TorchBuild? build, List<Cause> causes)
    {
        var table = machine.Matrix.Cudnn;
        if (!table.Knows(cudnn))
        {
            causes.Add(cudnn > table.Releases[0].Version
                ? new NewerThanData { Subject = $"cuDNN {cudnn}", Component = "cuDNN", NewestKnown = table.Releases[0].Version.ToString(), Undecided = true, Severity = Severity.Info }
                : new NoSuchCudnn { Subject = $"cuDNN {cudnn}", Asked = cudnn.ToString() });
            return;
        }

        if (build is not null)
            Add(causes, CudnnRule.OfShadow(build, cudnn));
        // Beside torch alone it counts only where torch would load it in place of its own: the same major. What a build brings is not always known.
        var cuda = stack.Toolkit ?? (build?.Row.Cudnn is { } bundled && bundled.Major == cudnn.Major ? build.Cuda : null);
        if (cuda is not { } version)
            return;
        var cudaIs = stack.Toolkit is { } toolkit ? $"toolkit {toolkit}" : build!.ToString();
        if (CudnnRule.OfCuda(machine, cudnn, version, cudaIs) is { } mismatch)
        {
            causes.Add(mismatch);
            return;
        }

        foreach (var gpu in machine.Gpus ?? [])
        {
            var service = CudnnRule.OfGpu(machine, cudnn, version, gpu);
            Add(causes, service);
            if (service is not { Severity: Severity.Error })
                Add(causes, CudnnRule.OfDriver(machine, cudnn, version, gpu));
        }

        if (machine.Gpus is null or { Length: 0 })
            Add(causes, CudnnRule.OfDriver(machine, cudnn, version, null));
    }

    private static void Add(List<Cause> causes, Cause? cause)
    {
        if (cause is not null && !causes.Contains(cause))
            causes.Add(cause);
    }

    private static void AddAll(List<Cause> causes, IEnumerable<Cause> found)
    {
        foreach (var cause in found)
            Add(causes, cause);
    }
}
