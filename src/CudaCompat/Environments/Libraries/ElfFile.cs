using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CudaCompat.Environments.Libraries;

/// <summary>
/// The dynamic section of an ELF file (System V gABI, chapter 5): SONAME, NEEDED, RPATH, RUNPATH. Reads headers and single strings alone, so a
/// library of a gigabyte costs a few small reads. 64-bit, either byte order.
/// </summary>
internal static class ElfFile
{
    private const int ProgramLoad = 1, ProgramDynamic = 2;
    private const int TagEnd = 0, TagNeeded = 1, TagStrings = 5, TagName = 14, TagRpath = 15, TagRunpath = 29;
    private const int HeaderSize = 64, ProgramSize = 56, EntrySize = 16;
    private const int MaximumHeaders = 256, MaximumEntries = 4096, MaximumString = 4096;

    public static SharedLibrary? Read(SafeFileHandle file, string path)
    {
        var length = RandomAccess.GetLength(file);
        Span<byte> header = stackalloc byte[HeaderSize];
        if (RandomAccess.Read(file, header, 0) < HeaderSize || header[4] != 2)
            return null;
        var order = new ByteOrder(header[5] == 1);
        var machine = order.Short(header[18..]) switch { 62 => "x86_64", 183 => "aarch64", var other => other.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        long programs = order.Long(header[32..]), sections = order.Long(header[40..]);
        int count = order.Short(header[56..]), sectionSize = order.Short(header[58..]), sectionCount = order.Short(header[60..]);
        var end = sections > 0 && sectionCount > 0 ? sections + (long)sectionSize * sectionCount : 0;
        if (count is 0 or > MaximumHeaders || order.Short(header[54..]) != ProgramSize)
            return null;

        var table = new byte[count * ProgramSize];
        var isWhole = RandomAccess.Read(file, table, programs) == table.Length;
        var loads = new List<(long Offset, long Address, long Size)>();
        (long Offset, long Size) dynamic = default;
        for (var at = 0; isWhole && at < table.Length; at += ProgramSize)
        {
            var program = table.AsSpan(at, ProgramSize);
            var part = (Offset: order.Long(program[8..]), Address: order.Long(program[16..]), Size: order.Long(program[32..]));
            end = Math.Max(end, part.Offset + part.Size);
            if (order.Int(program) == ProgramLoad)
                loads.Add(part);
            else if (order.Int(program) == ProgramDynamic)
                dynamic = (part.Offset, part.Size);
        }

        var library = new SharedLibrary { Path = path, Machine = machine, IsCut = !isWhole || end > length, KnowsItsEnd = sections > 0 };
        return dynamic.Size > 0 && dynamic.Offset + EntrySize <= length ? WithEntries(library, file, order, loads, dynamic) : library;
    }

    private static SharedLibrary WithEntries(
        SharedLibrary library, SafeFileHandle file, ByteOrder order, List<(long Offset, long Address, long Size)> loads, (long Offset, long Size) dynamic)
    {
        var table = new byte[Math.Min(dynamic.Size / EntrySize, MaximumEntries) * EntrySize];
        var read = RandomAccess.Read(file, table, dynamic.Offset);
        long strings = -1;
        var entries = new List<(long Tag, long Value)>();
        for (var at = 0; at + EntrySize <= read; at += EntrySize)
        {
            var (tag, value) = (order.Long(table.AsSpan(at)), order.Long(table.AsSpan(at + 8)));
            if (tag == TagEnd)
                break;
            if (tag == TagStrings)
                strings = OffsetOf(value, loads);
            else if (tag is TagNeeded or TagName or TagRpath or TagRunpath)
                entries.Add((tag, value));
        }

        if (strings < 0)
            return library;
        return library with
        {
            Needed = [.. entries.Where(e => e.Tag == TagNeeded).Select(e => Text(file, strings + e.Value)).OfType<string>()],
            Name = TextOf(TagName),
            Rpath = TextOf(TagRpath),
            Runpath = TextOf(TagRunpath),
        };

        string? TextOf(long tag) => entries.Exists(e => e.Tag == tag) ? Text(file, strings + entries.Find(e => e.Tag == tag).Value) : null;
    }

    private static long OffsetOf(long address, List<(long Offset, long Address, long Size)> loads)
    {
        foreach (var load in loads)
        {
            if (address >= load.Address && address < load.Address + load.Size)
                return address - load.Address + load.Offset;
        }

        return -1;
    }

    private static string? Text(SafeFileHandle file, long offset)
    {
        Span<byte> buffer = stackalloc byte[128];
        var text = new StringBuilder();
        while (offset >= 0 && text.Length < MaximumString)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            var end = buffer[..read].IndexOf((byte)0);
            text.Append(Encoding.UTF8.GetString(buffer[..(end < 0 ? read : end)]));
            if (end >= 0)
                return text.ToString();
            if (read == 0)
                break;
            offset += read;
        }

        return null;
    }

    private readonly struct ByteOrder(bool isLittle)
    {
        public int Short(ReadOnlySpan<byte> at) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

        public int Int(ReadOnlySpan<byte> at) => isLittle ? BinaryPrimitives.ReadInt32LittleEndian(at) : BinaryPrimitives.ReadInt32BigEndian(at);

        public long Long(ReadOnlySpan<byte> at) => isLittle ? BinaryPrimitives.ReadInt64LittleEndian(at) : BinaryPrimitives.ReadInt64BigEndian(at);
    }
}
