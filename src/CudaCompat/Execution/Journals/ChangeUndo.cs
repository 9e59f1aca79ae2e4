using System.Text;
using Microsoft.Win32;

namespace CudaCompat.Execution.Journals;

/// <summary>
/// Undoes changes. What somebody changed or added since is left as it is and named, unless it is to be discarded. Each undoing may be
/// interrupted and repeated; nothing is removed before what replaces it is there.
/// </summary>
internal sealed class ChangeUndo(string journalFolder, Func<PackagesInstalled, Task<string?>> removePackages, bool discard = false)
{
    private const int MostNamed = 20;

    private readonly List<string> _left = [];
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly List<string> _places = [];

    /// <summary>What was left alone, and why, one sentence each.</summary>
    public IReadOnlyList<string> Left => _left;

    /// <summary>Makes everything that was undone durable; only then may the journal say so.</summary>
    public void Flush()
    {
        foreach (var place in _places.Select(Existing).OfType<string>().Distinct())
        {
            DurableFiles.FlushFolder(place);
            DurableFiles.FlushFileSystem(place);
        }
    }

    /// <summary>Undoes one change.</summary>
    public async Task UndoAsync(Change change)
    {
        switch (change)
        {
            case TreeCreated tree:
                _places.Add(Path.GetDirectoryName(tree.Path)!);
                FileState.Remove(tree.Path);
                break;
            case FoldersCreated folders:
                _places.Add(Path.GetDirectoryName(folders.Paths[0])!);
                foreach (var folder in folders.Paths.Reverse())
                    RemoveIfEmpty(folder);
                break;
            case FilesMerged merged:
                UndoList(merged.Root, merged.List, merged.ListSha256, merged.Backup);
                break;
            case TreeChanged changed:
                UndoList(changed.Root, changed.List, changed.ListSha256, changed.Backup);
                if (changed.IsNew)
                    RemoveMade(changed.Root);
                break;
            case TreeGuarded guard:
                _places.Add(guard.Root);
                Leave(TreeGuard.Restore(guard, journalFolder, discard), "was not there before and is not what pip or uv write; left as it is");
                break;
            case FileReplaced replaced:
                _places.Add(Path.GetDirectoryName(replaced.Path)!);
                UndoFile(replaced);
                break;
            case UserVariableSet variable:
                UndoVariable(variable);
                break;
            case PackagesInstalled packages:
                if (await removePackages(packages).ConfigureAwait(false) is { } message)
                    _left.Add(message);
                break;
            case UndoneByHand byHand:
                _left.Add(byHand.What);
                break;
            default:
                throw new InvalidOperationException($"{change.GetType().Name} cannot be undone.");
        }
    }

    /// <summary>Makes a path what a list says it was.</summary>
    internal static void PutBack(FileListEntry entry, string path, string backupFolder)
    {
        if (entry.Before is not { } before || FileState.Of(path) == before)
            return;
        if (before.Kind == FileState.Folder)
        {
            Directory.CreateDirectory(path);
            SetMode(path, before.Mode);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null)
            FileState.Remove(path); // a folder is not replaced by renaming a file over it
        // Whole or not at all: beside it, then in its place. What stands there goes only as the other takes its name.
        var temporary = path + ".cudacompat-new";
        if (before.Kind == FileState.Link)
        {
            FileState.Remove(temporary);
            File.CreateSymbolicLink(temporary, before.Target!);
        }
        else
        {
            var backup = Path.Combine(backupFolder, entry.Backup!);
            if (Processes.UnixStatus.Of(path) is { Names: > 1, IsLink: false })
            {
                DurableFiles.WriteInPlace(path, File.ReadAllBytes(backup)); // it has other names, which a new file would part from
                UnixAttributes.Copy(backup, path, times: true);
                return;
            }

            DurableFiles.Copy(backup, temporary);
            SetMode(temporary, before.Mode);
            if (File.GetLastWriteTimeUtc(temporary).Ticks != before.Ticks)
                File.SetLastWriteTimeUtc(temporary, new DateTime(before.Ticks, DateTimeKind.Utc));
        }

        File.Move(temporary, path, overwrite: true);
        DurableFiles.FlushFolder(Path.GetDirectoryName(path)!);
    }

    private static void SetMode(string path, int mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)mode);
    }

    private static void RemoveIfEmpty(string folder)
    {
        if (Directory.Exists(folder) && new DirectoryInfo(folder).LinkTarget is null && !Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }

    private static string? Existing(string folder)
    {
        var existing = folder;
        while (existing is not null && !Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing);
        return existing;
    }

    private void Leave(IReadOnlyList<string> paths, string why)
    {
        _told.UnionWith(paths);
        foreach (var path in paths.Take(MostNamed))
            _left.Add($"{path} {why}.");
        if (paths.Count > MostNamed)
            _left.Add($"{paths.Count - MostNamed} more files {why.Replace("was", "were", StringComparison.Ordinal)}.");
    }

    // The folder is the plan's, and what is left in it now is somebody else's.
    private void RemoveMade(string root)
    {
        if (!Directory.Exists(root))
            return;
        if (discard)
        {
            FileState.Remove(root);
            return;
        }

        RemoveIfEmpty(root);
        if (Directory.Exists(root))
        {
            var others = FileList.Walk(root).Where(e => e.State.Kind != FileState.Folder).Select(e => Path.Combine(root, e.Path)).Where(p => !_told.Contains(p));
            Leave([.. others], "was not made by the plan; it is left as it is (--discard-changes removes it)");
        }
    }

    private void UndoList(string root, string list, string? sha256, string backup)
    {
        _places.Add(root);
        var file = Path.Combine(journalFolder, list);
        var entries = FileList.Read(file, sha256);
        foreach (var entry in entries.Reverse())
        {
            var path = Path.Combine(root, entry.Path);
            FileState.Remove(path + ".cudacompat-new");
            var now = FileState.Of(path);
            if (now == entry.Before)
                continue;
            if (!discard && now is not null && now != entry.After && !(now.Kind == FileState.Folder && entry.After?.Kind == FileState.Folder))
            {
                Leave([path], "was changed after the plan; it is left as it is");
                continue;
            }

            if (entry.Before is not null)
                continue; // put back below, parents first
            if (now?.Kind == FileState.Folder)
            {
                RemoveIfEmpty(path);
                continue;
            }

            FileState.Remove(path);
            RemoveCompiled(path);
        }

        foreach (var entry in entries)
        {
            var path = Path.Combine(root, entry.Path);
            if (discard || FileState.Of(path) is not { } now || now == entry.After)
                PutBack(entry, path, Path.Combine(journalFolder, backup));
        }
    }

    // What Python compiled from a file that is gone goes with it.
    private static void RemoveCompiled(string path)
    {
        if (!path.EndsWith(".py", StringComparison.Ordinal))
            return;
        var cache = Path.Combine(Path.GetDirectoryName(path)!, "__pycache__");
        if (!Directory.Exists(cache))
            return;
        foreach (var compiled in Directory.EnumerateFiles(cache, Path.GetFileNameWithoutExtension(path) + ".*.pyc"))
            File.Delete(compiled);
        RemoveIfEmpty(cache);
    }

    private void UndoFile(FileReplaced replaced)
    {
        FileState.Remove(replaced.Path + ".cudacompat-new");
        var backup = replaced.Backup is null ? null : Path.Combine(journalFolder, replaced.Backup);
        if (!File.Exists(replaced.Path))
        {
            if (backup is not null)
                PutBackFile(backup, replaced.Path);
            return;
        }

        if (DurableFiles.Sha256(replaced.Path) == replaced.NewSha256)
        {
            if (backup is null)
                File.Delete(replaced.Path);
            else
                PutBackFile(backup, replaced.Path);
            return;
        }

        if (backup is not null && DurableFiles.Sha256(backup) == DurableFiles.Sha256(replaced.Path))
            return;
        if (discard && backup is not null)
        {
            PutBackFile(backup, replaced.Path);
            return;
        }

        // Edited since: only our own block is taken out, as bytes; the rest may be in any encoding.
        var content = File.ReadAllBytes(replaced.Path);
        if (replaced.Block is not { } block)
        {
            if (discard)
                File.Delete(replaced.Path);
            else
                _left.Add($"{replaced.Path} was changed after the plan; it is left as it is.");
        }
        else if (ShellBlock.Find(content, block) is { } found)
        {
            DurableFiles.Write(replaced.Path, [.. content.AsSpan(0, found.Start), .. content.AsSpan(found.Start + found.Length)]);
        }
        else if (IsTorn(content, backup, block))
        {
            PutBackFile(backup!, replaced.Path);
        }
        else if (ShellBlock.HasMark(content, block))
        {
            _left.Add($"our block in {replaced.Path} was edited after the plan; it is left as it is: take out by hand what stands between its two marks (cudacompat).");
        }
    }

    // A file with several names is written in place, so a crash can leave a part of our block.
    private static bool IsTorn(byte[] content, string? backup, string block)
    {
        if (backup is null || !File.Exists(backup))
            return false;
        var old = File.ReadAllBytes(backup);
        if (content.Length <= old.Length || !content.AsSpan().StartsWith(old))
            return false;
        var rest = content.AsSpan(old.Length);
        var added = Encoding.UTF8.GetBytes(block);
        return added.AsSpan().StartsWith(rest) || (rest[0] == (byte)'\n' && added.AsSpan().StartsWith(rest[1..]));
    }

    private static void PutBackFile(string backup, string path)
    {
        var state = FileState.Of(backup)!;
        PutBack(new FileListEntry(path, state, null, Path.GetFileName(backup)), path, Path.GetDirectoryName(backup)!);
    }

    private void UndoVariable(UserVariableSet variable)
    {
        if (!OperatingSystem.IsWindows())
            return;
        using var key = Registry.CurrentUser.CreateSubKey("Environment");
        var now = key.GetValue(variable.Name, null, RegistryValueOptions.DoNotExpandEnvironmentNames) as string;
        if (now != variable.New)
        {
            if (now != variable.Old)
                _left.Add($"the user variable {variable.Name} was changed after the plan; it is left as it is.");
        }
        else if (variable.Old is null)
        {
            key.DeleteValue(variable.Name, throwOnMissingValue: false);
        }
        else
        {
            key.SetValue(variable.Name, variable.Old, variable.OldIsExpandable ? RegistryValueKind.ExpandString : RegistryValueKind.String);
        }
    }
}
