namespace CudaCompat.Execution.Journals;

/// <summary>
/// Keeps a tree that another program (pip, conda) is about to change. Large files get a second name in the backup folder, which costs no space:
/// these programs replace them by new ones, so the second name keeps the old content. Files that programs write in place (conda's history,
/// .pth files, databases) are small or databases, and are copied. Afterwards the difference is the exact record of what the program did.
/// </summary>
internal static class TreeGuard
{
    private const long LargestCopied = 1 << 20;

    private static readonly string[] PlacesOfPip = ["bin", "lib", "lib64", "include", "share", "etc", "Scripts", "src", "man"];

    /// <summary>Keeps the tree; returns the change to be written to the journal before the program starts.</summary>
    public static TreeGuarded Keep(string root, Journal journal)
    {
        var backup = journal.NewPath("backup");
        var list = journal.NewPath("list");
        DurableFiles.CreatePrivateFolder(backup);
        var entries = new List<FileListEntry>();
        foreach (var (path, state) in FileList.Walk(root))
        {
            string? copy = null;
            if (state.Kind == FileState.File)
            {
                copy = entries.Count.ToString("D6", null);
                if (state.Size > LargestCopied && !IsDatabase(Path.Combine(root, path)))
                    DurableFiles.Link(Path.Combine(root, path), Path.Combine(backup, copy));
                else
                    DurableFiles.Duplicate(Path.Combine(root, path), Path.Combine(backup, copy));
            }

            entries.Add(new FileListEntry(path, state, state, copy));
        }

        var sum = FileList.Write(list, entries);
        DurableFiles.FlushFileSystem(backup);
        DurableFiles.FlushFolder(backup);
        return new TreeGuarded(root, Path.GetFileName(list), Path.GetFileName(backup), sum);
    }

    /// <summary>Everything in a folder that the step has made itself; later additions of others are told apart by it.</summary>
    public static TreeChanged Made(string root, Journal journal)
    {
        var list = journal.NewPath("list");
        var backup = journal.NewPath("backup");
        DurableFiles.CreatePrivateFolder(backup);
        var sum = FileList.Write(list, FileList.Walk(root).Select(e => new FileListEntry(e.Path, null, e.State, null)));
        return new TreeChanged(root, Path.GetFileName(list), Path.GetFileName(backup), ListSha256: sum, IsNew: true);
    }

    /// <summary>What the program did to the tree; backups of files it left alone are dropped.</summary>
    public static TreeChanged Difference(TreeGuarded guard, Journal journal)
    {
        var before = FileList.Read(Path.Combine(journal.Folder, guard.List), guard.ListSha256).ToDictionary(e => e.Path, StringComparer.Ordinal);
        var entries = new List<FileListEntry>();
        foreach (var (path, state) in FileList.Walk(guard.Root))
        {
            if (!before.Remove(path, out var old))
                entries.Add(new FileListEntry(path, null, state, null));
            else if (old.Before != state)
                entries.Add(old with { After = state });
        }

        entries.AddRange(before.Values.Select(gone => gone with { After = null }).OrderBy(e => e.Path, StringComparer.Ordinal));
        var list = journal.NewPath("list");
        var sum = FileList.Write(list, entries);
        return new TreeChanged(guard.Root, Path.GetFileName(list), guard.Backup, ListSha256: sum);
    }

    /// <summary>Drops the second names that the difference does not need. Harmless when interrupted.</summary>
    public static void DropUnused(TreeChanged change, Journal journal)
    {
        var needed = FileList.Read(Path.Combine(journal.Folder, change.List), change.ListSha256).Select(e => e.Backup).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(journal.Folder, change.Backup)))
        {
            if (!needed.Contains(Path.GetFileName(file)))
                File.Delete(file);
        }
    }

    /// <summary>Makes the tree what it was when it was kept: what the interrupted program put where such programs put things goes, what lies elsewhere stays.</summary>
    /// <returns>What was left, since that program cannot have put it there.</returns>
    public static IReadOnlyList<string> Restore(TreeGuarded guard, string journalFolder, bool discard)
    {
        var entries = FileList.Read(Path.Combine(journalFolder, guard.List), guard.ListSha256);
        var known = entries.ToDictionary(e => e.Path, StringComparer.Ordinal);
        var isPython = known.ContainsKey("pyvenv.cfg");
        var left = new List<string>();
        if (Directory.Exists(guard.Root))
        {
            foreach (var (path, state) in FileList.Walk(guard.Root).ToArray())
            {
                if (known.TryGetValue(path, out var entry) && entry.Before!.Kind == state.Kind)
                    continue;
                // pip and uv write below these folders alone; conda writes anywhere.
                if (!discard && isPython && entry is null && !PlacesOfPip.Contains(path.Split('/')[0], StringComparer.OrdinalIgnoreCase))
                    left.Add(Path.Combine(guard.Root, path));
                else
                    FileState.Remove(Path.Combine(guard.Root, path));
            }
        }

        foreach (var entry in entries)
            ChangeUndo.PutBack(entry, Path.Combine(guard.Root, entry.Path), Path.Combine(journalFolder, guard.Backup));
        return left;
    }

    private static bool IsDatabase(string path)
    {
        Span<byte> start = stackalloc byte[6];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("SQLite"u8);
    }
}
