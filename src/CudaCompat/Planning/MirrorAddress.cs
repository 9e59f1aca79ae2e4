using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;

namespace CudaCompat.Planning;

/// <summary>
/// A mirror of a person's own, by what it mirrors and its address: wheels=https://host/whl/{tag} (PyTorch's wheels, {tag} is the CUDA tag),
/// pypi=https://host/simple (the default package index), files=https://host (NVIDIA's files).
/// </summary>
internal static class MirrorAddress
{
    public const string Wheels = "wheels=";
    public const string Pypi = "pypi=";
    public const string Files = "files=";

    private static readonly string[] Kinds = [Wheels, Pypi, Files];

    /// <summary>True for a text that is an address, with what it mirrors or without, and no name.</summary>
    public static bool Is(string text) => text.Contains("://", StringComparison.Ordinal);

    /// <summary>True for an address that does not say what it mirrors; asking it tells.</summary>
    public static bool IsBare(string text) => Is(text) && !Kinds.Any(k => text.StartsWith(k, StringComparison.Ordinal));

    /// <summary>The mirror.</summary>
    /// <exception cref="BadRequestException">It does not say what it mirrors, or is no https address.</exception>
    public static MirrorRow Parse(string text)
    {
        if (IsBare(text))
            throw new BadRequestException("mirror", $"say what {Shown(text)} mirrors: {Wheels}ADDRESS with {{tag}} for PyTorch's wheels, {Pypi}ADDRESS for the default index, {Files}ADDRESS for NVIDIA's files.");
        var kind = Kinds.First(k => text.StartsWith(k, StringComparison.Ordinal));
        var address = text[kind.Length..].TrimEnd('/');
        if (!PlanDocumentCheck.IsAddress(address.Replace("{tag}", "cpu", StringComparison.Ordinal)))
            throw new BadRequestException("mirror", $"'{Shown(address)}' is not an https address.");
        var row = new MirrorRow(new Uri(address.Replace("{tag}", "cpu", StringComparison.Ordinal)).Authority, "your own", "", []);
        return kind switch
        {
            Wheels => row with { Wheels = address },
            Pypi => row with { Pypi = address },
            _ => row with { NvidiaFiles = address },
        };
    }

    /// <summary>The hosts of the addresses that a request names itself, as mirrors and as index.</summary>
    public static IEnumerable<string> HostsOf(params string?[] named) => named.OfType<string>().SelectMany(n => n.Split(','))
        .Where(Is).Select(m => m[(m.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim().Replace("{tag}", "x", StringComparison.Ordinal))
        .Where(PlanDocumentCheck.IsAddress).Select(a => new Uri(a).Host);

    private static string Shown(string text) => Processes.VisibleText.Of(Processes.SecretText.Mask(text.Length > 120 ? text[..120] + "…" : text));
}
