namespace CudaCompat.Tests.Detection;

/// <summary>The captures beside the repository (../shared); tests over them are skipped in plain sight where it is absent.</summary>
internal static class SharedCaptures
{
    public static string? Root { get; } = Find();

    public static string SkipReason => "../shared is not beside this repository (CUDACOMPAT_SHARED names another place).";

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CUDACOMPAT_SHARED") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "CudaCompat.sln")))
                continue;
            var shared = Path.Combine(folder.FullName, "..", "shared");
            return Directory.Exists(shared) ? Path.GetFullPath(shared) : null;
        }

        return null;
    }
}

/// <summary>A test over ../shared.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute()
    {
        if (SharedCaptures.Root is null)
            Skip = SharedCaptures.SkipReason;
    }
}

/// <summary>A data-driven test over ../shared.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute()
    {
        if (SharedCaptures.Root is null)
            Skip = SharedCaptures.SkipReason;
    }
}
