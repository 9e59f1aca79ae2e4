using System.Security.Cryptography;
using System.Text;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Refresh;

/// <summary>One captured document: its bytes, its source id and the rows that were read from it.</summary>
internal sealed class SourceFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly List<SourceRecord> _records = [];
    private string? _text;

    internal SourceFile(string path, string id, byte[] bytes, Provenance provenance)
    {
        Path = path;
        Id = id;
        Bytes = bytes;
        Provenance = provenance;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <summary>Relative to the folder of sources, with forward slashes.</summary>
    public string Path { get; }

    /// <summary>The source id that rows name.</summary>
    public string Id { get; }

    /// <summary>The bytes.</summary>
    public byte[] Bytes { get; }

    /// <summary>Where the copy came from.</summary>
    public Provenance Provenance { get; }

    /// <summary>Of the bytes.</summary>
    public string Sha256 { get; }

    /// <summary>The parser that read it, for data/sources.json.</summary>
    public string Parser { get; set; } = "";

    /// <summary>page | manifest | table | harvest | curated.</summary>
    public string Kind { get; set; } = "page";

    /// <summary>The rows read so far.</summary>
    public IReadOnlyList<SourceRecord> Records => _records;

    /// <summary>The text; a byte sequence that is not UTF-8 is an error.</summary>
    public string Text
    {
        get
        {
            try
            {
                return _text ??= Strict.GetString(Bytes.AsSpan().StartsWith("\uFEFF"u8) ? Bytes.AsSpan(3) : Bytes);
            }
            catch (DecoderFallbackException e)
            {
                throw new SourceFormatException(Path, $"byte {e.Index}", "not UTF-8.", e);
            }
        }
    }

    /// <summary>Counts a row of this file.</summary>
    public SourceRecord<T> Record<T>(string place, string key, T value)
    {
        var record = new SourceRecord<T>(this, place, key, value);
        _records.Add(record);
        return record;
    }

    /// <summary>Counts a row of this file.</summary>
    public TRecord Count<TRecord>(TRecord record)
        where TRecord : SourceRecord
    {
        _records.Add(record);
        return record;
    }

    /// <summary>An error in this file.</summary>
    public SourceFormatException Error(string place, string problem, Exception? inner = null) => new(Path, place, problem, inner);

    /// <summary>Its row of data/sources.json.</summary>
    public SourceRow ToRow() => new(Id, Provenance.Title ?? Path, Provenance.Url, Provenance.Date, Sha256, Parser, Kind, Provenance.Note);
}
