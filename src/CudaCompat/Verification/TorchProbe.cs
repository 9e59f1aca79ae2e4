using System.Text.Json;
using CudaCompat.Processes;

namespace CudaCompat.Verification;

/// <summary>Runs a small Python program (stack_probe.py, passed with -c) that asks torch what it is, uses it and its companions, and lets each GPU compute.</summary>
internal static class TorchProbe
{
    private const string Mark = "CUDACOMPAT ";
    private const int FirstSignal = 128;

    /// <summary>The program's text.</summary>
    public static string Program { get; } = ReadProgram("stack_probe.py");

    /// <summary>The answer, or why there is none. Where Python itself came to an end in a part, that part has an error that says so.</summary>
    public static async Task<(ProbeAnswer? Answer, string? Failure)> AskAsync(string python, VerificationOptions options, CancellationToken cancellation)
    {
        string[] asked = [.. options.Checks.Where(c => c is "torch" or "torchvision" or "torchaudio" or "kernel")];
        var result = await RunAsync(python, ["-c", Program, .. asked], options, Path.GetTempPath(), cancellation).ConfigureAwait(false);
        var (answer, failure) = Parse(result, python, VerificationJson.Readable.ProbeAnswer);
        return answer is { Part: { } part } ? (Ended(answer, part, $"{HowItEnded(result)} while {part} was used. {string.Join(" | ", result.Tail.TakeLast(2))}"), null) : (answer, failure);
    }

    /// <summary>Runs a Python program with what every probe runs with.</summary>
    public static Task<ProcessResult> RunAsync(string python, IReadOnlyList<string> arguments, VerificationOptions options, string folder, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string?> { ["PYTHONDONTWRITEBYTECODE"] = "1", ["PYTHONUTF8"] = "1" };
        if (options.RunId is { } run)
        {
            // What the executor installed is proved alone; what a person asks about is proved as it is.
            environment[LeftoverProcesses.Variable] = run;
            environment["PYTHONPATH"] = null;
            environment["PYTHONHOME"] = null;
        }

        foreach (var (name, value) in options.Environment)
            environment[name] = value;
        var request = new ProcessRequest(python, arguments) { Environment = environment, TimeLimit = options.TimeLimit, WorkingFolder = folder };
        return ProcessRunner.RunAsync(request, cancellation);
    }

    /// <summary>The last answer that a program printed, or why there is none.</summary>
    public static (T? Answer, string? Failure) Parse<T>(ProcessResult result, string python, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        if (result.Output.Split('\n').LastOrDefault(l => l.StartsWith(Mark, StringComparison.Ordinal)) is not { } line)
            return (null, $"{python}: {result.Outcome}; {string.Join(" | ", result.Tail.TakeLast(3))}");
        try
        {
            return (JsonSerializer.Deserialize(line.AsSpan(Mark.Length), type), null);
        }
        catch (JsonException e)
        {
            return (null, $"{python} gave an answer that cannot be read: {e.Message}");
        }
    }

    /// <summary>The text of a program that is inside the library.</summary>
    public static string ReadProgram(string name)
    {
        using var stream = typeof(TorchProbe).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static ProbeAnswer Ended(ProbeAnswer answer, string part, string error) => part switch
    {
        "torch" => answer.Torch is null ? answer with { ImportError = error } : answer with { CpuError = error },
        "kernel" => answer with { Available = false, AvailableError = error },
        _ => answer with
        {
            Companions = answer.Companions.Where(c => c.Key != part)
                .Append(KeyValuePair.Create(part, new ProbeCompanion { Version = answer.Packages.GetValueOrDefault(part), Error = error })).ToDictionary(),
        },
    };

    private static string HowItEnded(ProcessResult result) => result.TimedOut ? "Python ran past its time limit" : "Python itself came to an end (" + (result.ExitCode - FirstSignal) switch
    {
        4 => "Illegal instruction",
        6 => "Aborted",
        7 => "Bus error",
        9 => "Killed",
        11 => "Segmentation fault",
        _ => result.Outcome,
    } + ")";
}
