using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CudaCompat.Environments.Libraries;

/// <summary>The imports of a PE file (the import directory; delay-loaded libraries are not asked for when it is loaded and are left out).</summary>
internal static class PeFile
{
    private const int MaximumImports = 1024, MaximumSections = 96;

    public static SharedLibrary? Read(SafeFileHandle file, string path)
    {
        var length = RandomAccess.GetLength(file);
        Span<byte> word = stackalloc byte[4];
        if (RandomAccess.Read(file, word, 0x3C) < 4)
            return null;
        long header = BinaryPrimitives.ReadUInt32LittleEndian(word);
        Span<byte> pe = stackalloc byte[24 + 240];
        var read = RandomAccess.Read(file, pe, header);
        if (read < 24 + 96 || pe is not [(byte)'P', (byte)'E', 0, 0, ..])
            return null;
        var machine = BinaryPrimitives.ReadUInt16LittleEndian(pe[4..]) switch
        {
            0x8664 => "x86_64",
            0xAA64 => "aarch64",
            var other => other.ToString("x", System.Globalization.CultureInfo.InvariantCulture),
        };
        int sections = BinaryPrimitives.ReadUInt16LittleEndian(pe[6..]), optional = BinaryPrimitives.ReadUInt16LittleEndian(pe[20..]);
        var directories = BinaryPrimitives.ReadUInt16LittleEndian(pe[24..]) == 0x20B ? 24 + 112 : 24 + 96;
        if (sections is 0 or > MaximumSections || read < directories + 16)
            return null;

        var table = new byte[sections * 40];
        var isWhole = RandomAccess.Read(file, table, header + 24 + optional) == table.Length;
        var places = new List<(uint Address, uint Size, uint Offset)>();
        long end = 0;
        for (var at = 0; isWhole && at < table.Length; at += 40)
        {
            uint Number(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(at + offset));
            places.Add((Number(12), Math.Max(Number(8), Number(16)), Number(20)));
            end = Math.Max(end, Number(20) + (long)Number(16));
        }

        return new SharedLibrary
        {
            Path = path,
            Machine = machine,
            Name = Path.GetFileName(path),
            IsCut = !isWhole || end > length,
            KnowsItsEnd = end > 0,
            Needed = Imports(file, BinaryPrimitives.ReadUInt32LittleEndian(pe[(directories + 8)..]), places),
        };
    }

    private static List<string> Imports(SafeFileHandle file, uint address, List<(uint Address, uint Size, uint Offset)> places)
    {
        var names = new List<string>();
        Span<byte> entry = stackalloc byte[20];
        Span<byte> text = stackalloc byte[256];
        for (var at = OffsetOf(address, places); at > 0 && names.Count < MaximumImports; at += entry.Length)
        {
            if (RandomAccess.Read(file, entry, at) < entry.Length || BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]) is not (var name and > 0))
                break;
            var read = RandomAccess.Read(file, text, OffsetOf(name, places));
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
