using System.IO.Compression;
using CudaCompat.Binaries;
using CudaCompat.Choosing;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Inspection;

/// <summary>
/// Reads what a program needs of a machine from its binaries: the libraries of CUDA that it imports, the glibc that it starts with, the
/// GPUs that it has code for. Nothing is loaded or run, and no length in a file is trusted.
/// </summary>
public static class Inspector
{
    private const int MostFiles = 100_000;
    private const long MostUnpacked = 64L << 30, MostOfOne = 16L << 30;

    private static readonly EnumerationOptions WholeTree = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };


    /// <summary>Reads a library or program (ELF, PE), a package (.nupkg, .whl, .zip: any zip archive) or a folder.</summary>
    /// <param name="path">The file or folder. Of a package each binary is unpacked to a temporary file for as long as it is read.</param>
    /// <exception cref="InspectionException">It is none of these, is broken, or cannot be read.</exception>
    /// <example><code>
    /// var report = Inspector.Inspect("onnxruntime.nupkg");
    /// var choice = Resolver.Choose(machine, report.Candidates);
    /// </code></example>
    public static InspectionReport Inspect(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (Directory.Exists(path))
                return Report(path, OfFolder(path));
            using var file = File.OpenHandle(path);
            var source = new FileSource(file);
            if (IsZip(source))
                return Report(path, OfZip(path));
            return FileInspector.Read(source, Path.GetFileName(path)) is { } read
                ? InspectionSummary.Of(path, [read], isWhole: false)
                : throw new InspectionException($"'{path}' is no ELF or PE file, no zip archive (.nupkg, .whl) and no folder.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            throw new InspectionException($"'{path}': {e.Message}", e);
        }
    }

    private static InspectionReport Report(string path, IEnumerable<InspectedFile> files)
    {
        var read = files.OrderBy(f => f.Path, StringComparer.Ordinal).ToArray();
        return read.Length > 0
            ? InspectionSummary.Of(path, read, isWhole: true) : throw new InspectionException($"'{path}' holds no ELF or PE file.");
    }

    private static IEnumerable<InspectedFile> OfFolder(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", WholeTree).Take(MostFiles))
        {
            using var file = File.OpenHandle(path);
            if (ReadMember(new FileSource(file), Path.GetRelativePath(folder, path).Replace('\\', '/')) is { } read)
                yield return read;
        }
    }

    private static IEnumerable<InspectedFile> OfZip(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        var unpacked = 0L;
        foreach (var entry in zip.Entries.Take(MostFiles))
        {
            if (entry.Length < 64)
                continue;
            using var content = entry.Open();
            var head = new byte[4];
            if (content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !IsBinary(head))
                continue;
            using var file = Temporary();
            unpacked += Copy(head, content, file, Math.Min(MostOfOne, MostUnpacked - unpacked), entry.FullName);
            if (ReadMember(new FileSource(file.SafeFileHandle), entry.FullName) is { } read)
                yield return read;
        }
    }

    // NVIDIA's own libraries in a package are what it brings along; what they serve does not say what the program serves.
    private static InspectedFile? ReadMember(ByteSource source, string path) =>
        FileInspector.Read(source, path, readsCode: CudaLibraryNames.Of(Path.GetFileName(path)) is null);

    private static long Copy(byte[] head, Stream content, FileStream file, long most, string name)
    {
        file.Write(head);
        var buffer = new byte[81920];
        for (int read; (read = content.Read(buffer, 0, buffer.Length)) > 0;)
        {
            if (file.Length + read > most)
                throw new InspectionException(FormattableString.Invariant($"'{name}' unpacks to more than {most >> 20} MB."));
            file.Write(buffer, 0, read);
        }

        file.Flush();
        return file.Length;
    }

    private static FileStream Temporary() => new(
        Path.Combine(Path.GetTempPath(), $"cudacompat-{Guid.NewGuid():N}"),
        FileMode.CreateNew,
        FileAccess.ReadWrite,
        FileShare.None,
        bufferSize: 1,
        FileOptions.DeleteOnClose);

    private static bool IsZip(ByteSource source)
    {
        Span<byte> head = stackalloc byte[4];
        return source.Fill(0, head) && head is [(byte)'P', (byte)'K', 3, 4] or [(byte)'P', (byte)'K', 5, 6];
    }

    private static bool IsBinary(ReadOnlySpan<byte> head) => head is [0x7F, (byte)'E', (byte)'L', (byte)'F'] or [(byte)'M', (byte)'Z', ..];
}

/// <summary>What should be inspected is no binary, package or folder, is broken, or cannot be read.</summary>
public sealed class InspectionException : Exception
{
    internal InspectionException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
