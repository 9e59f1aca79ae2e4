using CudaCompat.Processes;

namespace CudaCompat.Verification;

/// <summary>Builds a one-line C++ extension with torch's own builder and, where torch has CUDA and a toolkit is found, a CUDA one: what people install a toolkit for.</summary>
internal static class ExtensionCheck
{
    private const string Name = "extension";
    private static readonly Lazy<string> Program = new(() => TorchProbe.ReadProgram("extension_probe.py"));

    public static async Task<List<VerificationCheck>> RunAsync(string python, VerificationOptions options, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("cudacompat-extension-").FullName;
        try
        {
            // torch builds with the toolkit that CUDA_HOME names; the one that was asked about is it.
            var asked = options.Toolkit is { } toolkit ? options with { Environment = new Dictionary<string, string>(options.Environment) { ["CUDA_HOME"] = Path.GetFullPath(toolkit) } } : options;
            var result = await TorchProbe.RunAsync(python, ["-c", Program.Value, folder], asked, folder, cancellation).ConfigureAwait(false);
            var (answer, failure) = TorchProbe.Parse(result, python, VerificationJson.Readable.ExtensionAnswer);
            if (answer is null)
                return [FailureCauses.Failed(Name, "C++", failure!)];
            return answer.ImportError is { } import
                ? [new VerificationCheck(Name, "C++", VerificationStatus.NotTried, null, null, $"nothing was built: {FailureCauses.LastLine(import)}", null, "see the check of torch.")]
                : [Cpp(answer), .. Cuda(answer)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static VerificationCheck Cpp(ExtensionAnswer answer) => answer.Error is { } error
        ? FailureCauses.Failed(Name, "C++", error) with { Message = Telling(error) }
        : new VerificationCheck(Name, "C++", VerificationStatus.Passed, null, null, "a C++ extension was built and computes");

    // The compiler's or the linker's own line, not the command that failed.
    private static string Telling(string error) =>
        error.Split('\n', StringSplitOptions.TrimEntries).FirstOrDefault(l => l.Contains(" error: ", StringComparison.Ordinal) || l.Contains("cannot find ", StringComparison.Ordinal))
            is { } line ? "nothing was built: " + line : FailureCauses.LastLine(error);

    private static IEnumerable<VerificationCheck> Cuda(ExtensionAnswer answer)
    {
        if (answer.CudaHome is not { } home)
            yield break;
        yield return answer.CudaError is { } error
            ? FailureCauses.Failed(Name, "CUDA", error, found: home) with { Message = Telling(error) }
            : new VerificationCheck(Name, "CUDA", VerificationStatus.Passed, null, home, $"a CUDA extension was built with {home}");
    }
}
