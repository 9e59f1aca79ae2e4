using System.Text;

namespace CudaCompat.Detection.Text;

/// <summary>
/// The text in bytes that a console, an editor or a browser wrote: UTF-8 and UTF-16 are known by themselves; of the older code pages that one counts in
/// which the text says something, since their bytes do not tell them apart.
/// </summary>
internal static class PastedBytes
{
    private const int Sampled = 256 * 1024;

    // Those of two bytes go first: in one of single bytes no byte is ever wrong.
    private static readonly int[] CodePages = [936, 950, 932, 949, 437, 850, 1252, 1251];

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Marked(bytes) is { } marked)
            return marked;
        if (Zeros(bytes) is { } wide)
            return wide.GetString(bytes);
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return CodePage(bytes).GetString(bytes);
        }
    }

    private static string? Marked(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8.GetString(bytes[3..]),
        [0xFF, 0xFE, 0, 0, ..] => Encoding.UTF32.GetString(bytes[4..]),
        [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(bytes[2..]),
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(bytes[2..]),
        _ => null,
    };

    // UTF-16 without its mark: every second byte of plain text is zero.
    private static Encoding? Zeros(ReadOnlySpan<byte> bytes)
    {
        var sample = bytes[..Math.Min(bytes.Length, 4096)];
        int even = 0, odd = 0;
        for (var i = 0; i < sample.Length; i++)
        {
            if (sample[i] == 0 && i % 2 == 0)
                even++;
            else if (sample[i] == 0)
                odd++;
        }

        return odd > sample.Length / 5 && even < odd / 4 ? Encoding.Unicode : even > sample.Length / 5 && odd < even / 4 ? Encoding.BigEndianUnicode : null;
    }

    private static Encoding CodePage(ReadOnlySpan<byte> bytes)
    {
        var sample = bytes[..Math.Min(bytes.Length, Sampled)].ToArray();
        Encoding? best = null;
        foreach (var page in CodePages)
        {
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(page)!;
            var text = encoding.GetString(sample);
            var reading = NvidiaSmiText.Parse(text);
            if (!reading.HasFacts && reading.Tools is null && reading.Failure is null or { Kind: DetectionFailure.Unrecognised })
                continue;
            if (!text.Contains('\ufffd', StringComparison.Ordinal))
                return encoding;
            best ??= encoding;
        }

        return best ?? CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
    }
}
