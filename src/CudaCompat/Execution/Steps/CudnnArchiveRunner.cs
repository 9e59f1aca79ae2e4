using CudaCompat.Execution.Archives;
using CudaCompat.Execution.Journals;
using CudaCompat.Planning;
using CudaCompat.Verification;

namespace CudaCompat.Execution.Steps;

/// <summary>Merges a cuDNN archive into the toolkit's bin, include and lib; the list of copied files is kept, since there is no uninstaller.</summary>
internal sealed class CudnnArchiveRunner : IStepRunner
{
    public string Describe(InstallStep step, StepContext context) => $"merge cuDNN {step.Version} ({Archive(step, context)}) into {Prefix(step, context)}";

    public Task<string?> FindDoneAsync(InstallStep step, StepContext context)
    {
        var prefix = Prefix(step, context);
        var there = CudnnHeader.Find([Path.Combine(prefix, "include")]);
        var done = there is not null && IsSame(there.Value.Version, step.Version) && HasLibrary(prefix);
        return Task.FromResult(done ? $"{there!.Value.File} says {there.Value.Version}" : null);
    }

    public async Task<string> RunAsync(InstallStep step, StepContext context)
    {
        var prefix = Prefix(step, context);
        var archive = Archive(step, context);
        context.CreateFolders(prefix);
        using var staging = await Staging.UnpackAsync([archive], prefix, step, context).ConfigureAwait(false);
        var files = TreeMerge.Merge(archive, staging.Contents[0], prefix, context, path => Place(path, prefix));
        staging.Dispose();
        DurableFiles.FlushFileSystem(prefix);
        if (CudnnHeader.Find([Path.Combine(prefix, "include")]) is not { } header || !IsSame(header.Version, step.Version))
            throw new StepFailedException($"the header in {prefix} is not that of cuDNN {step.Version} after the merge.", "the archive is not what the plan says; make the plan anew.");
        return $"{files} files in {prefix}";
    }

    /// <summary>True where a header's three numbers are those of a version that may have a fourth.</summary>
    internal static bool IsSame(string header, string? version) =>
        version is not null && header.Split('.').SequenceEqual(version.Split('.').Take(3));

    // Only bin, include and lib; the licence stays out, since the toolkit has a file of that name.
    private static string? Place(string path, string prefix)
    {
        var parts = path.Split('/');
        switch (parts[0])
        {
            case "bin" when parts.Length >= 2 && parts[1] == "x64" && !Directory.Exists(Path.Combine(prefix, "bin", "x64")):
                // Toolkits whose own DLLs lie in bin have only bin on PATH.
                return string.Join('/', parts.Where((_, i) => i != 1));
            case "lib" when !Directory.Exists(Path.Combine(prefix, "lib")) && Directory.Exists(Path.Combine(prefix, "lib64")):
                return "lib64" + path[3..];
            case "lib64" when !Directory.Exists(Path.Combine(prefix, "lib64")):
                return "lib" + path[5..]; // archives before the redistributables have lib64
            case "bin" or "include" or "lib" or "lib64":
                return path;
            default:
                return null;
        }
    }

    private static bool HasLibrary(string prefix) =>
        new[] { "lib", "lib64", "bin", "bin/x64" }.Select(f => Path.Combine(prefix, f)).Where(Directory.Exists)
            .Any(f => Directory.EnumerateFiles(f, "*cudnn*").Any(n => n.Contains(".so", StringComparison.Ordinal) || n.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)));

    private static string Prefix(InstallStep step, StepContext context) => (((CudnnStep)step).Prefix ?? context.ToolkitFolder) is { } prefix
        ? Path.GetFullPath(prefix)
        : throw new StepFailedException("the plan names no toolkit folder for cuDNN.", "give one with --prefix.");

    private static string Archive(InstallStep step, StepContext context) => step.FileName
        ?? context.Plan.Steps.OfType<DownloadStep>().FirstOrDefault(d => d.Component == step.Component)?.FileName
        ?? throw new StepFailedException("the plan names no archive for cuDNN.", "make the plan anew; this one is incomplete.");
}
