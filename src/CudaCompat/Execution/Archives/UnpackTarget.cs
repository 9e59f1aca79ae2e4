namespace CudaCompat.Execution.Archives;

/// <summary>
/// The empty folder that an archive is unpacked into. Links are made last, so nothing can be written through one. Every entry must lie
/// under the archive's one top folder.
/// </summary>
internal sealed class UnpackTarget(string archive, string folder, ArchiveLimits limits, long packedBytes)
{
    private const UnixFileMode OwnerReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Dictionary<string, string?> _paths = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private string? _top;
    private int _entries;
    private long _bytes;

    public int Entries => _entries;

    public long Bytes => _bytes;

    public void AddFolder(string name)
    {
        if (Take(name, isFolder: true) is { } path)
            MakeFolder(path);
    }

    /// <summary>Writes one file; never more bytes than announced.</summary>
    public async Task AddFileAsync(string name, Stream? content, long length, int mode, DateTimeOffset time, CancellationToken cancellation)
    {
        var path = Take(name, isFolder: false)!;
        Count(length);
        MakeFolder(Parent(path));
        var full = Path.Combine(folder, path);
#pragma warning disable CA5389 // Take and EntryName have refused every name that leaves the folder
        using (var file = new FileStream(full, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, PreallocationSize = 0 }))
#pragma warning restore CA5389
        {
            var buffer = new byte[Math.Clamp(length, 1, 1 << 17)];
            long written = 0;
            int read;
            while (content is not null && (read = await content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                written += read;
                if (written > length)
                    throw Refuse($"{EntryName.Printable(name)} is longer than it says");
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            }

            if (written != length)
                throw Refuse($"it is damaged ({EntryName.Printable(name)} is shorter than it says)");
        }

        SetMode(full, mode);
        File.SetLastWriteTimeUtc(full, time.UtcDateTime);
    }

    public void AddLink(string name, string target)
    {
        var path = Take(name, isFolder: false)!;
        _links.Add(path, target);
        _paths[path] = "link";
    }

    /// <summary>A second name of a file that came before, made as a copy so that one can change without the other.</summary>
    public void AddHardLink(string name, string target)
    {
        var source = string.Join('/', EntryName.Parse(archive, target, limits.NameLength, OperatingSystem.IsWindows()));
        if (!_paths.TryGetValue(source, out var kind) || kind != "file")
            throw Refuse($"the link {EntryName.Printable(name)} names a file that is not in the archive before it: {EntryName.Printable(target)}");
        var path = Take(name, isFolder: false)!;
        var full = Path.Combine(folder, source);
        Count(new FileInfo(full).Length);
        MakeFolder(Parent(path));
        File.Copy(full, Path.Combine(folder, path));
        File.SetLastWriteTimeUtc(Path.Combine(folder, path), File.GetLastWriteTimeUtc(full));
    }

    /// <summary>Makes the links; returns the folder whose content is to be merged.</summary>
    public string Finish()
    {
        if (_top is null || !_paths.TryGetValue(_top, out var kind) || kind != "folder")
            throw Refuse("it has no top folder");
        foreach (var (path, target) in _links)
        {
            var inside = path[(_top.Length + 1)..];
            if (LinkPath.Resolve(inside, target, p => _links.GetValueOrDefault(_top + "/" + p)) is null)
                throw Refuse($"the link {EntryName.Printable(path)} leads out of the folder: {EntryName.Printable(target)}");
        }

        foreach (var (path, target) in _links)
        {
            MakeFolder(Parent(path));
            File.CreateSymbolicLink(Path.Combine(folder, path), target);
        }

        return Path.Combine(folder, _top);
    }

    public ArchiveRefusedException Refuse(string reason) => new(archive, reason);

    private static string Parent(string path) => path[..path.LastIndexOf('/')];

    private static void SetMode(string path, int mode)
    {
        // Permission bits only: no set-user-id. The owner can always read and write, else nobody could undo it.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, ((UnixFileMode)mode & (UnixFileMode)0x1FF) | OwnerReadWrite);
    }

    // The path to write; null for the folder that the archive only names again.
    private string? Take(string name, bool isFolder)
    {
        if (++_entries > limits.Entries)
            throw Refuse($"it has more than {limits.Entries} entries");
        var parts = EntryName.Parse(archive, name, limits.NameLength, OperatingSystem.IsWindows());
        if (parts.Length == 0)
            return isFolder ? null : throw Refuse("an entry without a name");
        _top ??= parts[0];
        if (parts[0] != _top)
            throw Refuse($"it has more than one top folder: {EntryName.Printable(_top)}, {EntryName.Printable(parts[0])}");
        if (parts.Length == 1 && !isFolder)
            throw Refuse($"{EntryName.Printable(name)} lies outside the top folder");
        for (var i = 1; i < parts.Length; i++)
        {
            var parent = string.Join('/', parts[..i]);
            if (_paths.TryGetValue(parent, out var kind) && kind != "folder")
                throw Refuse($"{EntryName.Printable(name)} lies below something that is no folder");
            _paths[parent] = "folder";
        }

        var path = string.Join('/', parts);
        if (_paths.TryGetValue(path, out var there))
        {
            if (isFolder && there == "folder")
                return path;
            throw Refuse($"{EntryName.Printable(name)} is there twice");
        }

        _paths[path] = isFolder ? "folder" : "file";
        return path;
    }

    private void Count(long length)
    {
        if (length < 0 || limits.Refuse(_bytes + length, packedBytes) is not null)
            throw Refuse(limits.Refuse(_bytes + Math.Max(length, 0), packedBytes) ?? "a negative size");
        _bytes += length;
    }

    private void MakeFolder(string path) => Directory.CreateDirectory(Path.Combine(folder, path));
}
