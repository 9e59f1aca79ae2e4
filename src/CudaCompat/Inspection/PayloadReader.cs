using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using CudaCompat.Binaries;
using CudaCompat.Versions;
using SharpCompress.Common;
using SharpCompress.Compressors.ZStandard;
using SharpCompress.Compressors.ZStandard.Unsafe;

namespace CudaCompat.Inspection;

/// <summary>What the code itself says of where it runs and what made it.</summary>
/// <param name="Target">The architecture with its suffix; null where it does not say.</param>
/// <param name="Cuda">The CUDA whose compiler made it; null where it does not say.</param>
internal readonly record struct PayloadFacts(ComputeCapability? Target, CudaVersion? Cuda);

/// <summary>
/// Unpacks the code of one entry as far as it is needed, and reads its target: of PTX from its first lines, of a cubin from its header and
/// its note of tools.
/// </summary>
internal static class PayloadReader
{
    private const int MostUnpacked = 16 << 20, MostPacked = 16 << 20, PtxHead = 4096, MostWindowBits = 24;
    private const int AbiPlace = 7, VersionPlace = 20, FlagsPlace = 48, CubinHeader = 64;

    // Cubins of CUDA 13, and of some targets of 12.9, have another form of header: their note of tools says the rest.
    private const byte NewAbi = 65;
    private const uint ExactFlag = 0x800;

    public static PayloadFacts Read(ByteSource source, FoundCode code)
    {
        var wanted = code.Kind == DeviceCodeKind.Ptx ? PtxHead : (int)Math.Min(code.Sample.UnpackedSize, MostUnpacked);
        var unpacked = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, CubinHeader));
        try
        {
            var bytes = unpacked.AsSpan(0, Unpack(source, code.Sample, code.SampleOffset, unpacked.AsSpan(0, wanted)));
            return code.Kind switch { DeviceCodeKind.Ptx => OfPtx(bytes), DeviceCodeKind.Sass => OfCubin(bytes), _ => default };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(unpacked);
        }
    }

    private static int Unpack(ByteSource source, DeviceCodeEntry entry, long offset, Span<byte> into)
    {
        if (entry.Packing == PayloadPacking.None)
            return source.Read(offset, into[..(int)Math.Min(into.Length, entry.PackedSize)]);
        if (entry.Packing == PayloadPacking.Zstd)
            return Zstd(new SourceStream(source, offset, entry.PackedSize), into);
        var packed = ArrayPool<byte>.Shared.Rent((int)Math.Min(entry.PackedSize, MostPacked));
        try
        {
            var read = source.Read(offset, packed.AsSpan(0, (int)Math.Min(entry.PackedSize, MostPacked)));
            return Lz4Block.Unpack(packed.AsSpan(0, read), into);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    private static int Zstd(SourceStream packed, Span<byte> into)
    {
        var done = 0;
        try
        {
            using var stream = new DecompressionStream(packed);
            stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MostWindowBits);
            while (done < into.Length && stream.Read(into[done..]) is var read and > 0)
                done += read;
        }
        catch (Exception e) when (IsOfBrokenData(e))
        {
            return done; // broken: what was good of it counts
        }

        return done;
    }

    // Whatever an unpacker of other people's bytes may run into.
    private static bool IsOfBrokenData(Exception e) => e is SharpCompressException or ZstdException or IOException or InvalidOperationException
        or ArgumentException or NotSupportedException or IndexOutOfRangeException or OverflowException;

    // ".version 8.4" and ".target sm_90a, debug" stand in the first lines.
    private static PayloadFacts OfPtx(ReadOnlySpan<byte> text) => new(TargetBehind(text, ".target "u8), null);

    private static PayloadFacts OfCubin(ReadOnlySpan<byte> cubin)
    {
        if (cubin.Length < CubinHeader || cubin is not [0x7F, (byte)'E', (byte)'L', (byte)'F', ..])
            return default;
        if (cubin[AbiPlace] == NewAbi)
            return new PayloadFacts(TargetBehind(cubin, "-arch sm_"u8) ?? TargetBehind(cubin, "-arch "u8), ReleaseIn(cubin));
        // The version of an older cubin is its CUDA, 124 for 12.4; the low byte of its flags is the architecture.
        var version = BinaryPrimitives.ReadUInt32LittleEndian(cubin[VersionPlace..]);
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(cubin[FlagsPlace..]);
        var architecture = (int)(flags & 0xFF);
        return new PayloadFacts(
            architecture >= 10 ? new ComputeCapability(architecture / 10, architecture % 10, (flags & ExactFlag) != 0 ? 'a' : null) : null,
            version is >= 50 and < 1000 ? new CudaVersion((int)version / 10, (int)version % 10) : null);
    }

    private static ComputeCapability? TargetBehind(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> words)
    {
        var at = bytes.IndexOf(words);
        if (at < 0)
            return null;
        var rest = bytes[(at + words.Length)..];
        if (rest.StartsWith("sm_"u8))
            rest = rest[3..];
        if (!Utf8Parser.TryParse(rest, out int number, out var digits) || number is < 10 or > 999)
            return null;
        char? suffix = digits < rest.Length && rest[digits] is (byte)'a' or (byte)'f' ? (char)rest[digits] : null;
        return new ComputeCapability(number / 10, number % 10, suffix);
    }

    // "Cuda compilation tools, release 13.0, V13.0.88"
    private static CudaVersion? ReleaseIn(ReadOnlySpan<byte> bytes)
    {
        var words = "tools, release "u8;
        var at = bytes.IndexOf(words);
        if (at < 0)
            return null;
        var rest = bytes[(at + words.Length)..];
        return Utf8Parser.TryParse(rest, out int major, out var digits) && digits + 1 < rest.Length && rest[digits] == '.'
            && Utf8Parser.TryParse(rest[(digits + 1)..], out int minor, out _)
            && major is > 0 and < 100 && minor is >= 0 and < 100 ? new CudaVersion(major, minor) : null;
    }
}
