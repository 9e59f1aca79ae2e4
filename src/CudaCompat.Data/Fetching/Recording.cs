using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Fetching;

/// <summary>
/// A folder of fetched documents: live/SOURCE/… with live/PROVENANCE.tsv (file, url, date, sha256). A refresh writes it with --record and reads
/// it with --from; both give the same data.
/// </summary>
internal static class Recording
{
    /// <summary>The folder below the recording.</summary>
    public const string Top = "live";

    private const string TableName = Top + "/PROVENANCE.tsv";
    private const string Header = "file\turl\tdate\tsha256";

    /// <summary>True where a folder is a recording of the live web.</summary>
    public static bool Is(string folder) => File.Exists(Path.Combine(folder, TableName));

    /// <summary>The path of a document in a recording, which also gives its source id.</summary>
    public static string PathOf(string source, string url, string? accept)
    {
        var uri = new Uri(url);
        var path = Uri.UnescapeDataString(uri.AbsolutePath).Trim('/');
        var ending = accept?.Contains("json", StringComparison.Ordinal) is true ? ".json" : ".html";
        if (uri.AbsolutePath.EndsWith('/'))
            path = (path + "/index").TrimStart('/') + ending;
        else if (!path[(path.LastIndexOf('/') + 1)..].Contains('.', StringComparison.Ordinal))
            path += ending;
        var safe = string.Concat(path.Select(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '+' ? c : '-')).Replace("..", "-", StringComparison.Ordinal);
        return $"{Top}/{source}/{safe}";
    }

    /// <summary>Writes documents.</summary>
    public static void Write(string folder, IEnumerable<(string Path, FetchedDocument Document)> documents)
    {
        var lines = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, document) in documents)
        {
            var full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllBytes(full, document.Bytes);
            lines[path] = $"{path[(Top.Length + 1)..]}\t{document.Url}\t{document.Date}\t{Convert.ToHexStringLower(SHA256.HashData(document.Bytes))}";
        }

        Directory.CreateDirectory(Path.Combine(folder, Top));
        File.WriteAllText(Path.Combine(folder, TableName), Header + "\n" + string.Concat(lines.Values.Select(l => l + "\n")), new UTF8Encoding(false));
    }

    /// <summary>Reads a recording.</summary>
    public static IDocuments Open(string folder, string source)
    {
        var documents = new Dictionary<string, (string Path, string Date, string Sha256)>(StringComparer.Ordinal);
        var lines = File.ReadAllLines(Path.Combine(folder, TableName));
        if (lines.Length == 0 || lines[0] != Header)
            throw new SourceFormatException(TableName, "line 1", "not the table of a recording.");
        for (var i = 1; i < lines.Length; i++)
        {
            var cells = lines[i].Split('\t');
            if (cells.Length != 4 || cells[0].Contains("..", StringComparison.Ordinal))
                throw new SourceFormatException(TableName, string.Create(CultureInfo.InvariantCulture, $"line {i + 1}"), "not a row of a recording.");
            documents[cells[0]] = (Path.Combine(folder, Top, cells[0]), cells[2], cells[3]);
        }

        return new Recorded(source, documents);
    }

    private sealed class Recorded(string source, Dictionary<string, (string Path, string Date, string Sha256)> documents) : IDocuments
    {
        public async Task<FetchedDocument> GetAsync(DocumentRequest request, CancellationToken cancellation)
        {
            if (!documents.TryGetValue(PathOf(source, request.Url, request.Accept)[(Top.Length + 1)..], out var known))
                throw new FetchException(request.Url, "not in the recording.", isMissing: true);
            var bytes = await File.ReadAllBytesAsync(known.Path, cancellation);
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == known.Sha256
                ? new FetchedDocument(request.Url, bytes, known.Date)
                : throw new FetchException(request.Url, "the recorded file is not the one that was fetched (SHA-256).");
        }
    }
}
