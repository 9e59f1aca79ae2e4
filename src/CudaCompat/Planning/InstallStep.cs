using System.Text.Json.Serialization;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Planning;

/// <summary>
/// One step of a plan. The family is closed: download, toolkit, cudnn, python, torch, environment, verify, repair. A dry run, a script and an
/// execution read the same steps, so each carries everything that is needed to do it, check it and undo it. (The JSON reader made at compile
/// time hands null to the init accessor of a field that is missing, so lists turn null into empty.)
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(DownloadStep), "download")]
[JsonDerivedType(typeof(ToolkitStep), "toolkit")]
[JsonDerivedType(typeof(CudnnStep), "cudnn")]
[JsonDerivedType(typeof(PythonStep), "python")]
[JsonDerivedType(typeof(TorchStep), "torch")]
[JsonDerivedType(typeof(EnvironmentStep), "environment")]
[JsonDerivedType(typeof(VerifyStep), "verify")]
[JsonDerivedType(typeof(RepairStep), "repair")]
public abstract record InstallStep
{
    /// <summary>What it is for: toolkit, cudnn, python, torch, torchvision, torchaudio or the stack.</summary>
    public required string Component { get; init; }

    /// <summary>The version it brings.</summary>
    public string? Version { get; init; }

    /// <summary>Where its file comes from.</summary>
    public string? Url { get; init; }

    /// <summary>The name of its file.</summary>
    public string? FileName { get; init; }

    /// <summary>The checksum of its file, null where no source has one.</summary>
    public Checksum? Checksum { get; init; }

    /// <summary>The size of its file in bytes, null where no source has it.</summary>
    public long? Size { get; init; }

    /// <summary>The program and its arguments, never a shell string; null where the step is done without one.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>True where it needs an administrator (root, elevation).</summary>
    public bool RequiresAdmin { get; init; }

    /// <summary>True where PyTorch runs without it.</summary>
    public bool Optional { get; init; }

    /// <summary>One sentence for people: what the step changes.</summary>
    public string? Description { get; init; }

    /// <summary>The ids of the sources that its facts come from.</summary>
    public IReadOnlyList<string> Evidence { get; init => field = value ?? []; } = [];
}

/// <summary>Fetches one file into the cache.</summary>
public sealed record DownloadStep : InstallStep
{
    /// <summary>Other places of the same file, tried in order after <see cref="InstallStep.Url"/>.</summary>
    public IReadOnlyList<string> Mirrors { get; init => field = value ?? []; } = [];
}

/// <summary>Puts a CUDA toolkit in place.</summary>
public sealed record ToolkitStep : InstallStep
{
    /// <summary>redist | installer | runfile | apt | dnf | zypper | conda | pip.</summary>
    public required string Method { get; init; }

    /// <summary>The folder it goes into; null where the installer or package decides.</summary>
    public string? Prefix { get; init; }

    /// <summary>redist: the file names of the downloaded archives, merged in this order, one top folder stripped.</summary>
    public IReadOnlyList<string> Archives { get; init => field = value ?? []; } = [];

    /// <summary>installer: the component names of this release; packages: the package names; pip: the exact requirements.</summary>
    public IReadOnlyList<string> Components { get; init => field = value ?? []; } = [];

    /// <summary>pip: where the packages go and what they need there; null for the other methods.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PipPlace? Pip { get; init; }
}

/// <summary>Puts a cuDNN in place.</summary>
public sealed record CudnnStep : InstallStep
{
    /// <summary>redist | archive | apt | dnf | zypper | conda | pip.</summary>
    public required string Method { get; init; }

    /// <summary>The toolkit folder whose bin, include and lib receive the files.</summary>
    public string? Prefix { get; init; }

    /// <summary>packages: the package names; pip: the exact requirements.</summary>
    public IReadOnlyList<string> Components { get; init => field = value ?? []; } = [];

    /// <summary>pip: where the packages go and what they need there; null for the other methods.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PipPlace? Pip { get; init; }
}

/// <summary>
/// Where packages of a toolkit or of cuDNN go, and what linkers and builders need beside them. The step's prefix is the folder that the packages fill, inside the environment.
/// </summary>
public sealed record PipPlace
{
    /// <summary>The folder of the Python environment.</summary>
    public required string Environment { get; init; }

    /// <summary>The index that holds the packages; null for the default one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IndexUrl { get; init; }

    /// <summary>Second names of folders of the prefix, since programs look for them: lib64 for lib. Null where none is needed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Links { get; init; }

    /// <summary>
    /// The folder of the prefix whose libraries get the name by which linkers look for them (libcudart.so for libcudart.so.13) where they lack it. Null where none do.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LinkerNames { get; init; }
}

/// <summary>Makes the Python environment, or checks the one given.</summary>
public sealed record PythonStep : InstallStep
{
    /// <summary>venv | uv | conda | existing.</summary>
    public required string Method { get; init; }

    /// <summary>The folder of the environment.</summary>
    public string? Environment { get; init; }
}

/// <summary>Installs the Python packages.</summary>
public sealed record TorchStep : InstallStep
{
    /// <summary>pip | uv | conda | conda-forge.</summary>
    public required string Method { get; init; }

    /// <summary>The exact requirements, with the local label where the file has one: torch==2.8.0+cu128.</summary>
    public IReadOnlyList<string> Requirements { get; init => field = value ?? []; } = [];

    /// <summary>What the requirements need and do not ask for themselves, as pip takes it (numpy&lt;2); null where that is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Bounds { get; init; }

    /// <summary>The index that holds them, null for the default one or for conda.</summary>
    public string? IndexUrl { get; init; }

    /// <summary>Further indexes, for what <see cref="IndexUrl"/> does not have (dependencies of older releases).</summary>
    public IReadOnlyList<string> ExtraIndexUrls { get; init => field = value ?? []; } = [];

    /// <summary>Flat lists of files, for --find-links.</summary>
    public IReadOnlyList<string> FindLinks { get; init => field = value ?? []; } = [];

    /// <summary>conda: the channels in the order of precedence.</summary>
    public IReadOnlyList<string> Channels { get; init => field = value ?? []; } = [];

    /// <summary>Other indexes of the same files, tried in order after <see cref="IndexUrl"/>; with more than one, each is probed before it is trusted. A plan with a mirror names upstream here.</summary>
    public IReadOnlyList<string> Mirrors { get; init => field = value ?? []; } = [];

    /// <summary>The folder of the environment.</summary>
    public string? Environment { get; init; }

    /// <summary>The known files of the requirements, for hash checking; empty where some are not known.</summary>
    public IReadOnlyList<PackageFile> Files { get; init => field = value ?? []; } = [];
}

/// <summary>A file that a package manager will fetch by itself.</summary>
/// <param name="Name">The file name of the wheel.</param>
/// <param name="Url">Its address.</param>
/// <param name="Sha256">Its hash, null where no source has it.</param>
public sealed record PackageFile(string Name, string Url, string? Sha256);

/// <summary>Sets environment variables, keeping the old values.</summary>
public sealed record EnvironmentStep : InstallStep
{
    /// <summary>user | shell-file | activate: where they are set.</summary>
    public required string Scope { get; init; }

    /// <summary>Variables to set.</summary>
    public IReadOnlyDictionary<string, string> Set { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>Folders to put in front of path-like variables (PATH, LD_LIBRARY_PATH).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Prepend { get; init => field = value ?? new Dictionary<string, IReadOnlyList<string>>(); } = new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>Mends a Python environment that is there: a step of <c>doctor --fix</c>, never of a plan that installs.</summary>
public sealed record RepairStep : InstallStep
{
    /// <summary>install | uninstall | remove | relink.</summary>
    public required string Method { get; init; }

    /// <summary>The folder of the environment.</summary>
    public string? Environment { get; init; }

    /// <summary>install: requirements as pip takes them (sympy&gt;=1.13.3); uninstall: names.</summary>
    public IReadOnlyList<string> Requirements { get; init => field = value ?? []; } = [];

    /// <summary>install: True to put the files in place although the package is listed as installed.</summary>
    public bool Again { get; init; }

    /// <summary>install: True to leave what the packages require as it is.</summary>
    public bool Alone { get; init; }

    /// <summary>install: the index that has the packages, null for the default one.</summary>
    public string? IndexUrl { get; init; }

    /// <summary>remove: what an interrupted install left in a folder of packages of the environment (~orch, torch-2.12.0.dist-info).</summary>
    public IReadOnlyList<string> Paths { get; init => field = value ?? []; } = [];
}

/// <summary>Proves the installation.</summary>
public sealed record VerifyStep : InstallStep
{
    /// <summary>What is proved: nvcc, cudnn, torch, kernel.</summary>
    public IReadOnlyList<string> Checks { get; init => field = value ?? []; } = [];
}
