namespace CudaCompat.Execution.Journals;

/// <summary>What undoing a change would do, in a person's words. Looks at lists beside the journal and changes nothing.</summary>
internal static class ChangeWords
{
    /// <summary>The words behind "would".</summary>
    /// <param name="change">The change.</param>
    /// <param name="journalFolder">The folder with its lists.</param>
    public static string OfUndoing(Change change, string journalFolder) => change switch
    {
        TreeCreated tree => $"remove {tree.Path}",
        FoldersCreated folders => $"remove {string.Join(", ", folders.Paths.Reverse())} where empty",
        FilesMerged merged => OfList(merged.Root, merged.List, merged.ListSha256, journalFolder),
        TreeChanged changed => OfList(changed.Root, changed.List, changed.ListSha256, journalFolder),
        TreeGuarded guard => $"make {guard.Root} what it was before the interrupted step",
        FileReplaced { Backup: null } file => $"remove {file.Path}",
        FileReplaced file => $"put back {file.Path}",
        UserVariableSet { Old: null } variable => $"remove the user variable {variable.Name}",
        UserVariableSet variable => $"put back the user variable {variable.Name}",
        PackagesInstalled packages => $"remove or put back {string.Join(", ", packages.Packages.Select(p => p.Name))} with {packages.Manager}",
        UndoneByHand byHand => $"leave to you: {byHand.What}",
        _ => throw new InvalidOperationException($"{change.GetType().Name} cannot be undone."),
    };

    private static string OfList(string root, string list, string? sha256, string journalFolder)
    {
        try
        {
            var entries = FileList.Read(Path.Combine(journalFolder, list), sha256).Where(e => (e.Before ?? e.After)?.Kind != FileState.Folder).ToArray();
            var added = entries.Count(e => e.Before is null);
            var parts = new[] { (Count: added, Verb: "remove"), (Count: entries.Length - added, Verb: "put back") }.Where(p => p.Count > 0);
            return string.Join(" and ", parts.Select(p => $"{p.Verb} {p.Count} files").DefaultIfEmpty("change nothing")) + $" in {root}";
        }
        catch (JournalException e)
        {
            return $"leave {root} as it is, since {e.Message}";
        }
    }
}
