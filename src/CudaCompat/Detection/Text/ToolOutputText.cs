using System.Text.RegularExpressions;
using CudaCompat.Machines;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Detection.Text;

/// <summary>What pip, conda, nvcc, lspci and compilers printed, as far as a text holds it; null where it does not.</summary>
internal sealed record ToolOutput
{
    public PackageVersion? Torch { get; init; }

    public PackageVersion? Torchvision { get; init; }

    public PackageVersion? Torchaudio { get; init; }

    /// <summary>The CUDA of the torch build where the build string of a conda package names it.</summary>
    public CudaTag? CudaTag { get; init; }

    /// <summary>pip, conda or conda-forge, where the text shows which installed torch.</summary>
    public string? Packaging { get; init; }

    /// <summary>The number that nvcc prints.</summary>
    public CudaVersion? Nvcc { get; init; }

    public PythonVersion? Python { get; init; }

    public DottedVersion? Gcc { get; init; }

    public DottedVersion? Clang { get; init; }

    public DottedVersion? Glibc { get; init; }

    public DottedVersion? Msvc { get; init; }

    public OperatingSystemFamily? OperatingSystem { get; init; }

    public CpuArchitecture? Architecture { get; init; }

    /// <summary>The names of the display controllers that lspci or Windows lists.</summary>
    public IReadOnlyList<string> Cards { get; init; } = [];

    /// <summary>True where the text states anything of the chain.</summary>
    public bool HasFacts => this != Nothing && !(Cards.Count == 0 && this with { Cards = Nothing.Cards } == Nothing);

    private static readonly ToolOutput Nothing = new();
}

/// <summary>
/// Reads the lists of packages and the versions that programs print, one line at a time, wherever in a text they stand; the first that names a thing counts.
/// </summary>
internal static partial class ToolOutputText
{
    private const int LongestLine = 2048;

    public static ToolOutput Parse(string[] lines)
    {
        var found = new ToolOutput();
        var cards = new List<string>();
        string? shown = null;
        foreach (var raw in lines)
        {
            if (raw.Length is 0 or > LongestLine)
                continue;
            var line = PastedText.WithoutPrefix(raw).TrimEnd();
            if (line.Length < 3)
                continue;
            found = Packages(found, line, ref shown);
            found = Programs(found, line);
            if (Card().Match(line) is { Success: true } card && cards.Count < DriverInfo.MaximumGpus)
                cards.Add(card.Groups["name"].Value.Trim());
        }

        return found with { Cards = cards };
    }

    private static ToolOutput Packages(ToolOutput found, string line, ref string? shown)
    {
        if (Shown().Match(line) is { Success: true } show)
        {
            if (show.Groups["field"].Value == "Name")
                shown = show.Groups["value"].Value;
            else if (shown is not null)
                found = With(found, shown, show.Groups["value"].Value, null, null);
            return found;
        }

        if (Listed().Match(line) is { Success: true } listed)
            return With(found, listed.Groups["name"].Value, listed.Groups["version"].Value, Text(listed, "build"), Text(listed, "channel"));
        if (line.StartsWith("Successfully installed ", StringComparison.Ordinal))
        {
            foreach (Match one in Installed().Matches(line))
                found = With(found, one.Groups["name"].Value, one.Groups["version"].Value, null, null);
        }

        return found;

        static string? Text(Match match, string group) => match.Groups[group] is { Success: true } value ? value.Value : null;
    }

    private static ToolOutput With(ToolOutput found, string name, string version, string? build, string? channel)
    {
        version = Uri.UnescapeDataString(version);
        switch (name.ToLowerInvariant())
        {
            case "torch" or "pytorch" or "pytorch-gpu" or "pytorch-cpu" when found.Torch is null && FieldSpelling.Torch.TryRead(version, out var torch):
                var isConda = build is not null && build is not ("pypi_0" or "pip" or "<pip>") && channel is not "pypi";
                var packaging = !isConda ? "pip" : channel == "conda-forge" ? "conda-forge" : "conda";
                return found with { Torch = PackageVersion.Parse(torch!), CudaTag = isConda ? TagOf(build!) : null, Packaging = packaging };
            case "torchvision" when found.Torchvision is null && FieldSpelling.Torchvision.TryRead(version, out var vision):
                return found with { Torchvision = PackageVersion.Parse(vision!) };
            case "torchaudio" when found.Torchaudio is null && FieldSpelling.Torchaudio.TryRead(version, out var audio):
                return found with { Torchaudio = PackageVersion.Parse(audio!) };
            case "python" when found.Python is null && FieldSpelling.Python.TryRead(version, out var python):
                return found with { Python = PythonVersion.Parse(python!) };
            default:
                return found;
        }
    }

    // py3.11_cuda12.1_cudnn8.9.2_0 (channel pytorch), cuda126_mkl_py312_hcd9f92a_300 (conda-forge), cpu_generic_py311_… and py3.11_cpu_0.
    private static CudaTag? TagOf(string build) =>
        BuildCuda().Match(build) is { Success: true } cuda ? Versions.CudaTag.Of(new CudaVersion(int.Parse(cuda.Groups["a"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture), cuda.Groups["b"].Value[0] - '0'))
        : build.Contains("cpu", StringComparison.Ordinal) ? Versions.CudaTag.Cpu
        : null;

    private static ToolOutput Programs(ToolOutput found, string line)
    {
        if (found.Nvcc is null && NvccText.Parse(line) is { } nvcc && CudaVersion.TryParse(nvcc.NvccVersion.ToString(), out var printed))
            found = found with { Nvcc = printed };
        if (found.Python is null && PythonLine().Match(line) is { Success: true } python && FieldSpelling.Python.TryRead(python.Groups["v"].Value, out var version))
            found = found with { Python = PythonVersion.Parse(version!) };
        if (GccLine().IsMatch(line) && found.Gcc is null && FieldSpelling.Gcc.TryRead(line, out var gcc))
            found = found with { Gcc = DottedVersion.Parse(gcc!) };
        if (ClangLine().IsMatch(line) && found.Clang is null && FieldSpelling.Clang.TryRead(line, out var clang))
            found = found with { Clang = DottedVersion.Parse(clang!) };
        if (line.StartsWith("ldd (", StringComparison.Ordinal) && found.Glibc is null && FieldSpelling.Glibc.TryRead(line, out var glibc))
            found = found with { Glibc = DottedVersion.Parse(glibc!) };
        if (line.Contains("Optimizing Compiler Version", StringComparison.Ordinal) && found.Msvc is null && FieldSpelling.Msvc.TryRead(line, out var msvc))
            found = found with { Msvc = DottedVersion.Parse(msvc!), OperatingSystem = found.OperatingSystem ?? OperatingSystemFamily.Windows };
        if (Uname().Match(line) is { Success: true } uname)
        {
            found = found with
            {
                OperatingSystem = found.OperatingSystem ?? (line.Contains("microsoft", StringComparison.OrdinalIgnoreCase) ? OperatingSystemFamily.Wsl : OperatingSystemFamily.Linux),
                Architecture = found.Architecture ?? (uname.Groups["arch"].Value == "aarch64" ? CpuArchitecture.Arm64 : CpuArchitecture.X64),
            };
        }

        if (found.OperatingSystem is null && (line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal) || line.StartsWith("Description:\tUbuntu", StringComparison.Ordinal)))
            found = found with { OperatingSystem = OperatingSystemFamily.Linux };
        if (found.OperatingSystem is null && line.StartsWith("Built on ", StringComparison.Ordinal) && WindowsDate().IsMatch(line))
            found = found with { OperatingSystem = OperatingSystemFamily.Windows };
        if (found.OperatingSystem is null && line.StartsWith("Microsoft Windows [", StringComparison.Ordinal))
            found = found with { OperatingSystem = OperatingSystemFamily.Windows };
        return found;
    }

    [GeneratedRegex(@"^(?<field>Name|Version): (?<value>\S{1,64})$", RegexOptions.CultureInvariant)]
    private static partial Regex Shown();

    // pip list and conda list have columns, pip freeze has "==", collect_env a mark in brackets, a direct reference the name of a wheel.
    [GeneratedRegex(
        @"^(?:\[(?:pip3?|conda)\]\s+)?(?<name>(?:py)?torch(?:vision|audio)?|pytorch-[gc]pu|python)(?:==|\s+@\s+\S{1,300}/[a-z]+-|\s+(?=\d))(?<version>\d[0-9A-Za-z.+%]{0,60})(?:-\S+|(?:\s+(?<build>[A-Za-z0-9_.<>]{3,80})(?:\s+(?<channel>[A-Za-z0-9_./:-]{2,120}))?)?\s*)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Listed();

    [GeneratedRegex(@"(?:^|\s)(?<name>torch|torchvision|torchaudio)-(?<version>\d[0-9A-Za-z.+]{0,60})(?=\s|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Installed();

    [GeneratedRegex(@"cuda_?(?<a>1?\d)\.?(?<b>\d)(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex BuildCuda();

    [GeneratedRegex(@"_(?:Standard|Daylight)_Time_\d{4}", RegexOptions.CultureInvariant)]
    private static partial Regex WindowsDate();

    [GeneratedRegex(@"^Python (?<v>\d\.\d{1,2}\.\d{1,2}\S{0,8})(?:\s.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex PythonLine();

    [GeneratedRegex(@"^(?:gcc|g\+\+)(?:-\d+)? \(|^gcc version \d", RegexOptions.CultureInvariant)]
    private static partial Regex GccLine();

    [GeneratedRegex(@"^(?:[A-Z][A-Za-z]+ )?clang version \d", RegexOptions.CultureInvariant)]
    private static partial Regex ClangLine();

    [GeneratedRegex(@"^Linux \S{1,120} .{0,300}\b(?<arch>x86_64|aarch64)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Uname();

    [GeneratedRegex(@"^(?:[0-9a-fA-F]{2,4}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-9a-fA-F] (?<name>(?:VGA compatible controller|3D controller|Display controller)\b.{0,20}?: ?NVIDIA .{1,200})$", RegexOptions.CultureInvariant)]
    private static partial Regex Card();
}
