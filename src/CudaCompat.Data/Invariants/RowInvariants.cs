using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CudaCompat.Data.Invariants;

/// <summary>Rules for rows of any file: sources, addresses, checksums.</summary>
internal static partial class RowInvariants
{
    public static IReadOnlyList<Invariant> All { get; } =
    [
        new("every row has a source", "name the source in the file that has the row.", data => Each(data, "every row has a source", (row, known) =>
            row["sources"] is not JsonArray { Count: > 0 } ids ? "names no source" : ids.Select(i => i!.ToString()).FirstOrDefault(i => !known.Contains(i)) is { } unknown ? $"names '{unknown}', which is no source" : null)),
        new("addresses use https on known hosts", "if the host is upstream's, add it to data/curated/known-hosts.tsv.", data => Each(data, "addresses use https on known hosts", (row, _) => row["url"]?.ToString() is not { } url ? null
            : !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps ? $"'{url}' is not https"
            : !data.Hosts.Contains(uri.Host) ? $"{uri.Host} is no known host" : null)),
        new("checksums have the shape of their kind", "refresh again when the page is mended.", data => Each(data, "checksums have the shape of their kind", (row, _) =>
            row["sha256"]?.ToString() is { } sha256 && !Sha256().IsMatch(sha256) ? $"'{sha256}' is no SHA-256"
            : row["checksum"] is JsonObject checksum && !IsChecksum(checksum) ? $"'{checksum["value"]}' is no {checksum["kind"]}" : null)),
    ];

    private static bool IsChecksum(JsonObject checksum) => checksum["kind"]?.ToString() switch
    {
        "sha256" => Sha256().IsMatch(checksum["value"]!.ToString()),
        "md5" => Md5().IsMatch(checksum["value"]!.ToString()),
        "sha1" => Sha1().IsMatch(checksum["value"]!.ToString()),
        _ => false,
    };

    private static IEnumerable<Violation> Each(CheckedData data, string name, Func<JsonObject, HashSet<string>, string?> problem)
    {
        var known = data.Sources.Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var set in data.Facts.Sets)
        {
            foreach (var (key, row) in set.Json())
            {
                if (problem(row, known) is { } said)
                    yield return new Violation(name, set.Subject, key, said);
            }
        }
    }

    [GeneratedRegex("^[0-9a-f]{64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sha256();

    [GeneratedRegex("^[0-9a-f]{32}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Md5();

    [GeneratedRegex("^[0-9a-f]{40}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sha1();
}
