using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace CudaCompat.Binaries;

/// <summary>
/// The imports of a PE file: the import directory, and the delay-import directory, whose libraries are not asked for before they are
/// called. No number in it is trusted: what lies outside of the file is not there.
/// </summary>
internal static class PeFile
{
    private const int MaximumImports = 1024, MaximumSections = 96;
    private const int ImportDirectory = 1, DelayDirectory = 13, DirectorySize = 8, ImportSize = 20, DelaySize = 32;
    private const int SectionSize = 40, HeaderSize = 24;

    public static SharedLibrary? Read(ByteSource file, string path)
    {
        Span<byte> word = stackalloc byte[4];
        if (!file.Fill(0x3C, word))
            return null;
        long header = BinaryPrimitives.ReadUInt32LittleEndian(word);
        Span<byte> pe = stackalloc byte[HeaderSize + 240];
        var read = file.Read(header, pe);
        if (read < HeaderSize + 96 || pe is not [(byte)'P', (byte)'E', 0, 0, ..])
            return null;
        var machine = BinaryPrimitives.ReadUInt16LittleEndian(pe[4..]) switch
        {
            0x8664 => "x86_64",
            0xAA64 => "aarch64",
            var other => other.ToString("x", CultureInfo.InvariantCulture),
        };
        int sections = BinaryPrimitives.ReadUInt16LittleEndian(pe[6..]), optional = BinaryPrimitives.ReadUInt16LittleEndian(pe[20..]);
        var directories = BinaryPrimitives.ReadUInt16LittleEndian(pe[HeaderSize..]) == 0x20B ? HeaderSize + 112 : HeaderSize + 96;
        if (sections is 0 or > MaximumSections || read < directories + 16)
            return null;

        var table = new byte[sections * SectionSize];
        var isWhole = file.Fill(header + HeaderSize + optional, table);
        var places = new List<(uint Address, uint Size, uint Offset)>();
        long end = 0;
        for (var at = 0; isWhole && at < table.Length; at += SectionSize)
        {
            uint Number(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(at + offset));
            places.Add((Number(12), Math.Max(Number(8), Number(16)), Number(20)));
            end = Math.Max(end, Number(20) + (long)Number(16));
        }

        return new SharedLibrary
        {
            Path = path,
            Format = BinaryFormat.Pe,
            Machine = machine,
            Name = Path.GetFileName(path),
            IsCut = !isWhole || end > file.Length,
            KnowsItsEnd = end > 0,
            Needed = Names(file, AddressOf(pe[..read], directories, optional, ImportDirectory), places, ImportSize, nameAt: 12),
            Delayed = Names(file, AddressOf(pe[..read], directories, optional, DelayDirectory), places, DelaySize, nameAt: 4),
        };
    }

    // A directory behind the end of the optional header is not there.
    private static uint AddressOf(ReadOnlySpan<byte> pe, int directories, int optional, int directory)
    {
        var at = directories + directory * DirectorySize;
        return at + DirectorySize <= Math.Min(pe.Length, HeaderSize + optional) ? BinaryPrimitives.ReadUInt32LittleEndian(pe[at..]) : 0;
    }

    private static List<string> Names(
        ByteSource file, uint address, List<(uint Address, uint Size, uint Offset)> places, int size, int nameAt)
    {
        var names = new List<string>();
        Span<byte> entry = stackalloc byte[size];
        Span<byte> text = stackalloc byte[256];
        for (var at = address == 0 ? 0 : OffsetOf(address, places); at > 0 && names.Count < MaximumImports; at += size)
        {
            if (!file.Fill(at, entry) || BinaryPrimitives.ReadUInt32LittleEndian(entry[nameAt..]) is not (var name and > 0))
                break;
            var read = file.Read(OffsetOf(name, places), text);
            var end = text[..read].IndexOf((byte)0);
            if (end > 0)
                names.Add(Encoding.ASCII.GetString(text[..end]));
        }

        return names;
    }

    private static long OffsetOf(uint address, List<(uint Address, uint Size, uint Offset)> places)
    {
        foreach (var place in places)
        {
            if (address >= place.Address && address - place.Address < place.Size)
                return place.Offset + (long)(address - place.Address);
        }

        return 0;
    }
}
