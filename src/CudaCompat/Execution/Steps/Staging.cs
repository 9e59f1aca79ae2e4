using CudaCompat.Execution.Archives;
using CudaCompat.Execution.Journals;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Steps;

/// <summary>
/// A folder inside the target into which archives are unpacked, side by side, before anything is put in place. It is on the target's disk,
/// so putting in place is a rename, and it is gone when the step ends.
/// </summary>
internal sealed class Staging : IDisposable
{
    private Staging(string folder, bool isForWindows) => (Folder, IsForWindows) = (folder, isForWindows);

    public string Folder { get; }

    /// <summary>True where the archives are for Windows.</summary>
    public bool IsForWindows { get; }

    /// <summary>The content of each archive, in their order.</summary>
    public IReadOnlyList<string> Contents { get; private set; } = [];

    /// <summary>Unpacks archives of the cache.</summary>
    /// <exception cref="ArchiveRefusedException">One is damaged or hostile; nothing is put in place.</exception>
    public static async Task<Staging> UnpackAsync(IReadOnlyList<string> archives, string target, InstallStep step, StepContext context)
    {
        var files = new List<string>();
        foreach (var archive in archives)
            files.Add((await context.FileAsync(archive, step).ConfigureAwait(false)).Path);
        var needed = files.Zip(archives).Sum(f => ArchiveExtractor.DeclaredSize(f.First, f.Second) ?? new FileInfo(f.First).Length);
        if (DiskSpace.Shortage(target, needed) is { } shortage)
            throw new StepFailedException(shortage, "free some space or choose another folder with --prefix.");

        var folder = Path.Combine(target, $".cudacompat-{context.Index}");
        context.Record(new TreeCreated(folder));
        FileState.Remove(folder);
        var staging = new Staging(folder, archives.All(a => a.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)));
        var contents = new string[archives.Count];
        var extractor = new ArchiveExtractor(context.Options.ArchiveLimits, context.Programs);
        var options = new ParallelOptions { CancellationToken = context.Cancellation, MaxDegreeOfParallelism = Math.Clamp(Environment.ProcessorCount, 1, 4) };
        await Parallel.ForEachAsync(Enumerable.Range(0, archives.Count), options, async (i, cancellation) =>
        {
            var into = Path.Combine(folder, i.ToString("D3", null));
            Directory.CreateDirectory(into);
            var unpacked = await extractor.UnpackAsync(files[i], archives[i], into, cancellation).ConfigureAwait(false);
            contents[i] = unpacked.Content;
            context.Events.Report(new ArchiveUnpacked(archives[i], unpacked.Entries, unpacked.Bytes));
        }).ConfigureAwait(false);
        staging.Contents = contents;
        return staging;
    }

    public void Dispose() => FileState.Remove(Folder);
}
