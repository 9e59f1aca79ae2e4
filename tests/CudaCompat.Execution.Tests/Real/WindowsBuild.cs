using System.Diagnostics;

namespace CudaCompat.Execution.Tests.Real;

/// <summary>The win-x64 build of the tool, published once for all tests, and Wine to run it, with a Windows of its own.</summary>
public sealed class WindowsBuild : IDisposable
{
    private readonly Scratch _scratch = new();
    private string? _tool;

    /// <summary>A path of this machine as Wine's programs see it.</summary>
    public static string Windows(string path) => "Z:" + path.Replace('/', '\\');

    /// <summary>Runs the tool under Wine.</summary>
    public (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        _tool ??= Publish();
        return Start(WineFactAttribute.Wine!, [_tool, .. arguments]);
    }

    public void Dispose()
    {
        if (WineFactAttribute.Wine is { } wine && Directory.Exists(_scratch["wine"]))
        {
            // Wine's server stays a while after its last program and would hold the folder.
            var server = new[] { "wineserver64", "wineserver" }.Select(n => Path.Combine(Path.GetDirectoryName(wine)!, n)).FirstOrDefault(File.Exists);
            if (server is not null)
                Start(server, ["-k", "-w"]);
        }

        _scratch.Dispose();
    }

    private string Publish()
    {
        if (Environment.GetEnvironmentVariable("CUDACOMPAT_WINDOWS_TOOL") is { Length: > 0 } made)
            return made;
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "CudaCompat.sln")))
            root = root.Parent;
        var (code, output, errors) = Start("dotnet", [
            "publish", Path.Combine(root.FullName, "src/CudaCompat.Cli"), "-c", "Release", "-r", "win-x64", "--self-contained", "-v", "q", "--nologo", "-o", _scratch["tool"],
            "-p:PublishAot=false", "-p:PublishSingleFile=true", "-p:PublishTrimmed=true", "-p:RunAnalyzers=false", "-p:PackAsTool=false",
            "-p:NuGetLockFilePath=obj/windows.lock.json"]);
        code.Should().Be(0, "{0}", output + errors);
        return _scratch["tool/CudaCompat.Cli.exe"];
    }

    private (int ExitCode, string Output, string Errors) Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["WINEPREFIX"] = _scratch["wine"];
        start.Environment["WINEDEBUG"] = "-all";
        start.Environment["WINEDLLOVERRIDES"] = "mscoree,mshtml="; // no question about Mono and Gecko
        start.Environment.Remove("DISPLAY");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var ended = process.WaitForExit(300_000);
        if (!ended)
            process.Kill(entireProcessTree: true);
        ended.Should().BeTrue("{0} must end", string.Join(' ', arguments));
        return (process.ExitCode, output.Result.ReplaceLineEndings("\n"), errors.Result.ReplaceLineEndings("\n"));
    }
}
