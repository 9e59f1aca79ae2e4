using System.Text.Json;
using CudaCompat.Processes;

namespace CudaCompat.Verification;

/// <summary>Runs a small Python program (stack_probe.py, passed with -c) that asks torch what it is and lets each GPU compute.</summary>
internal static class TorchProbe
{
    private const string Mark = "CUDACOMPAT ";

    /// <summary>The program's text.</summary>
    public static string Program { get; } = ReadProgram();

    /// <summary>The answer, or why there is none.</summary>
    public static async Task<(ProbeAnswer? Answer, string? Failure)> AskAsync(string python, VerificationOptions options, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string?> { ["PYTHONDONTWRITEBYTECODE"] = "1", ["PYTHONUTF8"] = "1", ["PYTHONPATH"] = null, ["PYTHONHOME"] = null };
        if (options.RunId is { } run)
            environment[LeftoverProcesses.Variable] = run;
        foreach (var (name, value) in options.Environment)
            environment[name] = value;
        var request = new ProcessRequest(python, ["-c", Program]) { Environment = environment, TimeLimit = options.TimeLimit, WorkingFolder = Path.GetTempPath() };
        var result = await ProcessRunner.RunAsync(request, cancellation).ConfigureAwait(false);
        var line = result.Output.Split('\n').LastOrDefault(l => l.StartsWith(Mark, StringComparison.Ordinal));
        if (line is null)
            return (null, $"{python}: {result.Outcome}; {string.Join(" | ", result.Tail.TakeLast(3))}");
        try
        {
            return (JsonSerializer.Deserialize(line.AsSpan(Mark.Length), VerificationJson.Readable.ProbeAnswer), null);
        }
        catch (JsonException e)
        {
            return (null, $"{python} gave an answer that cannot be read: {e.Message}");
        }
    }

    private static string ReadProgram()
    {
        using var stream = typeof(TorchProbe).Assembly.GetManifestResourceStream("stack_probe.py")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
