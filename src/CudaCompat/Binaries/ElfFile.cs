using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CudaCompat.Versions;

namespace CudaCompat.Binaries;

/// <summary>
/// The dynamic section of an ELF file (System V gABI, chapter 5): SONAME, NEEDED, RPATH, RUNPATH, and the versions of symbols that it
/// needs. Reads headers and single strings alone, so a library of a gigabyte costs a few small reads. 64-bit, either byte order. No number
/// in it is trusted: what lies outside of the file is not there.
/// </summary>
internal static class ElfFile
{
    private const int ProgramLoad = 1, ProgramDynamic = 2;
    private const long TagEnd = 0, TagNeeded = 1, TagStrings = 5, TagName = 14, TagRpath = 15, TagRunpath = 29, TagVersions = 0x6FFFFFFE;
    private const int HeaderSize = 64, ProgramSize = 56, EntrySize = 16, VersionSize = 16;
    private const int MaximumHeaders = 256, MaximumEntries = 4096, MaximumString = 4096;

    // A file with packed relocations asks for this name in place of a number; glibc has it since 2.36.
    private const string GlibcPrefix = "GLIBC_", PackedRelocations = "GLIBC_ABI_DT_RELR", WithPackedRelocations = "2.36";

    public static SharedLibrary? Read(ByteSource file, string path)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (!file.Fill(0, header) || header[4] != 2)
            return null;
        var order = new ByteOrder(header[5] == 1);
        var machine = order.Short(header[18..]) switch
        {
            62 =>
            "x86_64",
            183 => "aarch64",
            var other => other.ToString(CultureInfo.InvariantCulture)
        };
        long programs = order.Long(header[32..]), sections = order.Long(header[40..]);
        int count = order.Short(header[56..]), sectionSize = order.Short(header[58..]), sectionCount = order.Short(header[60..]);
        var end = sections > 0 && sectionCount > 0 ? sections + (long)sectionSize * sectionCount : 0;
        if (count is 0 or > MaximumHeaders || order.Short(header[54..]) != ProgramSize)
            return null;

        var table = new byte[count * ProgramSize];
        var isWhole = file.Fill(programs, table);
        var loads = new List<(long Offset, long Address, long Size)>();
        (long Offset, long Size) dynamic = default;
        for (var at = 0; isWhole && at < table.Length; at += ProgramSize)
        {
            var program = table.AsSpan(at, ProgramSize);
            var part = (Offset: order.Long(program[8..]), Address: order.Long(program[16..]), Size: order.Long(program[32..]));
            end = Math.Max(end, unchecked(part.Offset + part.Size));
            if (order.Int(program) == ProgramLoad)
                loads.Add(part);
            else if (order.Int(program) == ProgramDynamic)
                dynamic = (part.Offset, part.Size);
        }

        var library = new SharedLibrary
        {
            Path = path,
            Format = BinaryFormat.Elf,
            Machine = machine,
            IsCut = !isWhole || end > file.Length,
            KnowsItsEnd = sections > 0,
        };
        return dynamic.Size > 0 && dynamic.Offset >= 0 && dynamic.Offset < file.Length - EntrySize
            ? WithEntries(library, file, order, loads, dynamic) : library;
    }

    private static SharedLibrary WithEntries(
        SharedLibrary library, ByteSource file, ByteOrder order, List<(long Offset, long Address, long Size)> loads, (long Offset, long Size) dynamic)
    {
        var table = new byte[Math.Min(dynamic.Size / EntrySize, MaximumEntries) * EntrySize];
        var read = file.Read(dynamic.Offset, table);
        long strings = -1, versions = -1;
        var entries = new List<(long Tag, long Value)>();
        for (var at = 0; at + EntrySize <= read; at += EntrySize)
        {
            var (tag, value) = (order.Long(table.AsSpan(at)), order.Long(table.AsSpan(at + 8)));
            if (tag == TagEnd)
                break;
            if (tag == TagStrings)
                strings = OffsetOf(value, loads);
            else if (tag == TagVersions)
                versions = OffsetOf(value, loads);
            else if (tag is TagNeeded or TagName or TagRpath or TagRunpath)
                entries.Add((tag, value));
        }

        if (strings < 0)
            return library;
        return library with
        {
            Needed = [.. entries.Where(e => e.Tag == TagNeeded).Select(e => Text(file, unchecked(strings + e.Value))).OfType<string>()],
            Name = TextOf(TagName),
            Rpath = TextOf(TagRpath),
            Runpath = TextOf(TagRunpath),
            Glibc = Glibc(file, order, versions, strings),
        };

        string? TextOf(long tag) =>
            entries.Exists(e => e.Tag == tag) ? Text(file, unchecked(strings + entries.Find(e => e.Tag == tag).Value)) : null;
    }

    // .gnu.version_r: for each library the names of the versions that are needed of it, a list of lists.
    private static DottedVersion? Glibc(ByteSource file, ByteOrder order, long at, long strings)
    {
        DottedVersion? newest = null;
        Span<byte> entry = stackalloc byte[VersionSize];
        for (var files = 0; at >= 0 && files < MaximumEntries && file.Fill(at, entry); files++)
        {
            int names = order.Short(entry[2..]), next = order.Int(entry[12..]);
            var name = unchecked(at + (uint)order.Int(entry[8..]));
            for (var i = 0; i < names && i < MaximumEntries && file.Fill(name, entry); i++)
            {
                var text = Text(file, unchecked(strings + (uint)order.Int(entry[8..])));
                var number = text == PackedRelocations
                    ? WithPackedRelocations : text?.StartsWith(GlibcPrefix, StringComparison.Ordinal) == true
                        ? text[GlibcPrefix.Length..] : null;
                if (DottedVersion.TryParse(number, out var version) && (newest is not { } known || version > known))
                    newest = version;
                if (order.Int(entry[12..]) is not (var step and > 0))
                    break;
                name = unchecked(name + step);
            }

            if (next <= 0)
                break;
            at = unchecked(at + next);
        }

        return newest;
    }

    private static long OffsetOf(long address, List<(long Offset, long Address, long Size)> loads)
    {
        foreach (var load in loads)
        {
            if (address >= load.Address && unchecked(address - load.Address) is var inside and >= 0 && inside < load.Size)
                return unchecked(inside + load.Offset);
        }

        return -1;
    }

    private static string? Text(ByteSource file, long offset)
    {
        Span<byte> buffer = stackalloc byte[128];
        var text = new StringBuilder();
        while (offset >= 0 && text.Length < MaximumString)
        {
            var read = file.Read(offset, buffer);
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
        public int Short(ReadOnlySpan<byte> at) =>
            isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

        public int Int(ReadOnlySpan<byte> at) =>
            isLittle ? BinaryPrimitives.ReadInt32LittleEndian(at) : BinaryPrimitives.ReadInt32BigEndian(at);

        public long Long(ReadOnlySpan<byte> at) =>
            isLittle ? BinaryPrimitives.ReadInt64LittleEndian(at) : BinaryPrimitives.ReadInt64BigEndian(at);
    }
}
