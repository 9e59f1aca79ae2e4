using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Text;

/// <summary>The forms that nvidia-smi prints, and their neighbours that people paste in its stead; a text may hold several.</summary>
[Flags]
internal enum NvidiaSmiForms
{
    /// <summary>Nothing known.</summary>
    None = 0,

    /// <summary>The table of plain nvidia-smi, or a part of it.</summary>
    Table = 1,

    /// <summary>nvidia-smi -q.</summary>
    QueryText = 2,

    /// <summary>nvidia-smi -q -x.</summary>
    QueryXml = 4,

    /// <summary>nvidia-smi --query-gpu=… --format=csv, with or without its heading.</summary>
    QueryCsv = 8,

    /// <summary>nvidia-smi -L.</summary>
    List = 16,

    /// <summary>nvidia-smi --version.</summary>
    Version = 32,

    /// <summary>/proc/driver/nvidia/version.</summary>
    KernelModule = 64,

    /// <summary>python -m torch.utils.collect_env.</summary>
    CollectEnv = 128,
}

/// <summary>The facts that a text of nvidia-smi states; null means not in the text.</summary>
internal sealed record NvidiaSmiResult
{
    /// <summary>Which forms were recognised.</summary>
    public NvidiaSmiForms Forms { get; init; }

    /// <summary>The version of nvidia-smi itself; in WSL another than the driver's.</summary>
    public DottedVersion? NvidiaSmiVersion { get; init; }

    /// <summary>The version of the NVML library.</summary>
    public DottedVersion? NvmlVersion { get; init; }

    /// <summary>The driver ("Driver Version", since 610 "KMD Version").</summary>
    public DriverVersion? Driver { get; init; }

    /// <summary>The highest CUDA version the driver runs ("CUDA Version", since 610 "CUDA UMD Version").</summary>
    public CudaVersion? MaxCuda { get; init; }

    /// <summary>How many GPUs the text says there are, whether or not it lists them.</summary>
    public int? AttachedGpus { get; init; }

    /// <summary>The GPUs listed, in order; null where the text lists none.</summary>
    public IReadOnlyList<ListedGpu>? Gpus { get; init; }

    /// <summary>True where the text shows Windows: a driver model (WDDM, TCC, MCDM), its column heading, or a Windows prompt.</summary>
    public bool ShowsWindows { get; init; }

    /// <summary>True where a Linux nvidia-smi speaks to a Windows driver: two driver numbers, or a driver model beside a persistence mode.</summary>
    public bool ShowsWsl { get; init; }

    /// <summary>The processor architecture where the text names it.</summary>
    public CpuArchitecture? Architecture { get; init; }

    /// <summary>Which Linux kernel module, where the text names it.</summary>
    public KernelModuleFlavour? KernelModule { get; init; }

    /// <summary>The document type of XML output: v11, v12, v13.</summary>
    public string? XmlSchema { get; init; }

    /// <summary>The number of columns of CSV output.</summary>
    public int? CsvColumns { get; init; }

    /// <summary>What the text says went wrong; null where it states facts only.</summary>
    public DetectionFailure? Failure { get; init; }

    /// <summary>What collect_env says beside driver and GPUs.</summary>
    internal CollectEnvFacts? Environment { get; init; }

    /// <summary>What other programs printed in the same text: lists of packages, nvcc, lspci; null where there is none.</summary>
    internal ToolOutput? Tools { get; init; }

    /// <summary>True where the GPUs are those of lspci, which lists what is plugged in, not what the driver knows.</summary>
    internal bool CardsByProgram { get; init; }

    /// <summary>True where the text states a driver, a CUDA version or a GPU.</summary>
    public bool HasFacts => Driver is not null || MaxCuda is not null || Gpus?.Any(g => g.IsIdentified) == true;

    /// <summary>These facts, with what is missing taken from <paramref name="other"/>; names that were cut are completed.</summary>
    internal NvidiaSmiResult Or(NvidiaSmiResult? other) => other is null ? this : this with
    {
        Forms = Forms | other.Forms,
        NvidiaSmiVersion = NvidiaSmiVersion ?? other.NvidiaSmiVersion,
        NvmlVersion = NvmlVersion ?? other.NvmlVersion,
        Driver = Driver ?? other.Driver,
        MaxCuda = MaxCuda ?? other.MaxCuda,
        AttachedGpus = AttachedGpus ?? other.AttachedGpus,
        Gpus = ListedGpu.Merge(Gpus, other.Gpus),
        ShowsWindows = ShowsWindows || other.ShowsWindows,
        ShowsWsl = ShowsWsl || other.ShowsWsl,
        Architecture = Architecture ?? other.Architecture,
        KernelModule = KernelModule ?? other.KernelModule,
        XmlSchema = XmlSchema ?? other.XmlSchema,
        CsvColumns = CsvColumns ?? other.CsvColumns,
        Failure = Failure ?? other.Failure,
        Environment = Environment ?? other.Environment,
        Tools = Tools ?? other.Tools,
    };
}
