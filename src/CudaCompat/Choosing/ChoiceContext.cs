using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Resolution;
using CudaCompat.Resolution.Answers;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Choosing;

/// <summary>
/// A machine on which builds are judged. The rules run twice: at once for the verdict alone, which allocates nothing, and again with their
/// causes where
/// somebody asks why. Both are one code, so that they cannot differ.
/// </summary>
internal sealed class ChoiceContext
{
    private readonly string? _stopping;
    private readonly ulong _branch;

    public ChoiceContext(MachineFacts machine)
    {
        Machine = machine;
        if (machine.Gpus is null && machine.StatedDriver is { } driver)
            _branch = machine.Matrix.Architectures.ServedByBranch(machine.Drivers.BranchOf(driver));
        foreach (var gpu in machine.Gpus ?? [])
        {
            foreach (var cause in DriverGpuRule.All(machine, gpu))
                _stopping ??= cause.Severity == Severity.Error ? cause.Rule : null;
        }
    }

    public MachineFacts Machine { get; }

    public JudgedBuild Judge(CudaBuild build) => new(this, build, Of(build, null));

    public IReadOnlyList<Finding> Told(CudaBuild build)
    {
        var causes = new Causes();
        Of(build, causes);
        foreach (var note in build.Readings)
            causes.Add(Assumed.Of(note, Severity.Info));
        return CheckAnswer.Findings(causes);
    }

    public IReadOnlyList<Finding> OfMachine()
    {
        var settled = GivenValues.Settle(Machine.Matrix, Machine.Document);
        var question = new Question { Machine = MachineFacts.Of(Machine.Matrix, settled) };
        return CheckAnswer.Findings(RuleBook.OfMachine(question));
    }

    private Judgement Of(CudaBuild build, Causes? told)
    {
        var found = default(Judgement);
        Platform(build, ref found, told);
        if (build.Cuda is not { } cuda)
        {
            if (found.Verdict == BuildVerdict.Runs && Machine.Gpus is not { Length: 0 } && Machine.BuildOs != OperatingSystemFamily.MacOS)
                found.Verdict = BuildVerdict.WithoutGpu;
            return found;
        }

        if (Machine.BuildOs == OperatingSystemFamily.MacOS)
        {
            found.Stop("platform-not-covered");
            told?.Add(new NoCudaOnMacOS { Subject = build.Name });
            return found;
        }

        if (Machine.Gpus is { Length: 0 })
        {
            found.Stop("no-nvidia-gpu");
            told?.Add(new NoNvidiaGpu { Subject = build.Name });
            return found;
        }

        if (Machine.NothingKnown)
        {
            found.LeaveOpen("driver-unknown");
            told?.Add(new MachineUnknown { Subject = build.Name, Severity = Severity.Info, Undecided = true });
            return found;
        }

        if (_stopping is not null)
        {
            found.Stop(_stopping);
            told?.AddAll(DriverGpuRule.Stopping(Machine));
        }

        Driver(build, cuda, ref found, told);
        foreach (var gpu in Machine.Gpus ?? [])
            Card(build, cuda, gpu, ref found, told);
        if (Machine.Gpus is null && build.Sass is { } sass)
            found.Served = Machine.Matrix.Architectures.ServedNatively(sass) & _branch;
        if (build.Sass is null && build.Ptx is null)
        {
            found.LeaveOpen("not-in-data");
            told?.Add(new CodeNotListed { Subject = build.Name, Severity = Severity.Info, Undecided = true });
        }

        Cudnn(build, cuda, ref found, told);
        return found;
    }

    private void Platform(CudaBuild build, ref Judgement found, Causes? told)
    {
        var system = build.OperatingSystem == OperatingSystemFamily.Wsl ? OperatingSystemFamily.Linux : build.OperatingSystem;
        if (system is not null && system != Machine.BuildOs || build.Architecture is { } arch && arch != Machine.Arch)
        {
            found.Stop("os-unsupported");
            told?.Add(new BuildForElsewhere
            {
                Subject = build.Name,
                Os = system == Machine.BuildOs ? null : system,
                Arch = build.Architecture == Machine.Arch ? null : build.Architecture,
                Machine = Machine,
            });
        }

        if (build.Glibc is { } needed && Machine.Document.Glibc is { } has && has < needed
            && Machine.BuildOs == OperatingSystemFamily.Linux)
        {
            found.Stop("glibc-too-old");
            told?.Add(new GlibcTooOld { Subject = build.Name, Has = has, Needed = needed });
        }
        else if (build.Glibc is not null && Machine.Document.Glibc is null && Machine.BuildOs == OperatingSystemFamily.Linux)
        {
            told?.Add(FactMissing.Of("glibc"));
        }
    }

    private void Driver(CudaBuild build, CudaVersion cuda, ref Judgement found, Causes? told)
    {
        var fit = DriverFit.Of(Machine, cuda, Policy.Minor);
        found.Mode = fit.Mode;
        if (fit.Mode == DriverFitMode.TooOld)
        {
            found.Stop("driver-too-old");
            told?.Add(new DriverTooOld
            {
                Subject = build.Name,
                Cuda = cuda,
                Gap = DriverGap.Of(Machine, fit.Minimum),
                Sources = fit.Sources,
            });
        }
        else if (fit.Mode == DriverFitMode.Unknown)
        {
            told?.Add(DriverRule.Unknown(Machine, cuda, build.Name));
        }
        else if (fit.Mode == DriverFitMode.Minor)
        {
            told?.Add(new RunsByMinorVersion
            {
                Subject = build.Name,
                Severity = Severity.Info,
                Cuda = cuda,
                Compiles = false,
                Gap = DriverGap.Of(Machine, Machine.Drivers.LowestReporting(cuda)?.From),
                Sources = fit.Sources,
            });
        }

        if (build.Compression is { } compression && DeviceCodeFacts.FirstCudaOf(compression) is { } first
            && Machine.ReportedCuda is { } reported && reported < first.Cuda)
        {
            found.Stop("driver-too-old");
            told?.Add(new CompressionTooNew
            {
                Subject = build.Name,
                Compression = compression,
                Needed = first.Cuda,
                Gap = DriverGap.Of(Machine, Machine.Drivers.LowestReporting(first.Cuda)?.From),
                Sources = first.Sources,
            });
        }
    }

    private void Card(CudaBuild build, CudaVersion cuda, GpuFacts gpu, ref Judgement found, Causes? told)
    {
        found.Cards++;
        if (gpu.Capability is not { } capability)
        {
            Chips(build, gpu, ref found, told);
            return;
        }

        if (gpu.Architecture?.LibrariesFrom is { } needed && cuda < needed)
        {
            found.Stop("libraries-too-old-for-gpu");
            told?.Add(new LibrariesTooOldForGpu
            {
                Subject = build.Name,
                Gpu = gpu,
                Cuda = cuda,
                Needed = needed,
                Sources = gpu.Architecture.Sources,
            });
        }
        else if (build.Sass is null && build.Ptx is null)
        {
            if (gpu.Architecture is { } architecture && ProgramRule.OfRange(cuda, gpu, build.Name) is { } range && !cuda.IsMajorOnly)
            {
                found.Stop(range.Rule);
                told?.Add(range with { Sources = architecture.Sources });
            }
        }
        else if (build.Sass is not { } sass || !DeviceCodeRules.RunsNatively(Machine.Matrix.Architectures, sass, capability))
        {
            Ptx(build, cuda, gpu, capability, ref found, told);
        }
    }

    private void Ptx(CudaBuild build, CudaVersion cuda, GpuFacts gpu, ComputeCapability capability, ref Judgement found, Causes? told)
    {
        found.PtxCards++;
        if (build.Ptx is not { } ptx || !DeviceCodeRules.CompilesFor(ptx, capability))
        {
            found.Stop("gpu-not-in-build");
            told?.Add(new NoCodeForGpu { Subject = build.Name, Gpu = gpu, Build = build });
        }
        else if (Machine.ReportedCuda is { } reported && reported < cuda.MajorMinor)
        {
            found.Stop("ptx-needs-newer-driver");
            told?.Add(new PtxNeedsNewerDriver
            {
                Subject = build.Name,
                Gpu = gpu,
                Cuda = cuda,
                ReportedCuda = reported,
                Minimum = Machine.Drivers.LowestReporting(cuda)?.From,
            });
        }
        else if (told is not null)
        {
            told.Add(new RunsByPtx { Subject = build.Name, Gpu = gpu, Severity = Severity.Warning });
            if (cuda.IsMajorOnly && Machine.ReportedCuda is { } own && own.Major == cuda.Major)
                told.Add(new MinorNotKnown { Subject = build.Name, Severity = Severity.Info, Cuda = cuda, Reported = own });
        }
    }

    // A name that several chips have is judged by each of them; where they disagree, or none is known, nothing decides.
    private void Chips(CudaBuild build, GpuFacts gpu, ref Judgement found, Causes? told)
    {
        int served = 0, byPtx = 0;
        foreach (var chip in gpu.Alternatives)
        {
            var native = build.Sass is { } sass && DeviceCodeRules.RunsNatively(Machine.Matrix.Architectures, sass, chip);
            byPtx += native ? 0 : 1;
            served += native || build.Ptx is { } ptx && DeviceCodeRules.CompilesFor(ptx, chip) ? 1 : 0;
        }

        if (served == 0 && gpu.Alternatives.Length > 0 && (build.Sass ?? build.Ptx) is not null)
        {
            found.Stop("gpu-not-in-build");
            told?.Add(new NoCodeForGpu { Subject = build.Name, Gpu = gpu, Build = build });
        }
        else if (served < gpu.Alternatives.Length || gpu.Alternatives.Length == 0 || byPtx > 0 && Machine.ReportedCuda is { } reported
            && reported < build.Cuda!.Value.MajorMinor)
        {
            found.LeaveOpen("gpu-unknown");
            told?.Add(GpuUnknown.Of(gpu));
        }
        else
        {
            found.PtxCards += (ushort)(byPtx > 0 ? 1 : 0);
        }
    }

    // A release given by its major alone (9) is any of that major.
    private void Cudnn(CudaBuild build, CudaVersion cuda, ref Judgement found, Causes? told)
    {
        if (build.Cudnn is not { Parts: > 1 } cudnn || Machine.Gpus is null)
            return;
        var support = Machine.Matrix.Cudnn.Support(cudnn, cuda);
        foreach (var gpu in Machine.Gpus)
        {
            if (gpu.Capability is { } capability && support.Serves(capability, Machine.Matrix.Architectures) == CudnnService.NotServed)
                found.Stop("cudnn-gpu-unsupported");
            else if (!Machine.Tegra && Machine.Driver is not null
                && support.Floor(Machine.Drivers.Os, gpu.Capability, Machine.Matrix.Architectures) is { } floor
                    && !Machine.DriverMeets(floor.Minimum))
                found.Stop("cudnn-driver-too-old");
            else if (told is null)
                continue;
            told?.Add(CudnnGpuRule.Of(Machine, cudnn, cuda, gpu) ?? CudnnDriverRule.Of(Machine, cudnn, cuda, gpu));
        }
    }
}

/// <summary>macOS has no NVIDIA driver.</summary>
internal sealed record NoCudaOnMacOS : Cause
{
    public override string Rule => "platform-not-covered";

    public override string English() => $"macOS has no NVIDIA driver, so {Subject} does not run there.";
}
