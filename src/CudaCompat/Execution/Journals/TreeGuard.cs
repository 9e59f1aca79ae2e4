namespace CudaCompat.Execution.Journals;

/// <summary>
/// Keeps a tree that another program (pip, conda) is about to change, at no cost in space: each file gets a second name in the backup
/// folder. These programs replace files by new ones, so the second name keeps the old content. Afterwards the difference is the exact
/// record of what the program did.
/// </summary>
internal static class TreeGuard
{
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
                DurableFiles.Link(Path.Combine(root, path), Path.Combine(backup, copy));
            }

            entries.Add(new FileListEntry(path, state, state, copy));
        }

        FileList.Write(list, entries);
        DurableFiles.FlushFolder(backup);
        return new TreeGuarded(root, Path.GetFileName(list), Path.GetFileName(backup));
    }

    /// <summary>What the program did to the tree; backups of files it left alone are dropped.</summary>
    public static TreeChanged Difference(TreeGuarded guard, Journal journal)
    {
        var before = FileList.Read(Path.Combine(journal.Folder, guard.List)).ToDictionary(e => e.Path, StringComparer.Ordinal);
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
        FileList.Write(list, entries);
        return new TreeChanged(guard.Root, Path.GetFileName(list), guard.Backup);
    }

    /// <summary>Drops the second names that the difference does not need. Harmless when interrupted.</summary>
    public static void DropUnused(TreeChanged change, Journal journal)
    {
        var needed = FileList.Read(Path.Combine(journal.Folder, change.List)).Select(e => e.Backup).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(journal.Folder, change.Backup)))
        {
            if (!needed.Contains(Path.GetFileName(file)))
                File.Delete(file);
        }
    }

    /// <summary>Makes the tree what it was when it was kept.</summary>
    public static void Restore(TreeGuarded guard, string journalFolder)
    {
        var entries = FileList.Read(Path.Combine(journalFolder, guard.List));
        var known = entries.ToDictionary(e => e.Path, StringComparer.Ordinal);
        if (Directory.Exists(guard.Root))
        {
            foreach (var (path, state) in FileList.Walk(guard.Root).ToArray())
            {
                if (!known.TryGetValue(path, out var entry) || entry.Before!.Kind != state.Kind)
                    FileState.Remove(Path.Combine(guard.Root, path));
            }
        }

        foreach (var entry in entries)
            ChangeUndo.PutBack(entry, Path.Combine(guard.Root, entry.Path), Path.Combine(journalFolder, guard.Backup));
    }
}
