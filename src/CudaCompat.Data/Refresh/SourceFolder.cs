using CudaCompat.Data.Parsing;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Refresh;

/// <summary>The captured documents. Opening one makes it a source of the data.</summary>
internal sealed class SourceFolder
{
    private const string CuratedPrefix = "curated/";
    private readonly string _root;
    private readonly string? _curated;
    private readonly Dictionary<string, SourceFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, Provenance>> _provenance = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TsvTable> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceRow> _named = new(StringComparer.Ordinal);

    /// <summary>Sources below <paramref name="root"/>; paths that begin with curated/ lie below <paramref name="curated"/>.</summary>
    public SourceFolder(string root, string? curated)
    {
        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException($"{root}: no such folder of sources.");
        _root = root;
        _curated = curated;
    }

    /// <summary>The data folder that the curated rows lie in, or null.</summary>
    public string? Home => _curated is null ? null : System.IO.Path.GetDirectoryName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(_curated)));

    /// <summary>Every document opened so far.</summary>
    public IReadOnlyCollection<SourceFile> Opened => _files.Values;

    /// <summary>Every row of data/sources.json, sorted by id.</summary>
    public IEnumerable<SourceRow> Rows => _files.Values.Select(f => f.ToRow()).Concat(_named.Values).OrderBy(r => r.Id, StringComparer.Ordinal);

    /// <summary>Opens a document: "nvidia/redist/cuda/redistrib_12.8.1.json". Opened twice it is the same one.</summary>
    public SourceFile Open(string path, string parser, string kind)
    {
        if (!_files.TryGetValue(path, out var file))
        {
            var full = FullPath(path);
            if (!System.IO.File.Exists(full))
                throw new SourceFormatException(path, "file", "missing.");
            var id = IdOf(path);
            file = new SourceFile(path, id, System.IO.File.ReadAllBytes(full), ProvenanceOf(path)) { Parser = parser, Kind = kind };
            if (_files.Values.FirstOrDefault(f => f.Id == id) is { } other)
                throw new SourceFormatException(path, "file", $"has the same source id as {other.Path}.");
            _files.Add(path, file);
        }

        if (file.Parser.Length == 0)
            (file.Parser, file.Kind) = (parser, kind);
        return file;
    }

    /// <summary>The id of a document that evidence names, or null where it is not captured. It becomes a source even if no parser reads it.</summary>
    public string? Mention(string path) => Has(path) ? Open(path, "", "page").Id : null;

    /// <summary>Opens a table with a header line; the columns must be exactly these, in this order.</summary>
    public TsvTable Table(string path, string key, params string[] columns) => Table(path, "harvest", key, columns);

    /// <summary>Opens a curated table of data/curated/.</summary>
    public TsvTable Curated(string name, string key, params string[] columns) => Table(CuratedPrefix + name, "curated", key, columns);

    /// <summary>True where the document exists.</summary>
    public bool Has(string path) => System.IO.File.Exists(FullPath(path));

    /// <summary>The documents of a folder that match a pattern, by name, sorted.</summary>
    public IReadOnlyList<string> Files(string folder, string pattern, bool recursive = false)
    {
        var full = FullPath(folder);
        return Directory.Exists(full)
            ? [.. Directory.EnumerateFiles(full, pattern, recursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)
                .Select(f => folder + "/" + System.IO.Path.GetRelativePath(full, f).Replace('\\', '/'))
                .Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>The source id of a document: its path without the ending.</summary>
    public static string IdOf(string path)
    {
        var dot = path.LastIndexOf('.');
        return dot > path.LastIndexOf('/') ? path[..dot] : path;
    }

    /// <summary>Makes a source that is not a captured document known: a page named by evidence, or unpublished-capture.</summary>
    public void Name(SourceRow row)
    {
        if (_named.TryGetValue(row.Id, out var known) && known != row)
            throw new InvalidOperationException($"source '{row.Id}' is named twice with other words.");
        _named[row.Id] = row;
    }

    /// <summary>True where rows may name this source.</summary>
    public bool Knows(string id) => _named.ContainsKey(id) || _files.Values.Any(f => f.Id == id);

    private TsvTable Table(string path, string kind, string key, string[] columns)
    {
        // Read once, so that a row that two subjects use is counted once.
        if (!_tables.TryGetValue(path, out var table))
            _tables.Add(path, table = TsvTable.Of(Open(path, nameof(TsvTable), kind), key, columns));
        return table;
    }

    private string FullPath(string path) => path.StartsWith(CuratedPrefix, StringComparison.Ordinal)
        ? System.IO.Path.Combine(_curated ?? throw new SourceFormatException(path, "file", "there is no folder of curated rows."), path[CuratedPrefix.Length..])
        : System.IO.Path.Combine(_root, path);

    private Provenance ProvenanceOf(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || path.StartsWith(CuratedPrefix, StringComparison.Ordinal))
            return Provenance.Unknown;
        var (top, inner) = (path[..slash], path[(slash + 1)..]);
        if (!_provenance.TryGetValue(top, out var table))
        {
            var name = top + "/PROVENANCE.tsv";
            var full = FullPath(name);
            table = System.IO.File.Exists(full) ? Provenance.Parse(name, System.IO.File.ReadAllText(full)) : [];
            _provenance.Add(top, table);
        }

        return table.TryGetValue(inner, out var exact)
            ? exact
            : table.Where(e => Covers(e.Key, inner)).Select(e => e.Value).FirstOrDefault(Provenance.Unknown);
    }

    private static bool Covers(string pattern, string path)
    {
        if (!pattern.Contains('*', StringComparison.Ordinal) && !pattern.EndsWith('/'))
            return false;
        return System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern.EndsWith('/') ? pattern + "*" : pattern, path, ignoreCase: false);
    }
}
