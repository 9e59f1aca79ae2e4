using CudaCompat.Execution.Archives;
using CudaCompat.Execution.Journals;

namespace CudaCompat.Execution.Steps;

/// <summary>
/// Moves an unpacked tree into a folder that may hold other things: what is overwritten is kept, every path is listed before the first is
/// moved, and no path leaves the folder, not even through a link that stood there before.
/// </summary>
internal static class TreeMerge
{
    /// <summary>Merges; returns how many files and links were put in place.</summary>
    /// <param name="content">The unpacked tree, on the same disk as the folder; it is used up.</param>
    /// <param name="place">Where a path of the tree goes, relative to the folder; null to leave it out.</param>
    /// <exception cref="ArchiveRefusedException">A path cannot be put in place without harm.</exception>
    public static int Merge(string archive, string content, string folder, StepContext context, Func<string, string?> place)
    {
        var entries = Plan(archive, content, folder, place, context.Journal, out var sources, out var backup);
        var list = context.Journal.NewPath("list");
        var sum = FileList.Write(list, entries);
        context.Record(new FilesMerged(folder, Path.GetFileName(list), Path.GetFileName(backup), sum));
        foreach (var (entry, source) in entries.Zip(sources))
        {
            var target = Path.Combine(folder, entry.Path);
            switch (entry.After!.Kind)
            {
                case FileState.Folder:
                    Directory.CreateDirectory(target);
                    break;
                case FileState.Link:
                    FileState.Remove(target);
                    File.CreateSymbolicLink(target, entry.After.Target!);
                    break;
                default:
                    if (entry.Before?.Kind == FileState.Link)
                        FileState.Remove(target); // a move would not replace the link itself everywhere
                    File.Move(source, target, overwrite: true);
                    break;
            }
        }

        return entries.Count(e => e.After!.Kind != FileState.Folder);
    }

    private static List<FileListEntry> Plan(
        string archive, string content, string folder, Func<string, string?> place, Journal journal, out List<string> sources, out string backup)
    {
        var entries = new List<FileListEntry>();
        sources = [];
        backup = journal.NewPath("backup");
        DurableFiles.CreatePrivateFolder(backup);
        var tree = FileList.Walk(content).ToArray();
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, state) in tree)
        {
            if (state.Kind == FileState.Link && place(path) is { } to)
                links[to] = state.Target!;
        }

        string? LinkAt(string path) => links.GetValueOrDefault(path) ?? (FileState.Of(Path.Combine(folder, path)) is { Kind: FileState.Link } there ? there.Target : null);
        var planned = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, state) in tree)
        {
            if (place(path) is not { } target || !planned.Add(target))
                continue;
            Check(archive, folder, target, state, LinkAt);
            // A folder that the archive's layout does not have but the target's has (lib64 for lib) comes before what it holds.
            var before = FileState.Of(Path.Combine(folder, target));
            if (IsInPlace(Path.Combine(content, path), Path.Combine(folder, target), state, before))
                continue;
            if (before?.Kind == FileState.Folder || (before is not null && state.Kind == FileState.Folder))
                throw new ArchiveRefusedException(archive, $"{target} is a {state.Kind} in it, but a {before.Kind} in {folder}");
            string? copy = null;
            if (before?.Kind == FileState.File)
            {
                copy = entries.Count.ToString("D6", null);
                DurableFiles.Copy(Path.Combine(folder, target), Path.Combine(backup, copy));
            }

            entries.Add(new FileListEntry(target, before, state, copy));
            sources.Add(Path.Combine(content, path));
        }

        DurableFiles.FlushFolder(backup);
        return entries;
    }

    private static void Check(string archive, string folder, string target, FileState state, Func<string, string?> linkAt)
    {
        var slash = target.LastIndexOf('/');
        if (slash > 0 && LinkPath.Resolve("x", target[..slash], linkAt) is null)
            throw new ArchiveRefusedException(archive, $"{EntryName.Printable(target)} would be written through a link that leaves {folder}");
        if (state.Kind == FileState.Link && LinkPath.Resolve(target, state.Target!, linkAt) is null)
            throw new ArchiveRefusedException(archive, $"the link {EntryName.Printable(target)} would lead out of {folder}");
    }

    private static bool IsInPlace(string source, string target, FileState wanted, FileState? there)
    {
        if (there is null)
            return false;
        if (wanted.Kind == FileState.Folder)
            return there.Kind == FileState.Folder || (there.Kind == FileState.Link && Directory.Exists(target));
        if (there.Kind != wanted.Kind)
            return false;
        return wanted.Kind == FileState.Link
            ? there.Target == wanted.Target
            : there.Size == wanted.Size && there.Mode == wanted.Mode && DurableFiles.Sha256(source) == DurableFiles.Sha256(target);
    }
}
