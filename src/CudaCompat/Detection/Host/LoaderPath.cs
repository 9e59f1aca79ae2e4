namespace CudaCompat.Detection.Host;

/// <summary>The folders that the dynamic loader is told to search before its own.</summary>
internal static class LoaderPath
{
    private const string Configuration = "/etc/ld.so.conf.d";

    /// <summary>LD_LIBRARY_PATH, absolute entries only.</summary>
    public static IReadOnlyList<string> OfEnvironment(DetectionHost host) => host.IsWindows ? []
        : (host.Variable("LD_LIBRARY_PATH") ?? "").Split(':', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(f => f.StartsWith('/')).Select(f => f.TrimEnd('/')).Distinct(StringComparer.Ordinal).ToArray();

    /// <summary>LD_LIBRARY_PATH and the folders that ld.so.conf.d names.</summary>
    public static IReadOnlyList<string> All(DetectionHost host) => host.IsWindows ? []
        : OfEnvironment(host)
            .Concat(host.Files.FileNames(Configuration, "*.conf").SelectMany(n => (host.Files.ReadText($"{Configuration}/{n}") ?? "").Split('\n', StringSplitOptions.TrimEntries)))
            .Where(l => l.StartsWith('/')).Select(f => f.TrimEnd('/')).ToArray();
}
