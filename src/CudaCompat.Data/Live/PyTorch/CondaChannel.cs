using System.Security.Cryptography;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Live.PyTorch;

/// <summary>The packages of one subdirectory of a conda channel: from its shards, its packed list or its plain one, as the source has addresses and upstream has files.</summary>
internal static class CondaChannel
{
    /// <summary>The packages of these names.</summary>
    public static async Task<IReadOnlyList<CondaPackage>> ReadAsync(LiveWork work, IReadOnlySet<string>? names, CancellationToken cancellation)
    {
        if (work.Source.Urls.ContainsKey("shards"))
            return await ShardsAsync(work, names!, cancellation);
        var packed = work.Source.Urls.ContainsKey("packed") ? await work.TryGetAsync(work.Source.Url("packed"), cancellation) : null;
        var list = packed ?? await work.GetAsync(work.Source.Url("list"), cancellation, "application/json");
        return RepodataParser.Parse(packed is null ? list.Bytes : Zstandard.Unpack(packed, work.Source.MaximumBytes), list.Path, names);
    }

    // CEP 16: an index of content hashes by package, and a file for each package, named by its hash.
    private static async Task<IReadOnlyList<CondaPackage>> ShardsAsync(LiveWork work, IReadOnlySet<string> names, CancellationToken cancellation)
    {
        var url = work.Source.Url("shards");
        var index = await work.GetAsync(url, cancellation);
        if (MessagePack.Parse(index.Path, Zstandard.Unpack(index, work.Source.MaximumBytes)) is not Dictionary<string, object?> root
            || root.GetValueOrDefault("info") is not Dictionary<string, object?> info || info.GetValueOrDefault("shards_base_url") is not string place
            || root.GetValueOrDefault("shards") is not Dictionary<string, object?> shards)
        {
            throw index.Error("index", "no index of shards: it changed shape.");
        }

        var packages = new List<CondaPackage>();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            if (shards.GetValueOrDefault(name) is not byte[] { Length: SHA256.HashSizeInBytes } hash)
                throw index.Error(name, "the index names no shard of this package.");
            var shard = await work.GetAsync(new Uri(new Uri(url), place) + Convert.ToHexStringLower(hash) + ".msgpack.zst", cancellation);
            if (!SHA256.HashData(shard.Bytes).AsSpan().SequenceEqual(hash))
                throw shard.Error("shard", "is not the one that the index names (SHA-256).");
            packages.AddRange(RepodataParser.Shard(MessagePack.Parse(shard.Path, Zstandard.Unpack(shard, work.Source.MaximumBytes)), url.Split('/')[^2], shard.Path));
        }

        return packages.Count > 0 ? packages : throw index.Error("shards", "no package.");
    }
}
