using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>A wheel that some source lists.</summary>
/// <param name="Directory">Of the wheel index, "" for its root; null for the default package index.</param>
/// <param name="Url">Null where the source names the file only.</param>
internal sealed record WheelSighting(WheelName Name, string? Directory, string? Url, string? Sha256, SourceRecord Record, string[] Sources, string? Evidence);

/// <summary>Every wheel that a source lists, once: the index pages first, then what only harvests know.</summary>
internal static class WheelSightings
{
    private const string Captures = "pytorch/captures";
    private const string RootPage = "root";
    private const string FlatPage = Captures + "/torch_stable.2021-03-12.html";

    public static IReadOnlyList<WheelSighting> Read(SourceFolder sources)
    {
        var found = new Dictionary<(string? Directory, string Name), WheelSighting>();
        // A day's capture of the whole index replaces the one before it: the newest is taken. Days on which the index had lost
        // its rows are recognised by size elsewhere; what to believe is decided by who adds the capture.
        var newest = sources.Files(Captures, "*.html", recursive: true).Where(p => p.Contains("/whl-index.", StringComparison.Ordinal))
            .Select(p => p.Split('/')[2]).Max(StringComparer.Ordinal);
        if (newest is null)
            throw new SourceFormatException(Captures, "folder", "no capture of the wheel index.");
        foreach (var package in PyTorchWork.Packages)
            ReadIndex(sources, $"{Captures}/{newest}", package, found);
        ReadFlat(sources.Open(FlatPage, nameof(WheelIndexParser), "page"), found);
        ReadHarvest(sources, found);
        return [.. found.Values];
    }

    private static void ReadIndex(SourceFolder sources, string folder, string package, Dictionary<(string?, string), WheelSighting> found)
    {
        var pages = sources.Files(folder, package + ".html", recursive: true);
        var own = pages.Where(p => !p.Contains($"/{RootPage}/", StringComparison.Ordinal)).ToList();
        var rootPage = sources.Open($"{folder}/{RootPage}/{package}.html", nameof(WheelIndexParser), "page");
        var all = Links(rootPage).ToDictionary(l => (l.Value.Directory, l.Value.FileName));
        foreach (var page in own.Select(p => sources.Open(p, nameof(WheelIndexParser), "page")))
        {
            var directory = page.Path.Split('/')[3];
            foreach (var record in Links(page))
            {
                var link = record.Value;
                // Every page lists the root's files too. The link decides where a file lies; both pages must tell the same of it.
                if (!all.TryGetValue((link.Directory, link.FileName), out var same) || same.Value.Sha256 != link.Sha256)
                    throw record.Error("the page of all files lists this one otherwise.");
                if (link.Directory != directory)
                    record.Use();
                else
                    Add(record, link, found);
            }
        }

        foreach (var record in all.Values)
        {
            if (found.ContainsKey((record.Value.Directory, record.Value.FileName)))
                record.Use();
            else
                Add(record, record.Value, found);
        }
    }

    private static List<SourceRecord<WheelLink>> Links(SourceFile page) =>
        [.. WheelIndexParser.ParsePage(page.Text, page.Path).Select((l, i) => page.Record($"link {i + 1}", $"{l.Directory}/{l.FileName}", l))];

    private static void Add(SourceRecord<WheelLink> record, WheelLink link, Dictionary<(string?, string), WheelSighting> found)
    {
        if (!WheelName.TryParse(link.FileName, out var name))
            throw record.Error("not the name of a wheel.");
        found.Add((link.Directory, link.FileName), new WheelSighting(name, link.Directory, link.Url, link.Sha256, record, [record.File.Id], null));
    }

    private static void ReadFlat(SourceFile page, Dictionary<(string?, string), WheelSighting> found)
    {
        var links = WheelIndexParser.ParseFlat(page.Text, page.Path);
        for (var i = 0; i < links.Count; i++)
        {
            var link = links[i];
            var record = page.Record($"link {i + 1}", $"{link.Directory}/{link.FileName}", link);
            var package = link.FileName[..link.FileName.IndexOf('-', StringComparison.Ordinal)];
            if (found.ContainsKey((link.Directory, link.FileName)))
                record.Use();
            else if (!PyTorchWork.Packages.Contains(package))
                record.Reject($"package {package} is not covered");
            else
                record.Reject("no longer in the index, whose newer capture decides");
        }
    }

    private static void ReadHarvest(SourceFolder sources, Dictionary<(string?, string), WheelSighting> found)
    {
        var table = sources.Table("pytorch/wheels.tsv", "", "package", "version", "local_tag", "python_tag", "abi", "platform", "index_dir", "origin", "url", "index", "sha256",
            "evidence", "evidence_date");
        foreach (var row in table)
        {
            var label = row.Text("local_tag");
            var name = new WheelName(row.Required("package"), row.Required<Versions.PackageVersion>("version"), label, row.Required("python_tag"), row.Required("abi"), row.Required("platform"));
            // A label is the directory's name; without either, only files of the index itself lie in its root.
            var directory = row.Text("index_dir") ?? label ?? (row["origin"] == "pytorch.org" ? "" : null);
            var key = (directory, name.FileName);
            if (!found.TryGetValue(key, out var known))
            {
                var evidence = row.Text("evidence");
                found.Add(key, new WheelSighting(name, directory, row.Text("url"), row.Text("sha256"), row, Evidence.Sources(sources, row, evidence), Evidence.Text(evidence)));
                continue;
            }

            if (known.Sha256 is not null && row.Text("sha256") is { } sha256 && sha256 != known.Sha256)
            {
                row.Reject($"another hash than in {known.Record.File.Id}, which decides");
                continue;
            }

            if (known.Record is TsvRow && known.Url is not null && row.Text("url") is { } url && url != known.Url)
            {
                row.Reject($"duplicate of {known.Record.Place}");
                continue;
            }

            row.Use();
            if (known.Sha256 is null && row.Text("sha256") is { } late)
                found[key] = known with { Sha256 = late, Sources = Evidence.Union(known.Sources, [row.File.Id]) };
        }
    }
}
