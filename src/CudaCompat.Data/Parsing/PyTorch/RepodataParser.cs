using System.Text.Json;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing.PyTorch;

/// <summary>One package of a conda channel.</summary>
/// <param name="Subdir">linux-64, win-64.</param>
internal sealed record CondaPackage(string Name, string Version, string Build, string Subdir, string FileName, string? Sha256, IReadOnlyList<string> Depends);

/// <summary>A channel's repodata.json, and the shards that hold the same records.</summary>
internal static class RepodataParser
{
    private static readonly string[] Groups = ["packages", "packages.conda"];

    /// <summary>Reads the packages of both archive forms; unknown keys are ignored, as conda does.</summary>
    /// <param name="names">The packages wanted; null for all. A channel may hold a hundred thousand others.</param>
    public static IReadOnlyList<CondaPackage> Parse(ReadOnlySpan<byte> json, string file, IReadOnlySet<string>? names = null)
    {
        try
        {
            var (subdir, records, groups) = (default(string), new List<CondaPackage>(), 0);
            var reader = new Utf8JsonReader(json);
            reader.Read();
            for (Enter(ref reader); reader.Read() && reader.TokenType == JsonTokenType.PropertyName;)
            {
                var key = reader.GetString();
                reader.Read();
                if (key == "info")
                {
                    using var info = JsonDocument.ParseValue(ref reader);
                    subdir = info.RootElement.GetProperty("subdir").GetString();
                }
                else if (Groups.Contains(key))
                {
                    groups++;
                    ReadGroup(ref reader, names, records);
                }
                else
                {
                    reader.Skip();
                }
            }

            if (subdir is null || groups != Groups.Length || reader.Read())
                throw new SourceFormatException(file, "JSON", "no repodata: info, packages and packages.conda belong to it.");
            return records.Count > 0 ? [.. records.Select(r => r with { Subdir = subdir })] : throw new SourceFormatException(file, "packages", "there are none.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new SourceFormatException(file, "JSON", e.Message, e);
        }
    }

    /// <summary>The records of one unpacked shard.</summary>
    public static IReadOnlyList<CondaPackage> Shard(object? shard, string subdir, string file)
    {
        var packages = new List<CondaPackage>();
        foreach (var group in Groups)
        {
            if (shard is not Dictionary<string, object?> map || map.GetValueOrDefault(group) is not Dictionary<string, object?> records)
                throw new SourceFormatException(file, group, "missing: no shard of a channel.");
            foreach (var (fileName, value) in records)
            {
                if (value is not Dictionary<string, object?> record || record.GetValueOrDefault("depends") is not object?[] depends)
                    throw new SourceFormatException(file, fileName, "no record of a package.");
                var sha256 = record.GetValueOrDefault("sha256") switch { byte[] bytes => Convert.ToHexStringLower(bytes), string text => text, _ => null };
                packages.Add(new CondaPackage(Text("name"), Text("version"), Text("build"), subdir, fileName, sha256, [.. depends.OfType<string>()]));

                string Text(string key) => record.GetValueOrDefault(key) as string ?? throw new SourceFormatException(file, fileName, $"'{key}' is no text.");
            }
        }

        return packages;
    }

    private static void ReadGroup(ref Utf8JsonReader reader, IReadOnlySet<string>? names, List<CondaPackage> records)
    {
        for (Enter(ref reader); reader.Read() && reader.TokenType == JsonTokenType.PropertyName;)
        {
            var fileName = reader.GetString()!;
            reader.Read();
            // NAME-VERSION-BUILD: versions and builds hold no dash.
            if (names is not null && !names.Contains(fileName.Split('-') is { Length: > 2 } parts ? string.Join('-', parts[..^2]) : ""))
            {
                reader.Skip();
                continue;
            }

            using var document = JsonDocument.ParseValue(ref reader);
            var p = document.RootElement;
            records.Add(new CondaPackage(p.GetProperty("name").GetString()!, p.GetProperty("version").GetString()!, p.GetProperty("build").GetString()!, "", fileName,
                p.TryGetProperty("sha256", out var sha256) ? sha256.GetString() : null, [.. p.GetProperty("depends").EnumerateArray().Select(d => d.GetString()!)]));
        }
    }

    private static void Enter(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("an object was expected.");
    }
}
