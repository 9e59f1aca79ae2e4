using System.Text.RegularExpressions;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Text;

/// <summary>What python -m torch.utils.collect_env prints, as printed ("Could not collect", "No CUDA", "None"); null where the line is missing.</summary>
internal sealed record CollectEnvFacts
{
    public string? TorchVersion { get; init; }

    public string? TorchBuiltCuda { get; init; }

    public string? CudaAvailable { get; init; }

    public string? CudaRuntimeVersion { get; init; }

    public string? DriverVersion { get; init; }

    public string? CudnnLine { get; init; }

    public string? OperatingSystemLine { get; init; }

    public string? GccLine { get; init; }

    public string? LibcLine { get; init; }

    public string? Platform { get; init; }

    /// <summary>The first word of the Python line.</summary>
    public string? Python { get; init; }

    /// <summary>The whole Python line, which names the free-threaded build.</summary>
    public string? PythonLine { get; init; }

    /// <summary>The numbered GPU lines, which come from nvidia-smi -L; macOS's list of display chips is not one.</summary>
    public IReadOnlyList<string> Gpus { get; init; } = [];

    public string? Torchvision { get; init; }

    public string? Torchaudio { get; init; }

    public OperatingSystemFamily? OperatingSystem =>
        Mentions("Windows") ? OperatingSystemFamily.Windows
        : Mentions("Mac OSX") || Mentions("macOS") || Mentions("Darwin") ? OperatingSystemFamily.MacOS
        : Platform is not null && Platform.Contains("WSL", StringComparison.OrdinalIgnoreCase) ? OperatingSystemFamily.Wsl
        : Mentions("Linux") || Mentions("Ubuntu") || Mentions("Debian") || Mentions("CentOS") || Mentions("Fedora") ? OperatingSystemFamily.Linux
        : null;

    public CpuArchitecture? Architecture =>
        Mentions("x86_64") || Mentions("AMD64") ? CpuArchitecture.X64
        : Mentions("aarch64") || Mentions("arm64") ? CpuArchitecture.Arm64
        : null;

    private bool Mentions(string word) =>
        OperatingSystemLine?.Contains(word, StringComparison.OrdinalIgnoreCase) == true || Platform?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
}

/// <summary>Reads collect_env of every torch release and of its forks.</summary>
internal static partial class CollectEnvText
{
    public static CollectEnvFacts? Parse(string text) => Parse(PastedText.Lines(text));

    public static CollectEnvFacts? Parse(string[] lines)
    {
        if (!Array.Exists(lines, l => l.Contains("PyTorch version:", StringComparison.Ordinal)))
            return null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var gpus = new List<string>();
        string? vision = null, audio = null;
        var inGpus = false;
        foreach (var line in lines)
        {
            if (line.Length > 1024)
                continue;
            var bare = PastedText.WithoutPrefix(line);
            var gpu = Gpu().Match(bare);
            if (!gpu.Success || !inGpus)
                gpu = Match.Empty;
            var field = Field().Match(bare);
            if (field.Success && !gpu.Success)
            {
                values.TryAdd(field.Groups["name"].Value, field.Groups["value"].Value.Trim());
                inGpus = field.Groups["name"].Value.StartsWith("GPU models", StringComparison.Ordinal);
            }

            if (inGpus && !gpu.Success)
                gpu = Gpu().Match(bare); // on the line of the heading
            if (inGpus && gpu.Success && gpus.Count < DriverInfo.MaximumGpus)
                gpus.Add(gpu.Groups["name"].Value.Trim());
            if (Package().Match(line) is { Success: true } package)
            {
                if (package.Groups["name"].Value == "torchvision")
                    vision ??= package.Groups["v"].Value;
                else
                    audio ??= package.Groups["v"].Value;
            }
        }

        return new CollectEnvFacts
        {
            TorchVersion = values.GetValueOrDefault("PyTorch version"),
            TorchBuiltCuda = values.GetValueOrDefault("CUDA used to build PyTorch"),
            CudaAvailable = values.GetValueOrDefault("Is CUDA available"),
            CudaRuntimeVersion = values.GetValueOrDefault("CUDA runtime version"),
            DriverVersion = values.GetValueOrDefault("Nvidia driver version"),
            CudnnLine = values.GetValueOrDefault("cuDNN version"),
            OperatingSystemLine = values.GetValueOrDefault("OS"),
            GccLine = values.GetValueOrDefault("GCC version"),
            LibcLine = values.GetValueOrDefault("Libc version"),
            Platform = values.GetValueOrDefault("Python platform"),
            PythonLine = values.GetValueOrDefault("Python version"),
            Python = values.GetValueOrDefault("Python version")?.Split(' ', 2)[0],
            Gpus = gpus,
            Torchvision = vision,
            Torchaudio = audio,
        };
    }

    public static NvidiaSmiResult? ParseResult(string[] lines)
    {
        if (Parse(lines) is not { } facts)
            return null;
        var isMac = facts.OperatingSystem == OperatingSystemFamily.MacOS; // "driver 1.1.0" there is the kernel extension's own number
        return new NvidiaSmiResult
        {
            Forms = NvidiaSmiForms.CollectEnv,
            Driver = !isMac && Versions.DriverVersion.TryParse(facts.DriverVersion, out var driver) ? driver : null,
            Gpus = facts.Gpus.Count == 0 ? null : facts.Gpus.Select((name, i) => new ListedGpu { Index = i, Name = name, Position = i }).ToArray(),
            ShowsWindows = facts.OperatingSystem == OperatingSystemFamily.Windows,
            ShowsWsl = facts.OperatingSystem == OperatingSystemFamily.Wsl,
            Architecture = facts.Architecture,
            Environment = facts,
        };
    }

    [GeneratedRegex(@"^\s*(?<name>PyTorch version|CUDA used to build PyTorch|Is CUDA available|CUDA runtime version|Nvidia driver version|cuDNN version|OS|GCC version|Libc version|Python platform|Python version|GPU models and configuration|[A-Z][A-Za-z0-9_ ]{2,40}):(?: (?<value>.*))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Field();

    [GeneratedRegex(@"\bGPU \d{1,3}: (?<name>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Gpu();

    [GeneratedRegex(@"\[(?:pip3?|conda)\]\s+(?<name>torchvision|torchaudio)(?:==|\s+)(?<v>\d[^\s]{0,40})", RegexOptions.CultureInvariant)]
    private static partial Regex Package();
}
