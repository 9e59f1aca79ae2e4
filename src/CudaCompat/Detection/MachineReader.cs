using CudaCompat.Detection.Text;
using CudaCompat.Machines;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Detection;

/// <summary>What a pasted text says of a machine: the machine, or the failure that the text is.</summary>
public sealed record MachineReading
{
    internal MachineReading(DriverInfo? machine, DetectionFailure? failure, NvidiaSmiResult facts)
    {
        Machine = machine;
        Failure = failure;
        Facts = facts;
    }

    /// <summary>The machine; null where the text states no facts.</summary>
    public DriverInfo? Machine { get; }

    /// <summary>What went wrong on that machine; null where the text states facts.</summary>
    public DetectionFailure? Failure { get; }

    /// <summary>The facts as the text states them.</summary>
    internal NvidiaSmiResult Facts { get; }

    /// <summary>True where nothing in the text shows the operating system, so that the driver's number may still decide it.</summary>
    public bool SystemIsAssumed { get; init; }

    /// <summary>How the sentence begins that says so.</summary>
    internal const string NothingShows = "The operating system was taken to be Linux: nothing in the text";
}

/// <summary>Makes a machine of text that was printed on it. The host's own system is never mixed in.</summary>
public static class MachineReader
{
    /// <summary>
    /// The machine that printed <paramref name="text"/>, any form of nvidia-smi's output. What the text does not say is assumed as the contract says,
    /// each assumption one sentence in <see cref="DriverInfo.Assumptions"/>.
    /// </summary>
    /// <param name="text">Output of nvidia-smi as pasted.</param>
    /// <param name="operatingSystem">The operating system where the caller knows it.</param>
    /// <param name="architecture">The processor architecture where the caller knows it.</param>
    public static MachineReading FromNvidiaSmi(string text, OperatingSystemFamily? operatingSystem = null, CpuArchitecture? architecture = null)
    {
        var facts = NvidiaSmiText.Parse(text);
        if (!facts.HasFacts && facts.Tools is null)
            return new MachineReading(null, facts.Failure, facts);

        var assumptions = new List<string>();
        var gpus = facts.Gpus?.Any(g => g.IsIdentified) == true ? facts.Gpus.Select(g => g.ToGpu()).ToArray() : null;
        var arm = gpus?.Select(g => ArmGpu(g.Name)).FirstOrDefault(a => a is not null);
        if (gpus is null && (facts.Gpus?.Count ?? facts.AttachedGpus) is > 0 and var count)
            assumptions.Add($"The text has {count} GPUs but does not name them; they count as not known.");
        var others = assumptions.Count;
        var system = operatingSystem ?? System(facts, assumptions);
        var machine = new DriverInfo
        {
            OperatingSystem = system,
            IsSystemAssumed = assumptions.Count > others,
            Architecture = architecture ?? facts.Architecture ?? facts.Tools?.Architecture ?? Processor(gpus, arm, assumptions),
            Tegra = arm is { Tegra: true } ? true : gpus is null ? null : false,
            Driver = facts.Driver,
            KernelModule = facts.KernelModule,
            MaxCuda = facts.MaxCuda,
            Gpus = gpus,
            GpusListedByDriver = gpus is { Length: > 0 } && !facts.CardsByProgram && (facts.Forms & ~(NvidiaSmiForms.KernelModule | NvidiaSmiForms.Version)) != 0,
            Assumptions = assumptions,
        };
        return new MachineReading(WithTools(WithEnvironment(machine, facts.Environment), facts.Tools), null, facts)
        {
            SystemIsAssumed = operatingSystem is null && assumptions.Exists(a => a.StartsWith(MachineReading.NothingShows, StringComparison.Ordinal)),
        };
    }

    /// <summary>The row of the first word in <paramref name="name"/> that means an ARM processor; null where there is none.</summary>
    internal static ArmGpuRow? ArmGpu(string? name)
    {
        if (name is null)
            return null;
        var words = name.Split([' ', '-', '(', ')', '/', ','], StringSplitOptions.RemoveEmptyEntries);
        return CuratedFacts.ArmGpus.FirstOrDefault(row => words.Contains(row.Word, StringComparer.OrdinalIgnoreCase));
    }

    private static OperatingSystemFamily System(NvidiaSmiResult facts, List<string> assumptions)
    {
        if (facts.Environment?.OperatingSystem is { } stated)
            return stated;
        if (facts.Tools?.OperatingSystem is { } printed)
            return printed;
        if (facts.ShowsWindows)
        {
            if (facts.ShowsWsl)
                assumptions.Add("The operating system was taken to be Windows for its driver model, but a persistence mode stands beside it, as in WSL: if this is WSL, say so with --os wsl.");
            else if (!facts.Gpus?.Any(g => g.DriverModel is not null) ?? true)
                assumptions.Add("The operating system was taken to be Windows, from the prompt or the column headings in the text.");
            return OperatingSystemFamily.Windows;
        }

        if (facts.ShowsWsl)
        {
            assumptions.Add($"The operating system was taken to be WSL: nvidia-smi is {facts.NvidiaSmiVersion} and the driver {facts.Driver}, which is the Windows driver's number.");
            return OperatingSystemFamily.Wsl;
        }

        assumptions.Add(MachineReading.NothingShows + " shows Windows or WSL.");
        return OperatingSystemFamily.Linux;
    }

    private static CpuArchitecture Processor(Gpu[]? gpus, ArmGpuRow? arm, List<string> assumptions)
    {
        if (arm is not null)
        {
            assumptions.Add($"The processor was taken to be aarch64, because {gpus!.First(g => ArmGpu(g.Name) == arm).Name} comes with an ARM processor.");
            return CpuArchitecture.Arm64;
        }

        assumptions.Add("The processor was taken to be x86_64: the text does not name it.");
        return CpuArchitecture.X64;
    }

    private static DriverInfo WithEnvironment(DriverInfo machine, CollectEnvFacts? environment)
    {
        if (environment is null)
            return machine;
        return machine with
        {
            Python = FieldSpelling.Python.TryRead(environment.PythonLine ?? environment.Python, out var python) ? PythonVersion.Parse(python!) : null,
            Glibc = environment.LibcLine?.StartsWith("glibc-", StringComparison.Ordinal) == true && DottedVersion.TryParse(environment.LibcLine[6..], out var glibc) ? glibc : null,
            Gcc = LastWordVersion(environment.GccLine),
            Installed = new InstalledComponents
            {
                Torch = PackageVersion.TryParse(environment.TorchVersion, out var torch) ? torch : null,
                Torchvision = PackageVersion.TryParse(environment.Torchvision, out var vision) ? vision : null,
                Torchaudio = PackageVersion.TryParse(environment.Torchaudio, out var audio) ? audio : null,
                Toolkits = CudaVersion.TryParse(environment.CudaRuntimeVersion, out var toolkit) ? [toolkit.MajorMinor] : null,
                Nvcc = CudaVersion.TryParse(environment.CudaRuntimeVersion, out var nvcc) ? nvcc : null,
                CudaTag = CudaVersion.TryParse(environment.TorchBuiltCuda, out var built) ? CudaTag.Of(built) : null,
            },
        };
    }

    private static DriverInfo WithTools(DriverInfo machine, ToolOutput? tools)
    {
        if (tools is null)
            return machine;
        var installed = machine.Installed ?? new InstalledComponents();
        return machine with
        {
            Python = machine.Python ?? tools.Python,
            Gcc = machine.Gcc ?? tools.Gcc,
            Clang = machine.Clang ?? tools.Clang,
            Glibc = machine.Glibc ?? tools.Glibc,
            Msvc = machine.Msvc ?? tools.Msvc,
            Installed = installed with
            {
                Torch = installed.Torch ?? tools.Torch,
                Torchvision = installed.Torchvision ?? tools.Torchvision,
                Torchaudio = installed.Torchaudio ?? tools.Torchaudio,
                Toolkits = installed.Toolkits ?? (tools.Nvcc is { } nvcc ? [nvcc.MajorMinor] : null),
                Nvcc = installed.Nvcc ?? tools.Nvcc,
                CudaTag = installed.Torch is null ? tools.CudaTag : installed.CudaTag,
                Packaging = installed.Torch is null ? tools.Packaging : installed.Packaging,
            },
        };
    }

    private static DottedVersion? LastWordVersion(string? line) =>
        line is not null && DottedVersion.TryParse(line.TrimEnd().Split(' ')[^1], out var version) ? version : null;
}
