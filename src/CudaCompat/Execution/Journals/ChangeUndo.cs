using System.Text;
using Microsoft.Win32;

namespace CudaCompat.Execution.Journals;

/// <summary>
/// Undoes changes. What somebody changed since is left as it is and named. Each undoing may be interrupted and repeated.
/// </summary>
internal sealed class ChangeUndo(string journalFolder, Func<PackagesInstalled, CancellationToken, Task<string?>> removePackages)
{
    private readonly List<string> _left = [];

    /// <summary>What was left alone, and why, one sentence each.</summary>
    public IReadOnlyList<string> Left => _left;

    /// <summary>Undoes one change.</summary>
    public async Task UndoAsync(Change change, CancellationToken cancellation)
    {
        switch (change)
        {
            case TreeCreated tree:
                FileState.Remove(tree.Path);
                break;
            case FoldersCreated folders:
                foreach (var folder in folders.Paths.Reverse())
                    RemoveIfEmpty(folder);
                break;
            case FilesMerged merged:
                UndoList(merged.Root, merged.List, merged.Backup);
                break;
            case TreeChanged changed:
                UndoList(changed.Root, changed.List, changed.Backup);
                break;
            case TreeGuarded guard:
                TreeGuard.Restore(guard, journalFolder);
                break;
            case FileReplaced replaced:
                UndoFile(replaced);
                break;
            case UserVariableSet variable:
                UndoVariable(variable);
                break;
            case PackagesInstalled packages:
                if (await removePackages(packages, cancellation).ConfigureAwait(false) is { } message)
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

        FileState.Remove(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (before.Kind == FileState.Link)
        {
            File.CreateSymbolicLink(path, before.Target!);
            return;
        }

        // Whole or not at all: a copy beside it, then in its place.
        var temporary = path + ".cudacompat-new";
        DurableFiles.Copy(Path.Combine(backupFolder, entry.Backup!), temporary);
        SetMode(temporary, before.Mode);
        File.SetLastWriteTimeUtc(temporary, new DateTime(before.Ticks, DateTimeKind.Utc));
        File.Move(temporary, path, overwrite: true);
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

    private void UndoList(string root, string list, string backup)
    {
        var file = Path.Combine(journalFolder, list);
        var entries = FileList.Read(file);
        foreach (var entry in entries.Reverse())
        {
            var path = Path.Combine(root, entry.Path);
            FileState.Remove(path + ".cudacompat-new");
            var now = FileState.Of(path);
            if (now == entry.Before)
                continue;
            if (now is not null && now != entry.After && !(now.Kind == FileState.Folder && entry.After?.Kind == FileState.Folder))
            {
                _left.Add($"{path} was changed after the plan; it is left as it is.");
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
            if (FileState.Of(path) is not { } now || now == entry.After)
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
        // Edited since: only our own block is taken out.
        var text = File.ReadAllText(replaced.Path);
        if (replaced.Block is { } block && text.Contains(block, StringComparison.Ordinal))
        {
            var mode = OperatingSystem.IsWindows() ? (UnixFileMode?)null : File.GetUnixFileMode(replaced.Path);
            DurableFiles.Write(replaced.Path, Encoding.UTF8.GetBytes(text.Replace(block, "", StringComparison.Ordinal)), mode);
        }
        else if (replaced.Block is null)
        {
            _left.Add($"{replaced.Path} was changed after the plan; it is left as it is.");
        }
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
