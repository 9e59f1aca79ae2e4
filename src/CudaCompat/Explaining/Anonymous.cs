using System.Text.RegularExpressions;

namespace CudaCompat.Explaining;

/// <summary>Takes out of a text what names a person, a machine or a place: user names, e-mail addresses, hosts, tokens, serial numbers, folders.</summary>
internal static partial class Anonymous
{
    private const int ShortestName = 3;
    private static readonly string[] SystemFolders = ["/usr/", "/lib", "/opt/nvidia", "/opt/cuda", "/opt/conda", "/etc/", "/proc/", "/sys/", "/dev/", "C:\\Windows", "C:\\Program Files\\NVIDIA"];
    private static readonly string[] PackageFolders = ["site-packages", "dist-packages"];

    /// <summary>The text without them.</summary>
    /// <param name="text">A text as printed.</param>
    /// <param name="names">Names that are not to stand in it: the user's, the machine's.</param>
    /// <param name="publicHosts">Hosts that everybody knows and that tell something: package indexes.</param>
    public static string Of(string text, IEnumerable<string> names, IReadOnlySet<string> publicHosts)
    {
        text = Secret().Replace(text, "${what}***");
        text = Url().Replace(text, m => publicHosts.Contains(m.Groups["host"].Value) ? $"{m.Groups["scheme"].Value}{m.Groups["host"].Value}{m.Groups["rest"].Value}" : $"{m.Groups["scheme"].Value}HOST/…");
        text = Prompt().Replace(text, "user@host");
        text = Mail().Replace(text, "user@host");
        text = Host().Replace(text, m => publicHosts.Contains(m.Groups["host"].Value) ? m.Value : $"{m.Groups["before"].Value}HOST");
        text = Address().Replace(text, "0.0.0.0");
        text = Uuid().Replace(text, "UUID");
        text = UnixPath().Replace(text, m => Path(m.Value, '/'));
        text = WindowsPath().Replace(text, m => Path(m.Value, '\\'));
        foreach (var name in names.Where(n => n.Length >= ShortestName && n is not ("root" or "user" or "localhost")).Distinct(StringComparer.OrdinalIgnoreCase))
            text = Regex.Replace(text, $@"(?<![A-Za-z0-9]){Regex.Escape(name)}(?![A-Za-z0-9])", "NAME", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        return text;
    }

    // What a path tells of the fault is its end: the package and the file.
    private static string Path(string path, char separator)
    {
        if (SystemFolders.Any(f => path.StartsWith(f, StringComparison.OrdinalIgnoreCase)))
            return path;
        foreach (var folder in PackageFolders)
        {
            if (path.LastIndexOf(folder, StringComparison.Ordinal) is > 0 and var at)
                return $"…{separator}{path[at..]}";
        }

        return $"…{separator}{path[(path.TrimEnd(separator).LastIndexOf(separator) + 1)..]}";
    }

    [GeneratedRegex(@"(?<what>\b(?:token|password|passwd|secret|api[_-]?key|authorization: (?:bearer|basic))\b[\s=:""']{1,4})[^\s""']{4,}|\b(?<what>hf_|ghp_|gho_|github_pat_|sk-|xox[bp]-|AKIA)[A-Za-z0-9_-]{8,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secret();

    [GeneratedRegex(@"(?<scheme>\b(?:https?|ftp|ssh|git|file)://)(?:[^\s/@""']{1,200}@)?(?<host>[A-Za-z0-9.-]{1,200})(?<rest>(?::\d+)?[^\s""'<>)]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Url();

    [GeneratedRegex(@"\b[A-Za-z0-9._-]{1,40}@[A-Za-z0-9._-]{1,60}(?=:[~/][^\s]*[$#])", RegexOptions.CultureInvariant)]
    private static partial Regex Prompt();

    [GeneratedRegex(@"\b[A-Za-z0-9._%+-]{1,60}@[A-Za-z0-9-]{1,60}(?:\.[A-Za-z0-9-]{1,60})*\.[A-Za-z]{2,12}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Mail();

    [GeneratedRegex(@"(?<before>\bhost=['""]?)(?<host>[A-Za-z0-9.-]{1,200})", RegexOptions.CultureInvariant)]
    private static partial Regex Host();

    // Four numbers are a version as often as an address: only what is private, or follows a word for an address.
    [GeneratedRegex(@"\b(?:192\.168|10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b|(?<=\b(?:addr|address|from|to|host|ip)[ =:]{1,2})\d{1,3}(?:\.\d{1,3}){3}\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"\b(?:GPU-|MIG-)?[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"(?<![\w./:<…-])~?/(?:[^\s:'"",()<>/]{1,200}/)+[^\s:'"",()<>/]{0,200}", RegexOptions.CultureInvariant)]
    private static partial Regex UnixPath();

    [GeneratedRegex(@"(?<![A-Za-z])[A-Za-z]:\\{1,2}(?:[^\s:'"",()<>\\]{1,200}(?: [^\s:'"",()<>\\]{1,60})*\\{1,2})*[^\s:'"",()<>\\]{0,200}", RegexOptions.CultureInvariant)]
    private static partial Regex WindowsPath();
}
