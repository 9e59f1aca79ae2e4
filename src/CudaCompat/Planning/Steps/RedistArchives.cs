using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Planning.Steps;

/// <summary>The archives that make a toolkit for a platform.</summary>
internal sealed record RedistArchives(IReadOnlyList<DownloadStep> Downloads, IReadOnlyList<string> Names, IReadOnlyList<string> Sources)
{
    /// <summary>The archives, or null where the known part of the manifest is no whole toolkit.</summary>
    public static RedistArchives? Make(InstallData data, CudaVersion toolkit, string platform, bool optional)
    {
        var rows = data.RedistOf(toolkit, platform);
        List<string> required = [], skipped = [];
        foreach (var part in data.RedistParts)
        {
            if ((part.From is not { } from || from <= toolkit) && (part.To is not { } to || toolkit <= to))
                (part.Use == "required" ? required : part.Use == "skip" ? skipped : []).Add(part.Component);
        }

        if (rows.Length == 0 || required.Exists(name => !Array.Exists(rows, r => r.Component == name)))
            return null;
        var home = data.Place("toolkit-redist");
        var version = toolkit.ToString();
        var taken = Array.FindAll(rows, r => !skipped.Contains(r.Component)).OrderBy(r => r.Component, StringComparer.Ordinal).ToArray();
        var downloads = Array.ConvertAll(taken, r => Download(r, home, version, optional));
        return new RedistArchives(downloads, [.. downloads.Select(d => d.FileName!)], [.. downloads.SelectMany(d => d.Evidence).Distinct()]);
    }

    private static DownloadStep Download(RedistRow row, string home, string version, bool optional)
    {
        var file = row.Path[(row.Path.LastIndexOf('/') + 1)..];
        return new DownloadStep
        {
            Component = ComponentNames.Toolkit,
            Version = version,
            Url = home + row.Path,
            FileName = file,
            Checksum = row.Sha256 is null ? null : new Checksum("sha256", row.Sha256),
            Size = row.Size,
            Optional = optional,
            Description = $"Downloads {file}.",
            Evidence = row.Sources,
        };
    }
}
