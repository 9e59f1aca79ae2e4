using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CudaCompat.Tests.Environments;
using SharpCompress.Compressors.ZStandard;

namespace CudaCompat.Tests.Inspection;

/// <summary>Binaries with code for GPUs: fatbins that NVIDIA's fatbinary of CUDA 11.8 made of one small kernel (Fatbins/), and made ones for what that version does not make.</summary>
internal static class BinarySamples
{
    private const int HeaderSize = 64;

    /// <summary>fatbinary --image3=kind=elf,sm=75 --image3=kind=elf,sm=80 --image3=kind=ptx,sm=80, packed with --compress-all.</summary>
    public static byte[] Lz4Fatbin => Fatbin("cuda-11.8-lz4");

    /// <summary>The same without --compress-all: its PTX is packed all the same.</summary>
    public static byte[] PlainFatbin => Fatbin("cuda-11.8");

    /// <summary>A file of Linux with fatbins behind what its loader reads.</summary>
    public static byte[] Elf(string[] needed, params byte[][] fatbins) => [.. Padded(EnvironmentTree.Elf(null, needed)), .. fatbins.SelectMany(Padded)];

    public static byte[] Pe(string[] imports, params byte[][] fatbins) => [.. Padded(EnvironmentTree.Pe(imports)), .. fatbins.SelectMany(Padded)];

    /// <summary>A fatbin of entries.</summary>
    public static byte[] Container(params byte[][] entries)
    {
        var header = new byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xBA55ED50);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), 16);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), (ulong)entries.Sum(e => e.Length));
        return [.. header, .. entries.SelectMany(e => e)];
    }

    /// <summary>A cubin as CUDA 13 makes them: its note of tools names the target.</summary>
    public static byte[] Cubin(string target, bool zstd = true, ulong flags = 0x11)
    {
        var cubin = new byte[4000];
        Encoding.ASCII.GetBytes("\u007fELF").CopyTo(cubin, 0);
        cubin[7] = 65;
        Encoding.ASCII.GetBytes($"Cuda compilation tools, release 13.0, V13.0.88\0-arch {target} -m 64 \0").CopyTo(cubin, 1000);
        return Entry(2, ArchitectureOf(target), cubin, zstd, flags);
    }

    public static byte[] Ptx(string target, bool zstd = true, string isa = "9.0") =>
        Entry(1, ArchitectureOf(target), Encoding.ASCII.GetBytes($"//\n.version {isa}\n.target {target}\n.address_size 64\n{new string('/', 500)}\0"), zstd, 0x11, isa);

    private static int ArchitectureOf(string target) => int.Parse(target[3..].TrimEnd('a', 'f'), System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Entry(int kind, int architecture, byte[] payload, bool zstd, ulong flags, string isa = "0.0")
    {
        var packed = payload;
        if (zstd)
        {
            using var into = new MemoryStream();
            using (var pack = new CompressionStream(into))
                pack.Write(payload, 0, payload.Length);
            packed = into.ToArray();
        }

        var header = new byte[HeaderSize];
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)kind);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), 0x101);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), HeaderSize);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), (ulong)(packed.Length + 7) / 8 * 8);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), zstd ? (uint)packed.Length : 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(24), ushort.Parse(isa.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(26), ushort.Parse(isa.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(28), (uint)architecture);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(40), flags | (zstd ? 0x8000UL : 0));
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(56), zstd ? (ulong)payload.Length : 0);
        return [.. header, .. Padded(packed)];
    }

    /// <summary>A zip archive of files.</summary>
    public static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static byte[] Fatbin(string name) => File.ReadAllBytes(Path.Combine(SharedCaptures.Repository, "tests", "CudaCompat.Tests", "Inspection", "Fatbins", name + ".fatbin"));

    private static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[(8 - bytes.Length % 8) % 8]];
}
