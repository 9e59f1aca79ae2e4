using CudaCompat.Processes;

namespace CudaCompat.Execution.Tests;

/// <summary>A test that needs programs of the machine; skipped in plain sight where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsProgramsFactAttribute : FactAttribute
{
    public NeedsProgramsFactAttribute(params string[] programs)
    {
        Programs = programs;
        if (OperatingSystem.IsWindows())
            Skip = "needs Linux";
        else if (programs.FirstOrDefault(p => TrustedPath.Current.Find(p) is null) is { } missing)
            Skip = $"needs {missing}, which is not installed here";
    }

    public IReadOnlyList<string> Programs { get; }
}

/// <summary>The same for a test with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsProgramsTheoryAttribute : TheoryAttribute
{
    public NeedsProgramsTheoryAttribute(params string[] programs)
    {
        Programs = programs;
        Skip = new NeedsProgramsFactAttribute(programs).Skip;
    }

    public IReadOnlyList<string> Programs { get; }
}
