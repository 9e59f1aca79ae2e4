using System.Text.Json;
using System.Text.Json.Serialization;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix;

namespace CudaCompat.Data.Sources;

/// <summary>A row of data/curated/live-sources.json: a place of the live web that facts are refreshed from.</summary>
/// <param name="Id">The short name: wheels-torch.</param>
/// <param name="Title">For people.</param>
/// <param name="Reader">Which reader takes it apart; <see cref="Live.LiveReaders"/> knows them by this name.</param>
/// <param name="Urls">By role: "list" is the page that names the others, "item" the others with {…} to fill in.</param>
/// <param name="Days">After how many days its last reading counts as stale.</param>
/// <param name="Package">The package it is about, where the reader serves several.</param>
/// <param name="MegaBytes">The most that one document may have, unpacked.</param>
/// <param name="From">The first release that is asked for, where the source has documents by release.</param>
internal sealed record LiveSource(string Id, string Title, string Reader, Dictionary<string, string> Urls, int Days, string? Package = null, int MegaBytes = 32, string? From = null)
{
    /// <summary>The most bytes that one document may have, unpacked.</summary>
    public long MaximumBytes => (long)MegaBytes << 20;

    /// <summary>The names of a role and of its other places (list, list2, list3), newest first.</summary>
    public IReadOnlyList<string> Places(string role) => [.. Urls.Keys.Where(k => k.TrimEnd('2', '3') == role).Order(StringComparer.Ordinal)];

    /// <summary>The address of a role, with its fields filled in.</summary>
    public string Url(string role, params (string Field, string Value)[] fields)
    {
        var url = Urls.TryGetValue(role, out var known) ? known : throw new InvalidOperationException($"source {Id} has no address '{role}'.");
        return fields.Aggregate(url, (text, f) => text.Replace("{" + f.Field + "}", f.Value, StringComparison.Ordinal));
    }
}

/// <summary>The list of live sources.</summary>
internal static class LiveSources
{
    /// <summary>The file below data/curated/.</summary>
    public const string FileName = "live-sources.json";

    /// <summary>Reads the list.</summary>
    public static IReadOnlyList<LiveSource> Load(string curated)
    {
        var path = Path.Combine(curated, FileName);
        if (!File.Exists(path))
            throw new SourceFormatException(FileName, "file", $"missing in {curated}.");
        var sources = DataFile.Read(FileName, File.ReadAllBytes(path), LiveSourceJson.Default.LiveSource);
        foreach (var twice in sources.GroupBy(s => s.Id).Where(g => g.Count() > 1))
            throw new SourceFormatException(FileName, twice.Key, "stands twice in the list.");
        return sources;
    }

    /// <summary>The hosts that addresses of the list name: whatever a reader fetches or a redirect leads to must be one of them.</summary>
    public static IReadOnlySet<string> Hosts(IEnumerable<LiveSource> sources) =>
        sources.SelectMany(s => s.Urls.Values).Select(u => new Uri(u.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)).Host).ToHashSet(StringComparer.OrdinalIgnoreCase);
}

/// <summary>The JSON shape of the list.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(LiveSource))]
internal sealed partial class LiveSourceJson : JsonSerializerContext;
