using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CudaCompat.Data.Refresh;

/// <summary>One document of a source.</summary>
/// <param name="path">In a recording; messages name it.</param>
/// <param name="id">The source, which rows name.</param>
/// <param name="url">The address that was asked for.</param>
/// <param name="bytes">Unpacked.</param>
internal sealed partial class SourceFile(string path, string id, string url, byte[] bytes)
{
    private const int Head = 2048;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private string? _text;

    static SourceFile() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>In a recording, with forward slashes.</summary>
    public string Path => path;

    /// <summary>The source id that rows name.</summary>
    public string Id => id;

    /// <summary>The address.</summary>
    public string Url => url;

    /// <summary>The bytes.</summary>
    public byte[] Bytes => bytes;

    /// <summary>Of the bytes.</summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The text: UTF-8, or the character set that a page declares in its head; bytes that are neither are an error.</summary>
    public string Text
    {
        get
        {
            try
            {
                return _text ??= Strict.GetString(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes);
            }
            catch (DecoderFallbackException e)
            {
                return _text = Declared() ?? throw new SourceFormatException(path, $"byte {e.Index}", "not UTF-8, and no other character set is declared.", e);
            }
        }
    }

    /// <summary>An error in this document.</summary>
    public SourceFormatException Error(string place, string problem, Exception? inner = null) => new(path, place, problem, inner);

    private string? Declared()
    {
        try
        {
            return Charset().Match(Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, Head))) is { Success: true } match
                ? Encoding.GetEncoding(match.Groups[1].Value, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetString(bytes) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"<meta[^>]+charset=[""']?([A-Za-z0-9_-]+)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Charset();
}
