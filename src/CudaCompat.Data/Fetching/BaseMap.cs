using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Fetching;

/// <summary>Other addresses for hosts, for a mirror or a test server: a line "https://pypi.org http://127.0.0.1:8080/pypi.org" each.</summary>
internal sealed class BaseMap
{
    private readonly List<(string From, string To)> _bases = [];

    /// <summary>No host moves.</summary>
    public static BaseMap None { get; } = new();

    /// <summary>Reads a map.</summary>
    public static BaseMap Parse(string name, string text)
    {
        var map = new BaseMap();
        foreach (var (line, number) in text.Split('\n').Select((l, i) => (l.Trim(), i + 1)))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 2 || words.Any(w => !Uri.TryCreate(w, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http")))
                throw new SourceFormatException(name, $"line {number}", "expected two addresses: the known one and the one to ask instead.");
            map._bases.Add((words[0].TrimEnd('/'), words[1].TrimEnd('/')));
        }

        return map;
    }

    /// <summary>Where to ask for a known address.</summary>
    public Uri Outward(string url)
    {
        foreach (var (from, to) in _bases)
        {
            if (url == from || url.StartsWith(from + "/", StringComparison.OrdinalIgnoreCase))
                return new Uri(to + url[from.Length..]);
        }

        return new Uri(url);
    }

    /// <summary>The known address of one that an answer names.</summary>
    public string Inward(Uri address)
    {
        var url = address.AbsoluteUri;
        foreach (var (from, to) in _bases)
        {
            if (url == to || url.StartsWith(to + "/", StringComparison.OrdinalIgnoreCase))
                return from + url[to.Length..];
        }

        return url;
    }
}
