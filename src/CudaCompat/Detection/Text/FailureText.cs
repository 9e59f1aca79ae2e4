using System.Globalization;
using System.Text.RegularExpressions;

namespace CudaCompat.Detection.Text;

/// <summary>Names a failing output by the patterns of data/curated/failures.json and takes the facts out of it.</summary>
internal static partial class FailureText
{
    /// <summary>The failure that <paramref name="text"/> of <paramref name="tool"/> shows ("nvidia-smi", "nvcc", "install"); null where none is known.</summary>
    public static DetectionFailure? Parse(string text, string tool) => Parse(PastedText.Lines(text), tool);

    public static DetectionFailure? Parse(string[] lines, string tool)
    {
        var flat = PastedText.Flatten(lines);
        if (flat.Length > 256 * 1024) // a failure is short; a log's end is what matters
            flat = flat[^(256 * 1024)..];
        var lower = flat.ToLowerInvariant();
        foreach (var pattern in CuratedFacts.Failures)
        {
            if (pattern.Tool is { } ofTool && ofTool != tool)
                continue;
            if (!pattern.Texts.Any(t => lower.Contains(t, StringComparison.Ordinal)) || pattern.With?.All(w => lower.Contains(w, StringComparison.Ordinal)) == false)
                continue;
            return new DetectionFailure(pattern.Kind, pattern.Message, pattern.Next)
            {
                Details = Details(flat, pattern.ExitCode),
                OperatingSystem = pattern.OperatingSystem ?? (ShowsWindowsPrompt(lines) ? Machines.OperatingSystemFamily.Windows : null),
            };
        }

        return null;
    }

    /// <summary>True where a line begins with a prompt of cmd.exe or PowerShell.</summary>
    public static bool ShowsWindowsPrompt(string[] lines) => Array.Exists(lines, l => l.Length < 2048 && WindowsPrompt().IsMatch(l));

    private static Dictionary<string, string> Details(string flat, int? exitCode)
    {
        var details = new Dictionary<string, string>(StringComparer.Ordinal);
        if (exitCode is { } code)
            details["exitCode"] = code.ToString(CultureInfo.InvariantCulture);
        Add("nvmlLibraryVersion", NvmlVersion().Match(flat));
        Add("busId", BusId().Match(flat));
        Add("kernel", Kernel().Match(flat));
        Add("requirement", Requirement().Match(flat));
        Add("requiredCuda", RequiredCuda().Match(flat));
        Add("requiredCudnn", RequiredCudnn().Match(flat));
        Add("win32Error", LoadError().Match(flat));
        if (Question().IsMatch(flat))
            details["interactive"] = "true";
        return details;

        void Add(string name, Match match)
        {
            if (match.Success)
                details[name] = match.Groups["v"].Value;
        }
    }

    [GeneratedRegex(@"^\s*(?:PS [A-Za-z]:\\[^>]{0,300}|[A-Za-z]:\\[^>|]{0,300})>", RegexOptions.CultureInvariant)]
    private static partial Regex WindowsPrompt();

    [GeneratedRegex(@"NVML library version: ?(?<v>\d+(?:\.\d+)+)", RegexOptions.CultureInvariant)]
    private static partial Regex NvmlVersion();

    [GeneratedRegex(@"\bGPU ?\d{0,3}:? ?(?<v>[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9A-Fa-f])", RegexOptions.CultureInvariant)]
    private static partial Regex BusId();

    [GeneratedRegex(@"(?:build on kernel: |KERNEL_UNAME=|headers for kernel |kernel package linux-headers-)(?<v>\d[0-9A-Za-z.+_-]{2,80})", RegexOptions.CultureInvariant)]
    private static partial Regex Kernel();

    [GeneratedRegex(@"satisfies the requirement (?<v>[^\s()]{1,120})", RegexOptions.CultureInvariant)]
    private static partial Regex Requirement();

    [GeneratedRegex(@"Require cuDNN [^\s,]{1,20} and CUDA (?<v>\d+(?:\.(?:\d+|\*))*)", RegexOptions.CultureInvariant)]
    private static partial Regex RequiredCuda();

    [GeneratedRegex(@"Require cuDNN (?<v>\d+(?:\.(?:\d+|\*))*)", RegexOptions.CultureInvariant)]
    private static partial Regex RequiredCudnn();

    [GeneratedRegex(@"\bAbort +Continue\b", RegexOptions.CultureInvariant)]
    private static partial Regex Question();

    [GeneratedRegex(@"LoadLibrary failed with error (?<v>\d{1,6})", RegexOptions.CultureInvariant)]
    private static partial Regex LoadError();
}
