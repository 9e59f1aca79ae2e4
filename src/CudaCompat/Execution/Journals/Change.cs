using System.Text.Json.Serialization;

namespace CudaCompat.Execution.Journals;

/// <summary>
/// One thing that a step is about to change, with all that is needed to undo it. Written to disk before the act. Undoing one that was not
/// yet made, half made or already undone is harmless.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(TreeCreated), "tree-created")]
[JsonDerivedType(typeof(FoldersCreated), "folders-created")]
[JsonDerivedType(typeof(FilesMerged), "files-merged")]
[JsonDerivedType(typeof(TreeGuarded), "tree-guarded")]
[JsonDerivedType(typeof(TreeChanged), "tree-changed")]
[JsonDerivedType(typeof(FileReplaced), "file-replaced")]
[JsonDerivedType(typeof(UserVariableSet), "user-variable-set")]
[JsonDerivedType(typeof(PackagesInstalled), "packages-installed")]
[JsonDerivedType(typeof(UndoneByHand), "undone-by-hand")]
internal abstract record Change;

/// <summary>A folder that did not exist and that the step is filling; undone by removing it with all in it. A step that ended supersedes it by what it made.</summary>
internal sealed record TreeCreated(string Path) : Change;

/// <summary>Folders that did not exist, parents first. Undone by removing them where they are empty.</summary>
internal sealed record FoldersCreated(IReadOnlyList<string> Paths) : Change;

/// <summary>Files moved into a folder that others may use too; the list names each (see <see cref="FileList"/>).</summary>
internal sealed record FilesMerged(string Root, string List, string Backup, string? ListSha256 = null) : Change;

/// <summary>A tree that another program is about to change; all its files are kept. Undone by making it what it was.</summary>
internal sealed record TreeGuarded(string Root, string List, string Backup, string? ListSha256 = null) : Change;

/// <summary>
/// What that program did to the tree: supersedes the guard, so that later work of the user in the same tree survives a rollback. The files of
/// the list are what is undone; the packages say the same in exact versions, for people. IsNew: the folder itself is the plan's.
/// </summary>
internal sealed record TreeChanged(string Root, string List, string Backup, IReadOnlyList<PackageChange>? Packages = null, string? ListSha256 = null, bool IsNew = false) : Change;

/// <summary>One file written; Backup is null where there was none before.</summary>
internal sealed record FileReplaced(string Path, string? Backup, string NewSha256, string? Block = null) : Change;

/// <summary>A user variable of Windows; Old is null where it was not set.</summary>
internal sealed record UserVariableSet(string Name, string? Old, bool OldIsExpandable, string New) : Change;

/// <summary>System packages that the manager said it would add or change.</summary>
internal sealed record PackagesInstalled(string Manager, IReadOnlyList<PackageChange> Packages) : Change;

/// <summary>A package before and after; Before is null where it was not installed, After where it is gone.</summary>
internal sealed record PackageChange(string Name, string? Before, string? After);

/// <summary>Something that only its own uninstaller takes away.</summary>
internal sealed record UndoneByHand(string What) : Change;
