using System.Buffers;
using System.Buffers.Binary;
using CudaCompat.Binaries;
using CudaCompat.Versions;

namespace CudaCompat.Inspection;

/// <summary>Where code of one kind for one architecture lies, and in how many fatbins.</summary>
internal sealed class FoundCode
{
    public FoundCode(DeviceCodeEntry first, long payload)
    {
        Kind = first.Kind;
        Architecture = first.Architecture;
        IsExact = first.IsExact;
        Sample = first;
        SampleOffset = payload;
    }

    public DeviceCodeKind Kind { get; }

    /// <summary>The architecture without its suffix.</summary>
    public ComputeCapability Architecture { get; }

    public bool IsExact { get; }

    /// <summary>The fatbins that have it.</summary>
    public int Fatbins { get; set; }

    public int NewestPtxIsa { get; set; }

    /// <summary>The entry whose payload is the smallest: what is inside is read from one of them.</summary>
    public DeviceCodeEntry Sample { get; private set; }

    /// <summary>Where the payload of the sample begins.</summary>
    public long SampleOffset { get; private set; }

    public void Saw(DeviceCodeEntry entry, long payload)
    {
        NewestPtxIsa = Math.Max(NewestPtxIsa, entry.PtxIsa);
        if (entry.UnpackedSize < Sample.UnpackedSize)
            (Sample, SampleOffset) = (entry, payload);
    }
}

/// <summary>
/// Finds the fatbins of a file by their mark, wherever they lie: those that are registered with the runtime stand in a section of their
/// own, those that a library loads itself do not. What a fatbin spans is passed over, so that most of a file is not read.
/// </summary>
internal sealed class FatbinScanner
{
    // Every code of a fatbin is one bit; no file that was seen has more than thirty.
    private const int MostCodes = 64;
    private const int MostFatbins = 1_000_000, MostEntries = 4096, MostShapes = 65_536;
    private const int ContainerHeader = 16, WindowSize = 1 << 18;

    private readonly ByteSource _source;
    private readonly byte[] _window;
    private readonly Dictionary<(DeviceCodeKind, ComputeCapability, bool), int> _places = [];
    private long _windowStart;
    private int _windowLength;

    private FatbinScanner(ByteSource source, byte[] window)
    {
        _source = source;
        _window = window;
    }

    /// <summary>The code that was found, each kind and architecture once.</summary>
    public List<FoundCode> Codes { get; } = [];

    /// <summary>How many fatbins have exactly these codes, one bit each in the order of <see cref="Codes"/>.</summary>
    public Dictionary<ulong, int> Shapes { get; } = [];

    public int Fatbins { get; private set; }

    /// <summary>True where a fatbin ends behind the file, or there was more than is looked at.</summary>
    public bool IsCut { get; private set; }

    public bool HasZstd { get; private set; }

    public bool HasLz4 { get; private set; }

    private static ReadOnlySpan<byte> Mark => [0x50, 0xED, 0x55, 0xBA, 1, 0];

    public static FatbinScanner Scan(ByteSource source)
    {
        var window = ArrayPool<byte>.Shared.Rent(WindowSize);
        try
        {
            var scanner = new FatbinScanner(source, window);
            scanner.Run();
            return scanner;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    private void Run()
    {
        for (long at = 0; at + ContainerHeader < _source.Length && Fatbins < MostFatbins;)
        {
            var bytes = WindowAt(at);
            var found = bytes.IndexOf(Mark);
            if (found < 0)
                at += Math.Max(1, bytes.Length - Mark.Length + 1);
            else
                at = Math.Max(at + found + Mark.Length, Container(at + found));
        }

        IsCut |= Fatbins >= MostFatbins;
    }

    // The end of the container; no more than its beginning where it is none.
    private long Container(long at)
    {
        Span<byte> header = stackalloc byte[ContainerHeader];
        if (!Fill(at, header))
            return at;
        var headerSize = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        if (headerSize < ContainerHeader || size is < DeviceCodeEntry.SmallestHeader or > long.MaxValue / 4)
            return at;
        var end = at + headerSize + (long)size;
        ulong shape = 0;
        var entryAt = at + headerSize;
        Span<byte> bytes = stackalloc byte[DeviceCodeEntry.SmallestHeader];
        var entries = 0;
        for (; entryAt + bytes.Length <= end && entries < MostEntries && Fill(entryAt, bytes)
            && DeviceCodeEntry.Of(bytes) is { } entry; entries++)
        {
            var payload = entryAt + entry.HeaderSize;
            if (payload + entry.PayloadSize > end)
                break;
            shape |= BitOf(entry, payload);
            entryAt = payload + entry.PayloadSize;
        }

        // The mark alone is chance: a container begins with an entry.
        if (entries == 0)
            return at;
        Fatbins++;
        IsCut |= end > _source.Length;
        for (var i = 0; i < Codes.Count; i++)
            Codes[i].Fatbins += (int)(shape >> i & 1);
        if (Shapes.Count < MostShapes || Shapes.ContainsKey(shape))
            Shapes[shape] = Shapes.GetValueOrDefault(shape) + 1;
        else
            IsCut = true;
        return entryAt;
    }

    private ulong BitOf(DeviceCodeEntry entry, long payload)
    {
        HasZstd |= entry.Packing == PayloadPacking.Zstd;
        HasLz4 |= entry.Packing == PayloadPacking.Lz4;
        var key = (entry.Kind, entry.Architecture, entry.IsExact);
        if (!_places.TryGetValue(key, out var place))
        {
            if (Codes.Count == MostCodes)
            {
                IsCut = true;
                return 0;
            }

            place = Codes.Count;
            _places.Add(key, place);
            Codes.Add(new FoundCode(entry, payload));
        }

        Codes[place].Saw(entry, payload);
        return 1UL << place;
    }

    private ReadOnlySpan<byte> WindowAt(long at)
    {
        var inside = at - _windowStart;
        if (inside < 0 || inside + Mark.Length > _windowLength)
        {
            _windowStart = at;
            _windowLength = _source.Read(at, _window.AsSpan(0, WindowSize));
            inside = 0;
        }

        return _window.AsSpan((int)inside, _windowLength - (int)inside);
    }

    private bool Fill(long at, Span<byte> into)
    {
        if (at >= _windowStart && at + into.Length <= _windowStart + _windowLength)
        {
            _window.AsSpan((int)(at - _windowStart), into.Length).CopyTo(into);
            return true;
        }

        return _source.Fill(at, into);
    }
}
