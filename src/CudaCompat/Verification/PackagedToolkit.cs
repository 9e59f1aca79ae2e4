namespace CudaCompat.Verification;

/// <summary>A toolkit that is packages of a Python environment: NVIDIA's lie side by side in its folder of packages, nvidia/cu13 and nvidia/cudnn.</summary>
internal static class PackagedToolkit
{
    private const string Maker = "nvidia";

    /// <summary>The toolkit with nvcc in an environment; null where there is none.</summary>
    /// <param name="environment">Its folder or its Python; null where none is known.</param>
    public static string? Of(string? environment)
    {
        if (environment is null)
            return null;
        var root = Directory.Exists(environment) ? environment : Path.GetDirectoryName(Path.GetDirectoryName(environment) ?? "");
        return root is null ? null : Sites(root).SelectMany(s => Folders(Path.Combine(s, Maker), "cu*"))
            .Where(f => File.Exists(Path.Combine(f, "bin", "nvcc")) || File.Exists(Path.Combine(f, "bin", "nvcc.exe"))).Order(StringComparer.Ordinal).LastOrDefault();
    }

    /// <summary>The folder of cuDNN beside such a toolkit; null where the toolkit is none of these.</summary>
    public static string? CudnnBeside(string toolkit) =>
        Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(toolkit))) is { } above && Path.GetFileName(above) == Maker ? Path.Combine(above, "cudnn") : null;

    private static IEnumerable<string> Sites(string root) =>
        Folders(Path.Combine(root, "lib"), "python3*").Select(p => Path.Combine(p, "site-packages")).Append(Path.Combine(root, "Lib", "site-packages"));

    private static string[] Folders(string folder, string pattern) => Directory.Exists(folder) ? Directory.GetDirectories(folder, pattern) : [];
}
