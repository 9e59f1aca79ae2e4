using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Archives;

/// <summary>What came out of an archive.</summary>
/// <param name="Content">The folder whose content is to be merged: the archive's one top folder.</param>
/// <param name="Entries">How many entries it had.</param>
/// <param name="Bytes">How many bytes its files hold.</param>
internal sealed record UnpackedArchive(string Content, int Entries, long Bytes);

/// <summary>Unpacks .zip, .tar.xz and .tgz into an empty folder. Hostile archives are refused; nothing is ever written outside the folder.</summary>
internal sealed class ArchiveExtractor(ArchiveLimits limits, TrustedPath? programs)
{
    private const int SymbolicLinkMode = 0xA000;
    private const int RegularFileMode = 0x8000;
    private const int FolderMode = 0x4000;
    private const int KindOfMode = 0xF000;

    /// <summary>Unpacks one archive; the name tells its form.</summary>
    /// <exception cref="ArchiveRefusedException">It is damaged or hostile; the folder may hold a part of it and is to be thrown away.</exception>
    public async Task<UnpackedArchive> UnpackAsync(string path, string name, string folder, CancellationToken cancellation)
    {
        var target = new UnpackTarget(name, folder, limits, new FileInfo(path).Length);
        try
        {
            if (name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
                await UnpackZipAsync(path, target, cancellation).ConfigureAwait(false);
            else if (name.EndsWith(".tar.xz", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".txz", StringComparison.OrdinalIgnoreCase))
                await UnpackTarXzAsync(path, target, cancellation).ConfigureAwait(false);
            else if (name.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase))
                await UnpackTarGzAsync(path, target, cancellation).ConfigureAwait(false);
            else
                throw new ArchiveRefusedException(name, "only .zip, .tar.xz, .txz, .tgz and .tar.gz can be unpacked");
            return new UnpackedArchive(target.Finish(), target.Entries, target.Bytes);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or SharpCompress.Common.SharpCompressException or OverflowException or NotSupportedException)
        {
            throw target.Refuse($"it is damaged ({EntryName.Printable(e.Message)})");
        }
    }

    /// <summary>How many bytes an archive says it holds; null where its form does not say.</summary>
    public static long? DeclaredSize(string path, string name)
    {
        using var file = File.OpenRead(path);
        if (name.EndsWith("xz", StringComparison.OrdinalIgnoreCase))
            return XzIndex.UnpackedSize(file);
        if (!name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            return null;
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            return zip.Entries.Sum(e => Math.Max(e.Length, 0));
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException)
        {
            return null;
        }
    }

    private static async Task UnpackTarAsync(Stream tar, UnpackTarget target, CancellationToken cancellation)
    {
        using var reader = new TarReader(tar, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellation).ConfigureAwait(false) is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.GlobalExtendedAttributes:
                    break;
                case TarEntryType.Directory:
                    target.AddFolder(entry.Name);
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    await target.AddFileAsync(entry.Name, entry.DataStream, entry.Length, (int)entry.Mode, entry.ModificationTime, cancellation).ConfigureAwait(false);
                    break;
                case TarEntryType.SymbolicLink:
                    target.AddLink(entry.Name, entry.LinkName);
                    break;
                case TarEntryType.HardLink:
                    target.AddHardLink(entry.Name, entry.LinkName);
                    break;
                default:
                    throw target.Refuse($"an entry of kind {entry.EntryType}: {EntryName.Printable(entry.Name)}");
            }
        }
    }

    private async Task UnpackTarXzAsync(string path, UnpackTarget target, CancellationToken cancellation)
    {
        var packed = new FileInfo(path).Length;
        if (DeclaredSize(path, ".xz") is { } declared && limits.Refuse(declared, packed) is { } reason)
            throw target.Refuse(reason);
        using var decoder = XzDecoder.Open(path, programs);
        using var bounded = new BoundedStream(decoder.Output, bytes => limits.Refuse(bytes, packed) is { } r ? target.Refuse(r) : null);
        try
        {
            await UnpackTarAsync(bounded, target, cancellation).ConfigureAwait(false);
            await bounded.CopyToAsync(Stream.Null, cancellation).ConfigureAwait(false); // the padding at the end, so that the checks of the format are done
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw target.Refuse($"it is damaged ({EntryName.Printable(e.Message)})");
        }

        if (await decoder.FailureAsync(cancellation).ConfigureAwait(false) is { } failure)
            throw target.Refuse($"it is damaged ({failure})");
    }

    private async Task UnpackTarGzAsync(string path, UnpackTarget target, CancellationToken cancellation)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.SequentialScan);
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var bounded = new BoundedStream(gzip, bytes => limits.Refuse(bytes, file.Length) is { } r ? target.Refuse(r) : null);
        await UnpackTarAsync(bounded, target, cancellation).ConfigureAwait(false);
        await bounded.CopyToAsync(Stream.Null, cancellation).ConfigureAwait(false);
    }

    private async Task UnpackZipAsync(string path, UnpackTarget target, CancellationToken cancellation)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17);
        using var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellation).ConfigureAwait(false);
        if (limits.Refuse(zip.Entries.Sum(e => Math.Max(e.Length, 0)), file.Length) is { } reason)
            throw target.Refuse(reason);
        foreach (var entry in zip.Entries)
        {
            var mode = entry.ExternalAttributes >> 16;
            var kind = mode & KindOfMode;
            if (entry.FullName.EndsWith('/'))
            {
                target.AddFolder(entry.FullName);
                continue;
            }

            using var content = await entry.OpenAsync(cancellation).ConfigureAwait(false);
            if (kind == SymbolicLinkMode)
            {
                if (entry.Length > limits.NameLength)
                    throw target.Refuse($"a link of {entry.Length} characters");
                using var text = new StreamReader(content, Encoding.UTF8);
                target.AddLink(entry.FullName, await text.ReadToEndAsync(cancellation).ConfigureAwait(false));
            }
            else if (kind is 0 or RegularFileMode)
            {
                // Zip has no time zone; taken as UTC it is the same on every machine.
                var time = new DateTimeOffset(entry.LastWriteTime.DateTime, TimeSpan.Zero);
                await target.AddFileAsync(entry.FullName, content, entry.Length, mode == 0 ? 0x1A4 : mode & 0x1FF, time, cancellation).ConfigureAwait(false);
            }
            else
            {
                throw target.Refuse($"an entry of kind 0x{kind:X}: {EntryName.Printable(entry.FullName)}{(kind == FolderMode ? " (a folder without '/')" : "")}");
            }
        }
    }
}
