namespace CudaCompat.Tests;

/// <summary>The captures beside the checkout, and the repository's own folders. Tests over the captures are skipped where they are not there.</summary>
internal static class SharedCaptures
{
    public static string Repository { get; } = FindRepository();

    public static string? Folder { get; } = FindShared();

    public static string PathOf(string relative) => Path.Combine(Folder!, relative.Replace('/', Path.DirectorySeparatorChar));

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CudaCompat.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("the tests do not run inside the repository.");
    }

    private static string? FindShared()
    {
        var folder = Environment.GetEnvironmentVariable("CUDACOMPAT_SHARED") ?? Path.Combine(Repository, "..", "shared");
        return Directory.Exists(Path.Combine(folder, "sources")) ? Path.GetFullPath(folder) : null;
    }
}

/// <summary>A test over the captures: skipped in plain sight where they are not beside the checkout.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute()
    {
        if (SharedCaptures.Folder is null)
            Skip = "the captures (../shared or CUDACOMPAT_SHARED) are not here";
    }
}

/// <summary>A test over rows of the captures, skipped like <see cref="SharedFactAttribute"/>.</summary>
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute()
    {
        if (SharedCaptures.Folder is null)
            Skip = "the captures (../shared or CUDACOMPAT_SHARED) are not here";
    }
}
