using System.Diagnostics;
using CudaCompat.Execution.Steps;

namespace CudaCompat.Execution.Tests;

/// <summary>
/// Virtual environments in a fraction of the time: copying pip into each is nine tenths of making one, so these find the pip of a single
/// environment that Python made as usual. Everything else about them, pip too, is real.
/// </summary>
internal static class QuickEnvironment
{
    private static readonly Lazy<string> Packages = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("cudacompat-pip-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        Run("python3", "-m", "venv", folder);
        return Directory.EnumerateDirectories(Path.Combine(folder, "lib"), "python*").Select(p => Path.Combine(p, "site-packages")).Single();
    });

    /// <summary>Makes one.</summary>
    public static void Make(string folder)
    {
        Run("python3", "-m", "venv", "--without-pip", folder);
        foreach (var python in Directory.EnumerateDirectories(Path.Combine(folder, "lib"), "python*"))
            File.WriteAllText(Path.Combine(python, "site-packages", "pip.pth"), Packages.Value + "\n");
    }

    /// <summary>Writes a program that is python3, but makes such environments.</summary>
    public static void WritePython(string file)
    {
        File.WriteAllText(file, $$"""
            #!/bin/sh
            if [ "$1 $2" != "-m venv" ]; then exec python3 "$@"; fi
            python3 -m venv --without-pip "$3" || exit
            for packages in "$3"/lib/python*/site-packages; do echo '{{Packages.Value}}' > "$packages/pip.pth"; done
            """);
        Run("chmod", "755", file);
    }

    private static void Run(string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments);
        foreach (var (name, value) in PythonPrograms.Environment(null))
            info.Environment[name] = value;
        using var process = Process.Start(info)!;
        process.WaitForExit();
        process.ExitCode.Should().Be(0);
    }
}
