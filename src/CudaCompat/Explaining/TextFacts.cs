using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Detection;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Explaining;

/// <summary>What an error text says of the machine, the Python and the packages it came from. Null is not said.</summary>
internal sealed partial record TextFacts
{
    public OperatingSystemFamily? Os { get; init; }

    public PackageVersion? Torch { get; init; }

    public PackageVersion? Torchvision { get; init; }

    public PackageVersion? Torchaudio { get; init; }

    public PythonVersion? Python { get; init; }

    public CudaVersion? MaxCuda { get; init; }

    public IReadOnlyList<Gpu>? Gpus { get; init; }

    /// <summary>The machine that the text describes as a whole (nvidia-smi, collect_env), where it does.</summary>
    public DriverInfo? Machine { get; init; }

    public static TextFacts Of(string text)
    {
        var machine = MachineReader.FromNvidiaSmi(text).Machine;
        var torch = machine?.Installed?.Torch ?? Package(Torches(), text);
        return new TextFacts
        {
            Machine = machine,
            Os = SystemOf(text),
            Torch = torch,
            Torchvision = Package(Visions(), text),
            Torchaudio = Package(Audios(), text),
            Python = PythonOf(text),
            MaxCuda = FoundVersion().Match(text) is { Success: true } found && int.TryParse(found.Groups["v"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && CudaVersion.TryParse(string.Create(CultureInfo.InvariantCulture, $"{number / 1000}.{number % 1000 / 10}"), out var cuda) ? cuda : null,
            Gpus = GpuOf(text),
        };
    }

    /// <summary>The system whose paths and names stand in the text.</summary>
    private static OperatingSystemFamily? SystemOf(string text)
    {
        if (text.Contains("microsoft-standard-WSL", StringComparison.OrdinalIgnoreCase) || text.Contains("/usr/lib/wsl/", StringComparison.Ordinal) || text.Contains("/mnt/c/Users", StringComparison.Ordinal))
            return OperatingSystemFamily.Wsl;
        if (text.Contains("[WinError", StringComparison.OrdinalIgnoreCase) || text.Contains("win_amd64", StringComparison.Ordinal) || WindowsPath().IsMatch(text))
            return OperatingSystemFamily.Windows;
        if (text.Contains("/usr/", StringComparison.Ordinal) || text.Contains("/home/", StringComparison.Ordinal) || text.Contains(".so:", StringComparison.Ordinal)
            || text.Contains("manylinux", StringComparison.Ordinal) || text.Contains("linux_x86_64", StringComparison.Ordinal) || text.Contains("cannot open shared object file", StringComparison.Ordinal))
            return OperatingSystemFamily.Linux;
        return null;
    }

    private static PackageVersion? Package(Regex pattern, string text)
    {
        foreach (Match match in pattern.Matches(text))
        {
            if (PackageVersion.TryParse(match.Groups["v"].Value.Replace("%2B", "+", StringComparison.OrdinalIgnoreCase), out var version))
                return version;
        }

        return null;
    }

    private static PythonVersion? PythonOf(string text)
    {
        var match = PythonPath().Match(text);
        return match.Success && PythonVersion.TryParse($"3.{match.Groups["minor"].Value}", out var version) ? version : null;
    }

    private static Gpu[]? GpuOf(string text)
    {
        var match = CapabilityOf().Match(text);
        if (!match.Success)
            return null;
        var name = match.Groups["name"].Value.Trim();
        return name.Length is > 0 and <= Gpu.MaximumNameLength
            ? [new Gpu { Name = name, ComputeCapability = ComputeCapability.TryParse($"{match.Groups["major"].Value}.{match.Groups["minor"].Value}", out var cc) ? cc : null }]
            : null;
    }

    // What is installed, not what was asked for: pip's "requirement torch==…" and the names of wheels tell the latter.
    [GeneratedRegex(@"(?:PyTorch version: |torch version:? |but you have torch |\(you have |installed torch |torch\.__version__\W{1,6}|Successfully installed (?:\S+ ){0,40}torch-)(?<v>\d[0-9A-Za-z.+]{2,40})", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Torches();

    [GeneratedRegex(@"(?:but you have torchvision |torchvision version:? |Successfully installed (?:\S+ ){0,40}torchvision-)(?<v>\d[0-9A-Za-z.+]{2,40})", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Visions();

    [GeneratedRegex(@"(?:but you have torchaudio |torchaudio version:? |Successfully installed (?:\S+ ){0,40}torchaudio-)(?<v>\d[0-9A-Za-z.+]{2,40})", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Audios();

    [GeneratedRegex(@"(?:[Pp]ython ?(?:3\.)(?<minor>\d{1,2})\b|Python3(?<minor>\d{1,2})\b)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PythonPath();

    [GeneratedRegex(@"found version (?<v>\d{4,5})\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FoundVersion();

    [GeneratedRegex(@"(?<name>(?:NVIDIA|GeForce|Tesla|Quadro|RTX|GTX)[A-Za-z0-9 \-]{2,60}?) with CUDA capability sm_(?<major>\d{1,2})(?<minor>\d)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CapabilityOf();

    [GeneratedRegex(@"(?<![A-Za-z])[A-Za-z]:\\{1,2}[^\s\\]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex WindowsPath();
}
