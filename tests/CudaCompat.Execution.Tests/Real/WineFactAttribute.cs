namespace CudaCompat.Execution.Tests.Real;

/// <summary>A test of the Windows build under Wine: skipped in plain sight where wine64 is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WineFactAttribute : FactAttribute
{
    /// <summary>The program; Debian keeps it off PATH.</summary>
    public static string? Wine { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/lib/wine").Select(f => Path.Combine(f, "wine64")).FirstOrDefault(File.Exists);

    public WineFactAttribute()
    {
        if (Wine is null)
            Skip = "wine64 is not here; Debian's package wine64 brings it (23 packages)";
    }
}
