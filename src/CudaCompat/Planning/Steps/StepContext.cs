using System.Globalization;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Planning.Steps;

/// <summary>What the builders of the single steps share: the chosen stack, its mirror, names of places, and the notes they collect.</summary>
internal sealed class StepContext(ChosenStack chosen, MirrorChoice mirror)
{
    private readonly List<string> _notes = [];
    private InstallForm? _form;

    public ChosenStack Chosen { get; } = chosen;

    public MirrorChoice Mirror { get; } = mirror;

    /// <summary>The mirror of the default package index that was asked for, or null.</summary>
    public string? DefaultIndex => Chosen.FromDefaultIndex && Chosen.IndexUrl is { } url ? url : Mirror.Pypi;

    public InstallData Data => Chosen.Data;

    /// <summary>Upstream's command of the era, null where there is no torch.</summary>
    public InstallForm? Form => _form ??= InstallForm.For(Chosen);

    public IReadOnlyList<string> Notes => _notes;

    public bool Windows => Chosen.Machine.OperatingSystem == OperatingSystemFamily.Windows;

    /// <summary>linux or windows: WSL takes what Linux takes.</summary>
    public OperatingSystemFamily FileSystem => Windows ? OperatingSystemFamily.Windows : OperatingSystemFamily.Linux;

    public CpuArchitecture Architecture => Chosen.Machine.Architecture ?? CpuArchitecture.X64;

    /// <summary>The platform name of NVIDIA's manifests.</summary>
    public string Platform => (Windows, Architecture) switch
    {
        (true, CpuArchitecture.Arm64) => "windows-arm64",
        (true, _) => "windows-x86_64",
        (false, CpuArchitecture.Arm64) => "linux-sbsa",
        _ => "linux-x86_64",
    };

    public bool Conda => Chosen.Packaging is "conda" or "conda-forge";

    /// <summary>The toolkit and cuDNN are not needed by PyTorch's own packages, unless something is compiled or there is no PyTorch.</summary>
    public bool ToolkitOptional => Chosen.Wants(ComponentNames.Torch) && !(Chosen.Compiles || Chosen.Stack.Compiles);

    /// <summary>The folder of the Python environment.</summary>
    public string EnvironmentFolder => Chosen.Prefix is { } prefix ? Join(prefix, "venv") : ".venv";

    /// <summary>The Python of the environment.</summary>
    public string EnvironmentPython => (Windows, Conda) switch
    {
        (true, true) => Join(EnvironmentFolder, "python.exe"),
        (true, false) => Join(EnvironmentFolder, "Scripts\\python.exe"),
        _ => Join(EnvironmentFolder, "bin/python"),
    };

    /// <summary>How packages are installed into the environment: by uv or by its own pip.</summary>
    public IReadOnlyList<string> PipInstall => Chosen.Packaging == "uv" ? ["uv", "pip", "install", "--python", EnvironmentPython] : [EnvironmentPython, "-m", "pip", "install"];

    /// <summary>The Python to install for: the machine's, else the newest ordinary one that every chosen build has.</summary>
    public PythonVersion? Python => Chosen.Machine.Python ?? NewestCommonPython();

    public void Note(string text)
    {
        if (!_notes.Contains(text))
            _notes.Add(text);
    }

    public string Join(string folder, string name) => folder.TrimEnd('/', '\\') + (Windows ? "\\" : "/") + name;

    /// <summary>A folder of the data, which writes / and {major}, as this system writes it.</summary>
    public string FolderOf(string folder, CudaVersion version) => Fill(Windows ? folder.Replace('/', '\\') : folder, version);

    /// <summary>Fills the fields of a version into a text of the data.</summary>
    public static string Fill(string text, CudaVersion version) => text
        .Replace("{version}", version.ToString(), StringComparison.Ordinal)
        .Replace("{major}", version.Major.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{minor}", version.Minor.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>A download, from the mirror first where there is one.</summary>
    public DownloadStep Download(string component, string version, string url, string fileName, Checksum? checksum, long? size, string[] sources) => Mirrored(new DownloadStep
    {
        Component = component,
        Version = version,
        Url = url,
        FileName = fileName,
        Checksum = checksum,
        Size = size,
        Optional = ToolkitOptional,
        Description = "Downloads " + fileName + ".",
        Evidence = sources,
    });

    /// <summary>The download with its mirrored address first, the origin behind it.</summary>
    public DownloadStep Mirrored(DownloadStep step) => Mirror.NvidiaFile(step.Url!) is { } mirrored ? step with { Url = mirrored, Mirrors = [step.Url!] } : step;

    private PythonVersion? NewestCommonPython()
    {
        if (Chosen.Torch is not { } torch)
            return null;
        BuildRow?[] others = [Chosen.Torchvision, Chosen.Torchaudio];
        return torch.Pythons
            .Where(p => !p.FreeThreaded && others.All(o => o is null || o.Pythons.Length == 0 || o.Pythons.Contains(p)))
            .OrderDescending()
            .Select(p => (PythonVersion?)p)
            .FirstOrDefault();
    }
}
