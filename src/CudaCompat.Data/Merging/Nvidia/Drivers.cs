using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>Driver releases that have a file: the list of Linux drivers and NVIDIA's releases.json. One row a driver and processor.</summary>
internal sealed class Drivers : ISubject
{
    /// <inheritdoc/>
    public string Name => "drivers";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        foreach (var row in sources.Table("nvidia/drivers_linux.tsv", "version arch", "version", "arch", "channel_in_commit_subject", "packaged_on", "url", "sha256", "size", "evidence"))
        {
            var arch = Systems.Cpu(row.Required("arch")) ?? throw row.Error($"processor '{row["arch"]}' is not known.");
            var evidence = row.Required("evidence");
            facts.Drivers.Add(new DriverReleaseRow(row.Required<DriverVersion>("version"), OperatingSystemFamily.Linux, [arch], row.Text("packaged_on"), row.Text("channel_in_commit_subject")?.ToLowerInvariant(), row.Required("url"), row.Text("sha256"), row.Number("size"), Evidence.Sources(sources, row, evidence), Evidence.Text(evidence)));
            row.Use();
        }

        const string releases = "pages/tesla-releases.excerpt.json";
        if (sources.Has(releases))
            ReadReleases(sources.Open(releases, nameof(DriverReleases), "page"), facts);
    }

    private static void ReadReleases(SourceFile file, FactStore facts)
    {
        foreach (var release in DriverReleases.Parse(file.Path, file.Text))
        {
            var record = file.Record(release.Place, release.Version.ToString(), release);
            if (Systems.Cpu(release.Cpu) is not { } arch)
            {
                record.Reject($"the processor {release.Cpu} is not covered");
                continue;
            }

            var row = new DriverReleaseRow(release.Version, OperatingSystemFamily.Linux, [arch], release.Date, "tesla", release.Url, null, null, [file.Id]);
            facts.Drivers.Replace(facts.Drivers.Same(row) is { } known ? known with { Sources = Evidence.Union(known.Sources, row.Sources), Date = release.Date ?? known.Date } : row);
            record.Use();
        }
    }
}

/// <summary>Drivers that other tables name: known to exist, without a file. Runs after all of those.</summary>
internal sealed class NamedDrivers : ISubject
{
    private readonly HashSet<(OperatingSystemFamily, DriverVersion)> _known = [];

    /// <inheritdoc/>
    public string Name => "drivers named elsewhere";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        _known.Clear();
        _known.UnionWith(facts.Drivers.Rows.Select(r => (r.Os, r.Version)));
        ReadManifestDrivers(sources, facts);
        foreach (var row in facts.DriverRequirements.Rows)
            Add(facts, row.Minimum, row.Os, row.Sources, row.Evidence);
        foreach (var row in facts.DriverReports.Rows.Where(r => !r.Tegra && r.Os is not null))
            Add(facts, row.Driver, OperatingSystemNames.Instance.TryParse(row.Os, out var os) ? os : throw new FormatException(row.Os), row.Sources, row.Evidence);
        foreach (var row in facts.Architectures.Rows)
        {
            if (row.FirstDriverLinux is { } linux && !row.Tegra)
                Add(facts, linux, OperatingSystemFamily.Linux, row.Sources, null);
            if (row.FirstDriverWindows is { } windows)
                Add(facts, windows, OperatingSystemFamily.Windows, row.Sources, null);
        }

        foreach (var row in facts.PciGpus.Rows.Where(r => r.FirstDriver is not null))
            Add(facts, row.FirstDriver!.Value, OperatingSystemFamily.Linux, row.Sources, null);
    }

    private void ReadManifestDrivers(SourceFolder sources, FactStore facts)
    {
        foreach (var row in sources.Table("nvidia/driver_in_manifest.tsv", "cuda_version component", "cuda_version", "component", "version", "platforms", "evidence"))
        {
            if (row["component"] != "nvidia_driver")
            {
                row.Reject("names a tool of the driver, whose number follows the driver's");
                continue;
            }

            Add(facts, row.Required<DriverVersion>("version"), OperatingSystemFamily.Linux, Evidence.Sources(sources, row, row["evidence"]), row.Required("evidence"));
            row.Use();
        }
    }

    private void Add(FactStore facts, DriverVersion driver, OperatingSystemFamily os, string[] sources, string? evidence)
    {
        if (driver.Parts > 1 && _known.Add((os, driver)))
            facts.Drivers.Add(new DriverReleaseRow(driver, os, null, null, null, null, null, null, sources, evidence));
    }
}
