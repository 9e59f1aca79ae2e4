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

/// <summary>A test in a network namespace of its own, which only root may make, and not in every container.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsNetworkNamespaceFactAttribute : FactAttribute
{
    public NeedsNetworkNamespaceFactAttribute() => Skip = new NeedsProgramsFactAttribute("python3", "xz", "unshare").Skip ?? (IsAllowed() ? null : "needs a network namespace, which is not allowed here");

    private static bool IsAllowed()
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("unshare", ["--net", "true"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
