using System.Text.RegularExpressions;

namespace CudaCompat.Detection.Text;

/// <summary>The summary that a CUDA runfile prints at its end.</summary>
/// <param name="Driver">"Installed", "Not Selected", ….</param>
/// <param name="ToolkitPath">Where the toolkit went.</param>
/// <param name="Uninstall">How to remove it.</param>
/// <param name="LogFile">The log.</param>
internal sealed record InstallSummary(string? Driver, string? ToolkitPath, string? Uninstall, string? LogFile);

/// <summary>Reads the summary of a CUDA runfile.</summary>
internal static partial class InstallOutputText
{
    public static InstallSummary? Parse(string text)
    {
        string? driver = null, path = null, uninstall = null, log = null;
        foreach (var line in PastedText.Lines(text))
        {
            if (line.Length > 1024)
                continue;
            var bare = PastedText.WithoutPrefix(line).Trim();
            driver ??= After(bare, "Driver:");
            if (Toolkit().Match(bare) is { Success: true } toolkit)
                path ??= toolkit.Groups["path"].Value;
            uninstall ??= After(bare, "To uninstall the CUDA Toolkit, run");
            log ??= After(bare, "Logfile is");
        }

        return path is null && log is null && uninstall is null ? null : new InstallSummary(driver, path, uninstall, log);
    }

    private static string? After(string line, string start) =>
        line.StartsWith(start, StringComparison.Ordinal) && line[start.Length..].Trim() is { Length: > 0 } rest ? rest : null;

    [GeneratedRegex(@"^Toolkit:\s+Installed in (?<path>\S.*?)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Toolkit();
}
