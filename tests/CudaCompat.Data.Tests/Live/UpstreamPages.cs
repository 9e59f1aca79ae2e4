using System.Globalization;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Tests.Live;

/// <summary>Pages in the shapes that upstream serves, written for these tests.</summary>
internal static class UpstreamPages
{
    public const string Redist = "developer.download.nvidia.com/compute/cuda/redist/";
    public const string Notes = "docs.nvidia.com/cuda/cuda-toolkit-release-notes/index.html";

    public static string Directory(params string[] names) => $"""
        <!DOCTYPE html>
        <html><head><title>Index of /compute/cuda/redist</title><link rel='stylesheet' href='/style/directory_listing.css'></head><body>
        <!-- Auto-generated directory index; do not edit -->
        <h3>Index of /compute/cuda/redist</h3>
        <ul class='directorycontents'>
          <li><span class='dir'><a href='..'>..</a></span></li>
          <li><span class='dir'><a href='cuda_nvcc/'>cuda_nvcc/</a></span></li>
        {string.Join('\n', names.Select(n => $"  <li><span class='file'><a href='{n}'>{n}</a></span><span class='size'>8.0KB</span><span class='date'>2026-11-20 03:54</span></li>"))}
        </ul></body></html>
        """;

    public static string Manifest(string version, string date, char hash = 'a') => $$"""
        { "release_date": "{{date}}", "release_label": "{{version}}", "release_product": "cuda",
          "cuda_nvcc": { "name": "CUDA NVCC", "license": "CUDA Toolkit", "license_path": "cuda_nvcc/LICENSE.txt", "version": "{{version}}1",
            "linux-x86_64": { "relative_path": "cuda_nvcc/linux-x86_64/cuda_nvcc-linux-x86_64-{{version}}1-archive.tar.xz", "sha256": "{{new string(hash, 64)}}", "md5": "{{new string('b', 32)}}", "size": "1000" } } }
        """;

    public static string ReleaseNotes(params (string Label, string Linux, string Windows)[] rows) => $"""
        <!DOCTYPE html>
        <html><head><title>CUDA Toolkit Release Notes</title></head><body>
        <table><thead><tr><th><p>Component</p></th><th><p>Version</p></th></tr></thead><tbody><tr><td>CUDA NVCC</td><td>13.4</td></tr></tbody></table>
        <table><caption>Table 7 CUDA Toolkit and Corresponding Driver Versions</caption>
        <thead><tr><th><p>CUDA Toolkit</p></th><th colspan="2"><p>Toolkit Driver Version</p></th></tr></thead>
        <tbody><tr><td></td><td><p>Linux x86_64 Driver Version</p></td><td><p>Windows x86_64 Driver Version</p></td></tr>
        {string.Join('\n', rows.Select(r => $"<tr><td><p>CUDA {r.Label}</p></td><td><p>&gt;={r.Linux}</p></td><td><p>{r.Windows}</p></td></tr>"))}
        </tbody></table></body></html>
        """;

    /// <summary>The pages of one package of the wheel index: what the data lists, but <paramref name="rows"/> may be changed before.</summary>
    public static void Wheels(LocalUpstream upstream, string package, IEnumerable<BuildFileRow> rows, IEnumerable<string> named)
    {
        upstream["download.pytorch.org/whl/"] = WheelRoot(named);
        var links = rows.DistinctBy(r => (r.Index, r.FileName)).ToList();
        upstream[$"download.pytorch.org/whl/{package}/"] = WheelPage(package, links);
        foreach (var directory in links.GroupBy(r => r.Index!).Where(g => g.Key.Length > 0))
            upstream[$"download.pytorch.org/whl/{directory.Key}/{package}/"] = WheelPage(package, directory);
    }

    /// <summary>The root of the wheel index with the directories that it names.</summary>
    public static string WheelRoot(IEnumerable<string> named) => $"<!DOCTYPE html>\n<html>\n  <body>\n    <a href=\"torch/\">torch</a><br/>\n    <a href=\"nightly/\">nightly</a><br/>\n{string.Concat(named.Select(d => $"    <a href=\"{d}/\">{d}</a><br/>\n"))}  </body>\n</html>\n";

    /// <summary>The wheels of a package that the data has from the index.</summary>
    public static List<BuildFileRow> Known(string data, string package) =>
        [.. FactStore.Load(data).BuildFiles.Rows.Where(f => f.Packaging == Packaging.Pip && f.Package == package && f.Index is not null && !f.Index.Contains('/', StringComparison.Ordinal))];

    /// <summary>The default package index: what the data has of it, and one file more.</summary>
    public static LocalPage PackageIndex(string data, string package, string fileName, string version)
    {
        var rows = FactStore.Load(data).BuildFiles.Rows.Where(f => f.Packaging == Packaging.Pip && f.Package == package && f.Index is null).DistinctBy(r => r.FileName);
        var files = rows.Select(r => (r.FileName, r.Url, Sha256: r.Sha256 ?? new string('0', 64))).Append((fileName, "https://files.pythonhosted.org/packages/" + fileName, new string('9', 64)))
            .Select(f => $$"""{"filename": "{{f.Item1}}", "url": "{{f.Item2}}", "hashes": {"sha256": "{{f.Item3}}"}, "yanked": false}""");
        return new LocalPage($$"""{"meta": {"api-version": "1.4"}, "name": "{{package}}", "versions": ["1.0.0", "{{version}}"], "files": [{{string.Join(",\n", files)}}]}""", Type: "application/vnd.pypi.simple.v1+json");
    }

    /// <summary>The page of one release there.</summary>
    public static LocalPage Release(string package, string version, params string[] requires)
    {
        var quoted = string.Join(", ", requires.Select(r => '"' + r.Replace("\"", "\\\"", StringComparison.Ordinal) + '"'));
        return new LocalPage($$"""{"info": {"name": "{{package}}", "version": "{{version}}", "requires_dist": [{{quoted}}] } }""", Type: "application/json");
    }

    /// <summary>A page of the wheel index: the files of one package.</summary>
    public static string WheelPage(string package, IEnumerable<BuildFileRow> rows) => string.Create(CultureInfo.InvariantCulture,
        $"<!DOCTYPE html>\n<html>\n  <body>\n    <h1>Links for {package}</h1>\n{string.Concat(rows.Select(Link))}  </body>\n</html>\n<!--TIMESTAMP 1790000000-->");

    // Torch is linked to the copy on R2, absolutely; the others from the root.
    private static string Link(BuildFileRow row)
    {
        var path = "/whl/" + (row.Index!.Length == 0 ? "" : row.Index + "/") + row.FileName.Replace("+", "%2B");
        var hash = row.Sha256 is null ? "" : "#sha256=" + row.Sha256;
        return $"    <a href=\"{(row.Package == "torch" ? "https://download-r2.pytorch.org" : "")}{path}{hash}\" data-core-metadata=\"sha256={new string('c', 64)}\">{row.FileName}</a><br/>\n";
    }
}
