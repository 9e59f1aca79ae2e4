using System.Security.Cryptography;
using System.Text.Json;

namespace CudaCompat.Execution.Journals;

/// <summary>One path of a list: what it was and what it became.</summary>
/// <param name="Path">Relative to the root, with '/'.</param>
/// <param name="Before">What stood there; null for nothing.</param>
/// <param name="After">What stands there afterwards; null for nothing. Equal to Before in the list of a guarded tree.</param>
/// <param name="Backup">The name of the copy of Before in the backup folder.</param>
internal sealed record FileListEntry(string Path, FileState? Before, FileState? After, string? Backup);

/// <summary>The list of files that a change touches, kept beside the journal: one JSON line a path, parents first.</summary>
internal static class FileList
{
    /// <summary>Writes a list; it is on disk when this returns.</summary>
    /// <returns>Its SHA-256, which goes into the journal, so that no other list is obeyed in its place.</returns>
    public static string Write(string file, IEnumerable<FileListEntry> entries)
    {
        using var stream = new FileStream(file, FileMode.Create, FileAccess.ReadWrite);
        foreach (var entry in entries)
        {
            JsonSerializer.Serialize(stream, entry, JournalJson.Readable.FileListEntry);
            stream.WriteByte((byte)'\n');
        }

        stream.Flush(flushToDisk: true);
        stream.Position = 0;
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Reads a list.</summary>
    /// <param name="file">The list.</param>
    /// <param name="sha256">What the journal says of it.</param>
    /// <exception cref="JournalException">It is not there, or not the one that was written.</exception>
    public static IReadOnlyList<FileListEntry> Read(string file, string? sha256)
    {
        try
        {
            if (sha256 is null || DurableFiles.Sha256(file) != sha256)
                throw new JournalException($"the list {file} is not the one that was written.");
            FileListEntry[] entries = [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize(line, JournalJson.Readable.FileListEntry)!)];
            return entries.All(e => !Path.IsPathRooted(e.Path) && !e.Path.Split('/').Contains("..") && e.Backup?.AsSpan().IndexOfAny('/', '\\') is null or < 0)
                ? entries
                : throw new JournalException($"the list {file} names a path outside its folder.");
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException or DirectoryNotFoundException or NotSupportedException)
        {
            throw new JournalException($"the list {file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Everything below a folder, parents first, links not followed, in an order that does not depend on the file system.</summary>
    public static IEnumerable<(string Path, FileState State)> Walk(string root)
    {
        var pending = new Stack<string>([""]);
        while (pending.TryPop(out var folder))
        {
            var names = new DirectoryInfo(Path.Combine(root, folder)).EnumerateFileSystemInfos().Select(i => i.Name).Order(StringComparer.Ordinal).ToArray();
            foreach (var name in names)
            {
                var relative = folder.Length == 0 ? name : folder + "/" + name;
                if (FileState.Of(Path.Combine(root, relative)) is not { } state)
                    continue;
                yield return (relative, state);
                if (state.Kind == FileState.Folder)
                    pending.Push(relative);
            }
        }
    }
}
