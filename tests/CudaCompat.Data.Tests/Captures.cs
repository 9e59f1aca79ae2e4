namespace CudaCompat.Data.Tests;

/// <summary>
/// The captured upstream documents beside the checkout (../shared/sources, or CUDACOMPAT_SHARED/sources), which some tests serve as the upstream; and the committed data.
/// </summary>
internal static class Captures
{
    /// <summary>The root of the checkout.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The folder of captured documents, null where there is none.</summary>
    public static string? Sources { get; } = FindSources();

    /// <summary>The rows of one file of the committed data.</summary>
    public static List<T> Rows<T>(string subject, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        CudaCompat.Matrix.DataFile.Read(subject, File.ReadAllBytes(Path.Combine(Repository, "data", subject + ".json")), type);

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CudaCompat.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("the tests do not lie in a checkout.");
    }

    private static string? FindSources()
    {
        var shared = Environment.GetEnvironmentVariable("CUDACOMPAT_SHARED") ?? Path.Combine(Repository, "..", "shared");
        var sources = Path.Combine(shared, "sources");
        return Directory.Exists(sources) ? Path.GetFullPath(sources) : null;
    }
}

/// <summary>A test that needs the captured documents; skipped, visibly, where they are not beside the checkout.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CapturesFactAttribute : FactAttribute
{
    public CapturesFactAttribute()
    {
        if (Captures.Sources is null)
            Skip = "the captured documents (../shared/sources) are not beside this checkout";
    }
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CapturesTheoryAttribute : TheoryAttribute
{
    public CapturesTheoryAttribute()
    {
        if (Captures.Sources is null)
            Skip = "the captured documents (../shared/sources) are not beside this checkout";
    }
}
