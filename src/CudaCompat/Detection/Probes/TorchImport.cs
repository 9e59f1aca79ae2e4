using CudaCompat.Detection.Host;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>
/// Imports torch in an interpreter and asks it what it is. Done only where the caller asks for it, since importing runs the code of the packages
/// and takes seconds; the metadata on disk says nearly always the same.
/// </summary>
internal sealed class TorchImport(DetectionHost host, ProbeRunner runner)
{
    /// <summary>How many times the usual limit of a program an import may take: torch reads gigabytes when it is cold.</summary>
    public const int Patience = 6;

    private const string Mark = "CUDACOMPAT";
    private const string Script = $"import torch;print('{Mark}',torch.__version__,torch.version.cuda or '-',getattr(torch.version,'hip',None) or '-')";

    /// <summary>The Python as it imports torch, with what differs from its metadata; the failure where the import fails.</summary>
    public async Task<(FoundPython Python, Disagreement? Differs, DetectionFailure? Failure)> AskAsync(FoundPython python, CancellationToken cancellation)
    {
        if (!host.Files.FileExists(python.Path))
            return (python, null, Failed($"{python.Path} is no interpreter.", "Name an interpreter with --python-path."));
        var source = $"import torch ({python.Path})";
        var output = await runner.RunAsync(python.Path, ["-B", "-c", Script], cancellation, Patience).ConfigureAwait(false);
        var words = output.Output.Split('\n').LastOrDefault(l => l.StartsWith(Mark, StringComparison.Ordinal))?.Split(' ', StringSplitOptions.TrimEntries);
        if (words is not [_, var version, var cuda, var hip] || !PackageVersion.TryParse(version, out var torch))
        {
            var last = output.Error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
            var said = output.TimedOut ? "it took too long and was stopped" : last is { Length: > 300 } ? last[..300] : last ?? "it printed nothing";
            return (python, null, Failed($"{python.Path} cannot import torch: {said}", "Run python -c 'import torch' by hand; reinstall torch in that environment, or name another with --python-path."));
        }

        var imported = python with
        {
            Torch = torch,
            TorchCuda = CudaVersion.TryParse(cuda, out var built) ? built.MajorMinor : null,
            TorchIsCpu = cuda == "-" && hip == "-",
            TorchSource = source,
        };
        var differs = python.Torch is { } metadata && metadata != torch
            ? new Disagreement(
                "installed.torch",
                [new DetectedFact("installed.torch", torch.ToString(), source), new DetectedFact("installed.torch", metadata.ToString(), python.TorchSource ?? python.Path, false)],
                "What Python really imports is believed before the metadata on disk.")
            : null;
        return (imported, differs, null);
    }

    private static DetectionFailure Failed(string message, string next) => new(DetectionFailure.TorchImportFailed, message, next);
}
