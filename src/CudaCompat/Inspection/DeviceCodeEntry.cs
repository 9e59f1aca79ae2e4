using System.Buffers.Binary;
using CudaCompat.Versions;

namespace CudaCompat.Inspection;

/// <summary>What an entry of a fatbin holds.</summary>
internal enum DeviceCodeKind
{
    /// <summary>PTX, which a driver compiles.</summary>
    Ptx = 1,

    /// <summary>A cubin: native code.</summary>
    Sass = 2,

    /// <summary>Code for the linker (NVVM), which no driver loads.</summary>
    LtoIr = 8,
}

/// <summary>How the payload of an entry is packed.</summary>
internal enum PayloadPacking
{
    None,

    Lz4,

    Zstd,
}

/// <summary>
/// One entry of a fatbin, as its header says. NVIDIA documents the container nowhere: the layout was measured on 45,000 fatbins of CUDA
/// 11.8 to 13.1 against what cuobjdump prints of them.
/// </summary>
internal readonly record struct DeviceCodeEntry
{
    public const int SmallestHeader = 64;
    private const int LargestHeader = 4096, HighestArchitecture = 999;
    private const ulong Lz4Flag = 0x2000, ZstdFlag = 0x8000, ExactTargetFlag = 0x100000;

    public DeviceCodeKind Kind { get; private init; }

    /// <summary>The architecture without its suffix.</summary>
    public ComputeCapability Architecture { get; private init; }

    /// <summary>True where the entry is marked as one for exactly this architecture ("a").</summary>
    public bool IsExact { get; private init; }

    /// <summary>The version of the PTX instruction set as major·100 + minor; 0 of other code.</summary>
    public int PtxIsa { get; private init; }

    public PayloadPacking Packing { get; private init; }

    public int HeaderSize { get; private init; }

    /// <summary>The bytes up to the next entry.</summary>
    public long PayloadSize { get; private init; }

    /// <summary>The bytes of the payload that count: without what pads it.</summary>
    public long PackedSize { get; private init; }

    public long UnpackedSize { get; private init; }

    /// <summary>The entry of a header, or null where it is none.</summary>
    /// <param name="header">At least <see cref="SmallestHeader"/> bytes.</param>
    public static DeviceCodeEntry? Of(ReadOnlySpan<byte> header)
    {
        var headerSize = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        var payload = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        var architecture = BinaryPrimitives.ReadUInt32LittleEndian(header[28..]);
        if (headerSize is < SmallestHeader or > LargestHeader || payload is 0 or > long.MaxValue / 2
            || architecture is < 10 or > HighestArchitecture)
            return null;
        var kind = (DeviceCodeKind)BinaryPrimitives.ReadUInt16LittleEndian(header);
        var flags = BinaryPrimitives.ReadUInt64LittleEndian(header[40..]);
        var packed = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
        var unpacked = BinaryPrimitives.ReadUInt64LittleEndian(header[56..]);
        return new DeviceCodeEntry
        {
            Kind = kind,
            Architecture = new ComputeCapability((int)architecture / 10, (int)architecture % 10),
            IsExact = (flags & ExactTargetFlag) != 0,
            PtxIsa = kind == DeviceCodeKind.Ptx
                ? IsaOf(BinaryPrimitives.ReadUInt16LittleEndian(header[26..]), BinaryPrimitives.ReadUInt16LittleEndian(header[24..])) : 0,
            Packing = (flags & ZstdFlag) != 0 ? PayloadPacking.Zstd : (flags & Lz4Flag) != 0 ? PayloadPacking.Lz4 : PayloadPacking.None,
            HeaderSize = (int)headerSize,
            PayloadSize = (long)payload,
            PackedSize = packed == 0 ? (long)payload : Math.Min(packed, (long)payload),
            UnpackedSize = unpacked == 0 ? (long)payload : (long)Math.Min(unpacked, long.MaxValue),
        };
    }

    // No instruction set has numbers of three digits: such are no version.
    private static int IsaOf(int major, int minor) => major < 100 && minor < 100 ? major * 100 + minor : 0;
}
