using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace CudaCompat.Execution.Tests;

/// <summary>Makes small archives in the true shape of the redistributables, and hostile ones.</summary>
internal static class Archives
{
    private static readonly DateTimeOffset Day = new(2025, 8, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A tar of files, and of links where the content begins with "->".</summary>
    public static byte[] Tar(string top, params (string Name, string Content)[] files) => Tar(writer =>
    {
        writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, top + "/") { ModificationTime = Day, Mode = (UnixFileMode)0x1ED });
        foreach (var (name, content) in files)
        {
            writer.WriteEntry(content.StartsWith("->", StringComparison.Ordinal)
                ? new PaxTarEntry(TarEntryType.SymbolicLink, $"{top}/{name}") { LinkName = content[2..], ModificationTime = Day }
                : new PaxTarEntry(TarEntryType.RegularFile, $"{top}/{name}")
                {
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
                    ModificationTime = Day,
                    Mode = (UnixFileMode)(name.StartsWith("bin/", StringComparison.Ordinal) ? 0x1ED : 0x1A4),
                });
        }
    });

    public static byte[] Tar(Action<TarWriter> write)
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
            write(writer);
        return stream.ToArray();
    }

    public static byte[] Gz(byte[] tar)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(tar);
        return stream.ToArray();
    }

    public static byte[] Xz(byte[] data)
    {
        using var xz = Process.Start(new ProcessStartInfo("xz", ["-1", "--stdout"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var output = new MemoryStream();
        var input = new Thread(() =>
        {
            xz.StandardInput.BaseStream.Write(data);
            xz.StandardInput.Close();
        });
        input.Start();
        xz.StandardOutput.BaseStream.CopyTo(output);
        input.Join();
        xz.WaitForExit();
        return output.ToArray();
    }

    public static byte[] Zip(params (string Name, string Content)[] files) => Zip(zip =>
    {
        foreach (var (name, content) in files)
        {
            var entry = zip.CreateEntry(name);
            entry.LastWriteTime = Day;
            using var stream = entry.Open();
            stream.Write(Encoding.UTF8.GetBytes(content));
        }
    });

    public static byte[] Zip(Action<ZipArchive> write)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            write(zip);
        return stream.ToArray();
    }
}
