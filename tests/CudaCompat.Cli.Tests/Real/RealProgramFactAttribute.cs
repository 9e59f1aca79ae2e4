namespace CudaCompat.Cli.Tests.Real;

/// <summary>A test with a real program of gigabytes, which nobody installs for a test run: skipped in plain sight where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealProgramFactAttribute : FactAttribute
{
    public RealProgramFactAttribute(params string[] programs)
    {
        Programs = programs;
        if (Array.Find(programs, p => Find(p) is null) is { } missing)
            Skip = $"{missing} is not here; {Hint(missing)}";
    }

    public IReadOnlyList<string> Programs { get; }

    /// <summary>The program's path: on PATH, or where Debian puts what is not for typing.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/lib/wine").Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);

    private static string Hint(string program) => program switch
    {
        "nvcc" => "Debian's non-free nvidia-cuda-toolkit brings one (1.6 GB)",
        "wine64" => "Debian's wine64 brings it",
        _ => "install it to run this test",
    };
}
