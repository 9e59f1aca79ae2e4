using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>A file that a Scoop manifest names.</summary>
/// <param name="Place">Its place in the manifest.</param>
/// <param name="Bits">64bit | 32bit.</param>
internal sealed record ScoopFile(string Place, CudaVersion Toolkit, string Bits, string Url, Checksum Checksum)
{
    /// <summary>The last part of the address.</summary>
    public string FileName => Url[(Url.LastIndexOf('/') + 1)..];
}

/// <summary>
/// A Scoop manifest of CUDA: version, architecture.64bit.url (with a #/name for Scoop itself) and hash (md5: in front, else SHA-256);
/// both are one text or, where a patch comes with the installer, two lists of equal length.
/// </summary>
internal static partial class ScoopManifest
{
    /// <summary>Reads one manifest.</summary>
    public static IReadOnlyList<ScoopFile> Parse(string name, string text)
    {
        using var document = StrictJson.Parse(name, text);
        var root = document.RootElement;
        // "10.2.89_441.22" names the release and the driver inside.
        var version = StrictJson.Text(name, "$", root, "version").Split('_')[0];
        if (!CudaVersion.TryParse(version, out var toolkit))
            throw new SourceFormatException(name, "$.version", $"'{version}' is no toolkit release.");
        var files = new List<ScoopFile>();
        foreach (var bits in StrictJson.Member(name, "$", root, "architecture", JsonValueKind.Object).EnumerateObject())
        {
            var place = "$.architecture." + bits.Name;
            var urls = StrictJson.TextOrTexts(name, place, bits.Value, "url");
            var hashes = StrictJson.TextOrTexts(name, place, bits.Value, "hash");
            if (urls.Count != hashes.Count)
                throw new SourceFormatException(name, place, string.Create(CultureInfo.InvariantCulture, $"{urls.Count} addresses, {hashes.Count} checksums."));
            for (var i = 0; i < urls.Count; i++)
                files.Add(new ScoopFile(string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]"), toolkit, bits.Name, urls[i].Split('#')[0], Sum(name, place, hashes[i])));
        }

        return files.Count > 0 ? files : throw new SourceFormatException(name, "$.architecture", "is empty.");
    }

    private static Checksum Sum(string name, string place, string hash)
    {
        var checksum = hash.StartsWith("md5:", StringComparison.Ordinal) ? new Checksum("md5", hash["md5:".Length..]) : new Checksum("sha256", hash);
        return Hexadecimal().IsMatch(checksum.Value) && checksum.Value.Length == (checksum.Kind == "md5" ? 32 : 64)
            ? checksum
            : throw new SourceFormatException(name, place + ".hash", $"'{hash}' is no checksum.");
    }

    [GeneratedRegex("^[0-9a-f]+\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hexadecimal();
}
