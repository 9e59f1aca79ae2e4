using AngleSharp.Html.Parser;
using CudaCompat.Data.Merging.Nvidia;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live.Nvidia;

/// <summary>The driver tables of the release notes. A lowest driver that differs from the known one is kept as data, not used, for people to decide.</summary>
internal sealed class ReleaseNotesReader : ILiveReader
{
    private const string Corresponding = "corresponding", PrintedNumbers = "toolkit-printed-numbers.tsv";

    /// <inheritdoc/>
    public string Name => "release-notes";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.GetAsync(work.Source.Url("list"), cancellation);
        var printed = TsvTable.Parse(PrintedNumbers, File.ReadAllText(Path.Combine(work.Curated, PrintedNumbers)), ["printed", "release", "note", "evidence"])
            .ToDictionary(r => CudaVersion.Parse(r.Cells[0]), r => CudaVersion.Parse(r.Cells[1]));
        foreach (var row in ReleaseNotesDrivers.Parse(file.Path, Tables(file)))
        {
            var kind = row.Kind switch { DriverTableKind.Corresponding => Corresponding, DriverTableKind.CorrespondingBranch => "branch", _ => "minor-version-minimum" };
            var cuda = row.Label;
            if (row.Kind == DriverTableKind.Corresponding)
            {
                if (ToolkitLabel.Release(row.Label) is not { } release)
                {
                    work.Leave("the label names no release number");
                    continue;
                }

                cuda = printed.GetValueOrDefault(release, release).ToString();
            }

            Add(work, cuda, OperatingSystemFamily.Linux, row.Linux, kind, file.Id);
            Add(work, cuda, OperatingSystemFamily.Windows, row.Windows, kind, file.Id);
        }

        work.CheckAgreement(file, "drivers", work.Fresh.DriverRequirements.Rows.Where(r => r.Kind == Corresponding && work.Known.DriverRequirements.Rows.Any(k => k.Cuda == r.Cuda && k.Os == r.Os && k.Kind == r.Kind))
            .Select(r => work.Known.DriverRequirements.Rows.Any(k => k.Cuda == r.Cuda && k.Os == r.Os && k.Minimum == r.Minimum)));
        if (!work.Fresh.DriverRequirements.Rows.Any(r => r.Kind is Corresponding or "branch"))
            throw file.Error("tables", "no table of toolkits and their drivers.");
    }

    // Only tables whose columns are known: the page holds others with a CUDA Toolkit column.
    private static string Tables(SourceFile file)
    {
        var tables = HtmlGrid.Of(file.Text).Where(t => t.Count > 1 && t[0][0] is "CUDA Toolkit" or "CTK Version" && t.Take(2).Any(r => r.Any(c => c.Contains("Driver", StringComparison.Ordinal)))).ToList();
        if (tables.Count == 0)
            throw file.Error("tables", "no driver table: the page changed shape.");
        foreach (var table in tables)
            CheckTitles(file, table);
        // The exact lowest driver of an old major is said in a sentence.
        var sentences = new HtmlParser().ParseDocument(file.Text).QuerySelectorAll("p").Select(p => TextLines.Collapse(p.TextContent)).Where(t => !t.Contains('|', StringComparison.Ordinal));
        // A heading that spans columns stands in each of them; the parser wants rows of two or three cells.
        return string.Join("\n\n", [.. sentences, .. tables.Select(t => string.Join('\n', t.Select(r => string.Join(" | ", r))))]);
    }

    // Linux stands before Windows, the lower end of a range before the upper one.
    private static void CheckTitles(SourceFile file, IReadOnlyList<string[]> table)
    {
        var titles = table.TakeWhile(r => r[0] is "CUDA Toolkit" or "CTK Version" or "").ToList();
        var (first, second) = table[0][0] == "CTK Version" ? ("Min", "Max") : ("Linux", "Windows");
        if (titles[0].Length is < 2 or > 3 || (titles[0].Length == 3 && !titles.Any(r => r.Length == 3 && r[1].Contains(first, StringComparison.Ordinal) && r[2].Contains(second, StringComparison.Ordinal))))
            throw file.Error("titles", $"the columns are not {first} and {second}: the table changed shape.");
    }

    private static void Add(LiveWork work, string cuda, OperatingSystemFamily os, DriverVersion? minimum, string kind, string source)
    {
        if (minimum is not { } driver)
            return;
        var row = new DriverRequirementRow(cuda, os, driver, kind, true, [source]);
        if (work.Known.DriverRequirements.Same(row) is { } same)
        {
            row = same with { Sources = [source] };
        }
        else
        {
            var rivals = work.Known.DriverRequirements.Rows.Where(r => r.Cuda == cuda && r.Os == os && r.Used).ToList();
            var other = rivals.FirstOrDefault(r => r.Kind == kind) ?? rivals.FirstOrDefault(r => r.Kind == "bundled" && r.Minimum < driver && kind == Corresponding);
            if (other is not null)
                row = row with { Used = false, Note = $"{other.Minimum} is used; this page says {driver}" };
        }

        if (work.Fresh.DriverRequirements.Same(row) is null)
            work.Fresh.DriverRequirements.Add(row);
    }
}

/// <summary>releases.json of the data-centre drivers.</summary>
internal sealed class DriverReleasesReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "driver-releases";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.GetAsync(work.Source.Url("list"), cancellation);
        foreach (var release in DriverReleases.Parse(file, work))
        {
            if (Systems.Cpu(release.Cpu) is not { } arch)
            {
                work.Leave($"the processor {release.Cpu} is not covered");
                continue;
            }

            var row = new DriverReleaseRow(release.Version, OperatingSystemFamily.Linux, [arch], release.Date, "tesla", release.Url, null, null, [file.Id]);
            // The same number is also published for desktops, on another day and under another name.
            work.Fresh.Drivers.Replace(work.Known.Drivers.Same(row) is { } known ? known with { Date = known.Date ?? release.Date, Sources = [file.Id], Evidence = null } : row);
        }

        // A file that lost half of its branches is shorter than what it listed before, and than what is known of these drivers.
        var branches = work.Fresh.Drivers.Rows.Select(d => d.Version.Branch).ToHashSet();
        var lost = work.Known.Drivers.Rows.Where(d => d.Kind == "tesla" && d.Version.Branch >= branches.Min()).Select(d => d.Version.Branch).Distinct().Where(b => !branches.Contains(b)).ToList();
        if (lost.Count > branches.Count / 2)
            work.Unread.Add($"{file.Url} has {branches.Count} branches, and lacks {string.Join(", ", lost)}, of which data-centre drivers are known");
    }
}

/// <summary>The forward-compatibility table.</summary>
internal sealed class ForwardCompatReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "forward-compat";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.GetAsync(work.Source.Url("list"), cancellation);
        var table = HtmlGrid.Of(file.Text).FirstOrDefault(t => t.Any(r => r.Length > 1 && ForwardCompatTable.Package(r[0]) is not null)) ?? throw file.Error("tables", "no table of cuda-compat packages.");
        // Titles above the row of branches say what the columns are, not which.
        var rows = table.SkipWhile(r => !r.Skip(1).Any(c => c.Contains("CUDA", StringComparison.Ordinal) && c.Contains('+', StringComparison.Ordinal)));
        foreach (var cell in ForwardCompatTable.Parse(file.Path, string.Join('\n', rows.Select(r => string.Join(" | ", r)))))
        {
            work.Fresh.ForwardCompat.Add(new ForwardCompatRow(cell.Cuda, cell.Branch, cell.BranchCuda, cell.Status, [file.Id]));
        }

        CheckCells(work, file);
    }

    // A package is needed only where it is newer than the driver's own CUDA, and is of no use on its own branch: what stands elsewhere is another column's.
    private static void CheckCells(LiveWork work, SourceFile file)
    {
        foreach (var row in work.Fresh.ForwardCompat.Rows)
        {
            if (row.Status == "compatible" && row.BranchCuda is { } own && row.Cuda <= own || row.Status == "not-applicable" && row.BranchCuda != row.Cuda)
                throw file.Error($"cuda-compat {row.Cuda} on {row.Branch}", $"'{row.Status}' cannot be: the branch has CUDA {row.BranchCuda} of its own. The table changed shape.");
        }

        work.CheckAgreement(file, "cells", work.Fresh.ForwardCompat.Rows.Select(r => (Row: r, Known: work.Known.ForwardCompat.Same(r))).Where(r => r.Known is not null).Select(r => r.Known!.Status == r.Row.Status));
    }
}
