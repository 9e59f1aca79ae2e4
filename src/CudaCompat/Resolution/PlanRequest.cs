using System.Text.Json.Serialization;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Resolution;

/// <summary>What is asked of a plan beyond "the best for this machine"; every field may be null, which asks for nothing.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PlanRequest
{
    /// <summary>The components of the whole chain.</summary>
    public static readonly IReadOnlyList<string> AllComponents = ["toolkit", "cudnn", "torch", "torchvision", "torchaudio"];

    /// <summary>The packagings that can be asked for.</summary>
    public static readonly IReadOnlyList<string> Packagings = ["pip", "uv", "conda", "conda-forge"];

    /// <summary>The ways a toolkit can be installed.</summary>
    public static readonly IReadOnlyList<string> ToolkitWays = ["installer", "redist", "apt", "dnf", "conda", "pip"];

    /// <summary>The way that puts a toolkit into the Python environment.</summary>
    internal const string Pip = "pip";

    /// <summary>torch: exact, prefix or range; a local label (2.8.0+cu128) asks for its CUDA tag too.</summary>
    [JsonConverter(typeof(SpelledTorchSpec))]
    public VersionSpec? Torch { get; init; }

    /// <summary>torchvision.</summary>
    [JsonConverter(typeof(SpelledTorchvisionSpec))]
    public VersionSpec? Torchvision { get; init; }

    /// <summary>torchaudio.</summary>
    [JsonConverter(typeof(SpelledTorchaudioSpec))]
    public VersionSpec? Torchaudio { get; init; }

    /// <summary>The CUDA toolkit.</summary>
    [JsonConverter(typeof(SpelledToolkitSpec))]
    public VersionSpec? Toolkit { get; init; }

    /// <summary>cuDNN.</summary>
    [JsonConverter(typeof(SpelledCudnnSpec))]
    public VersionSpec? Cudnn { get; init; }

    /// <summary>The CUDA of the torch build: 11.0, cu110 or cpu.</summary>
    [JsonConverter(typeof(SpelledCuda))]
    public string? Cuda { get; init; }

    /// <summary>The Python, in place of the machine's.</summary>
    [JsonConverter(typeof(SpelledPython))]
    public PythonVersion? Python { get; init; }

    /// <summary>Which components; null is all.</summary>
    [JsonConverter(typeof(SpelledComponents))]
    public IReadOnlyList<string>? Components { get; init; }

    /// <summary>pip (the default) | uv | conda | conda-forge.</summary>
    [JsonConverter(typeof(SpelledInstaller))]
    public string? Packaging { get; init; }

    /// <summary>
    /// installer | redist | apt | dnf | conda | pip (CUDA 13.0 and later: the compiler as packages of the default index, in the Python environment). Null takes pip where
    /// something is compiled and the packages fit, else what suits the system.
    /// </summary>
    public string? ToolkitFrom { get; init; }

    /// <summary>What the plan may rest on; minor-version compatibility is the default.</summary>
    public Policy? Policy { get; init; }

    /// <summary>"all" or the indexes of the GPUs to serve: "0,2".</summary>
    public string? Gpus { get; init; }

    /// <summary>
    /// pytorch (the default): every build of PyTorch's own index; default: what the default package index has, one build for each release and platform; or the https
    /// address of a mirror of the default index, or of a copy of PyTorch's for one CUDA tag (…/cu130). For pip and uv.
    /// </summary>
    public string? Index { get; init; }

    /// <summary>
    /// Mirrors by name, or of one's own by what they mirror and their address: wheels=https://host/whl/{tag}, pypi=https://host/simple,
    /// files=https://host; several by commas.
    /// </summary>
    public string? Mirror { get; init; }

    /// <summary>True where extensions are to be compiled.</summary>
    public bool? Compiles { get; init; }

    /// <summary>The folder for toolkit, cuDNN and Python environment.</summary>
    public string? Prefix { get; init; }

    /// <summary>What values were taken for that were not given in the contract's own form; becomes findings.</summary>
    [JsonIgnore]
    internal IReadOnlyList<ReadingNote> Readings { get; init; } = [];
}
