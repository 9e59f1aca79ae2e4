namespace CudaCompat.Tests;

/// <summary>A test that needs a program which a fresh machine may lack: skipped in plain sight where it is not on PATH.</summary>
public sealed class ProgramTheoryAttribute : TheoryAttribute
{
    public ProgramTheoryAttribute(string program)
    {
        Program = program;
        if (!ProgramPath.Has(program))
            Skip = $"{program} is not on PATH";
    }

    public string Program { get; }
}

/// <inheritdoc cref="ProgramTheoryAttribute"/>
public sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(params string[] programs)
    {
        Programs = programs;
        if (programs.FirstOrDefault(p => !ProgramPath.Has(p)) is { } missing)
            Skip = $"{missing} is not on PATH";
    }

    public string[] Programs { get; }
}

internal static class ProgramPath
{
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(f => File.Exists(Path.Combine(f, program)) || File.Exists(Path.Combine(f, program + ".exe")));
}
