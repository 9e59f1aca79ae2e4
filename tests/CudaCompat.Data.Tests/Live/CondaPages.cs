using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SharpCompress.Compressors.ZStandard;

namespace CudaCompat.Data.Tests.Live;

/// <summary>Conda channels in the three forms that they are served in, written for these tests.</summary>
internal static class CondaPages
{
    public const string Host = "conda.anaconda.org/";

    /// <summary>A repodata.json of packages "name version build", all of the newer archive form.</summary>
    public static string Repodata(string subdir, params string[] packages) => $$"""
        {"info": {"subdir": "{{subdir}}"}, "packages": {}, "packages.conda": { {{string.Join(",\n", packages.Select(p => $"\"{p.Replace(' ', '-')}.conda\": {Record(p)}"))}} }, "removed": [], "v3": {"x": [1, {"y": null}]}, "repodata_version": 1}
        """;

    /// <summary>Packs with zstd.</summary>
    public static LocalPage Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var stream = new CompressionStream(packed))
            stream.Write(bytes, 0, bytes.Length);
        return new LocalPage("", Type: "binary/octet-stream") { Bytes = packed.ToArray() };
    }

    /// <summary>Serves a channel's subdirectory as shards.</summary>
    public static void Shards(LocalUpstream upstream, string place, string name, params string[] packages)
    {
        var records = packages.ToDictionary(p => p.Replace(' ', '-') + ".conda", p => (object)new Dictionary<string, object>
        {
            ["name"] = p.Split(' ')[0],
            ["version"] = p.Split(' ')[1],
            ["build"] = p.Split(' ')[2],
            ["depends"] = new object[] { "python >=3.12,<3.13.0a0" },
            ["sha256"] = new byte[32],
            ["size"] = 70_000L,
            ["timestamp"] = 1_790_000_000_000L,
        });
        var shard = Packed(Pack(new Dictionary<string, object> { ["packages"] = new Dictionary<string, object>(), ["packages.conda"] = records, ["removed"] = Array.Empty<object>() }));
        var hash = SHA256.HashData(shard.Bytes!);
        upstream.Pages[$"{Host}{place}/shards/{Convert.ToHexStringLower(hash)}.msgpack.zst"] = shard;
        var info = new Dictionary<string, object> { ["base_url"] = "./", ["shards_base_url"] = "./shards/", ["created_at"] = "2026-11-20T00:00:00Z" };
        upstream.Pages[$"{Host}{place}/repodata_shards.msgpack.zst"] = Packed(Pack(new Dictionary<string, object> { ["version"] = 1L, ["info"] = info, ["shards"] = new Dictionary<string, object> { [name] = hash, ["numpy"] = new byte[32] } }));
    }

    private static string Record(string package) => package.Split(' ') is [var name, var version, var build]
        ? $$"""{"name": "{{name}}", "version": "{{version}}", "build": "{{build}}", "depends": ["python >=3.12"], "sha256": "{{new string('a', 64)}}", "license": "x"}"""
        : throw new ArgumentException(package);

    private static byte[] Pack(object value)
    {
        using var packed = new MemoryStream();
        Pack(packed, value);
        return packed.ToArray();
    }

    private static void Pack(MemoryStream to, object value)
    {
        switch (value)
        {
            case Dictionary<string, object> map:
                Head(to, 0xdf, map.Count);
                foreach (var (key, item) in map)
                {
                    Pack(to, key);
                    Pack(to, item);
                }

                break;
            case object[] list:
                to.WriteByte((byte)(0x90 | list.Length));
                list.ToList().ForEach(i => Pack(to, i));
                break;
            case string text when Encoding.UTF8.GetByteCount(text) < 32:
                to.WriteByte((byte)(0xa0 | Encoding.UTF8.GetByteCount(text)));
                to.Write(Encoding.UTF8.GetBytes(text));
                break;
            case string text:
                to.WriteByte(0xd9);
                to.WriteByte((byte)Encoding.UTF8.GetByteCount(text));
                to.Write(Encoding.UTF8.GetBytes(text));
                break;
            case byte[] bytes:
                to.WriteByte(0xc4);
                to.WriteByte((byte)bytes.Length);
                to.Write(bytes);
                break;
            case long number:
                to.WriteByte(0xcf);
                Span<byte> digits = stackalloc byte[8];
                BinaryPrimitives.WriteInt64BigEndian(digits, number);
                to.Write(digits);
                break;
            default:
                throw new ArgumentException(value.GetType().Name);
        }
    }

    private static void Head(MemoryStream to, byte mark, int count)
    {
        to.WriteByte(mark);
        Span<byte> digits = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(digits, count);
        to.Write(digits);
    }
}
