using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Planning;

/// <summary>
/// The asked mirrors, each part taken from the first of them that has it. What none of them has comes from upstream: a plan never
/// names an address that no source gives.
/// </summary>
internal sealed class MirrorChoice
{
    private readonly MirrorRow[] _rows;
    private readonly InstallData _data;

    private MirrorChoice(MirrorRow[] rows, InstallData data)
    {
        _rows = rows;
        _data = data;
    }

    /// <summary>The mirrors themselves, in the order asked.</summary>
    public IReadOnlyList<MirrorRow> Rows => _rows;

    /// <summary>Reads the names and addresses, separated by commas; null or empty is no mirror.</summary>
    /// <exception cref="UnknownMirrorException">A name is not known.</exception>
    /// <exception cref="CudaCompat.Resolution.BadRequestException">An address does not say what it mirrors.</exception>
    public static MirrorChoice Parse(string? names, InstallData data)
    {
        if (string.IsNullOrEmpty(names))
            return new MirrorChoice([], data);
        var asked = names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var rows = asked.Select(name => MirrorAddress.Is(name) ? MirrorAddress.Parse(name) : data.Mirrors.FirstOrDefault(m => m.Name == name)
            ?? throw new UnknownMirrorException(name, [.. data.Mirrors.Select(m => m.Name).Order(StringComparer.Ordinal)]));
        return new MirrorChoice([.. rows], data);
    }

    /// <summary>Where wheels of a tag lie, and whether that is a flat list; null where upstream serves them.</summary>
    public (string Url, bool Flat)? Wheels(string tag) =>
        _rows.FirstOrDefault(r => r.Wheels is not null) is { } row ? (row.Wheels!.Replace("{tag}", tag, StringComparison.Ordinal), row.Flat) : null;

    /// <summary>The mirror of the default package index, or null.</summary>
    public string? Pypi => _rows.FirstOrDefault(r => r.Pypi is not null)?.Pypi;

    /// <summary>An index of NVIDIA's own wheels, or null.</summary>
    public string? NvidiaWheels => _rows.FirstOrDefault(r => r.NvidiaWheels is not null)?.NvidiaWheels;

    /// <summary>The address of a conda channel, or its name where it is not mirrored.</summary>
    public string Channel(string name) => _rows.Select(r => r.Channels?.GetValueOrDefault(name)).FirstOrDefault(url => url is not null) ?? name;

    /// <summary>True where the channel is mirrored.</summary>
    public bool HasChannel(string name) => Channel(name) != name;

    /// <summary>The mirrored address of one of NVIDIA's files, or null.</summary>
    public string? NvidiaFile(string url) =>
        Array.Find(_rows, r => r.NvidiaFiles is not null) is { } row && _data.Place("nvidia-files") is var host && url.StartsWith(host + "/", StringComparison.Ordinal)
            ? row.NvidiaFiles + url[host.Length..]
            : null;
}
