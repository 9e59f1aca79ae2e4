using System.Globalization;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>
/// Compute capabilities with their first and last toolkit and driver. Where sources disagree the curated statement decides, then NVIDIA's
/// matrix, then spack, then nixpkgs (whose lower bounds are its own floor); what the others say stays in the note.
/// </summary>
internal sealed class Architectures : ISubject
{
    private const string Matrix = "nvidia/docs/cuda-toolkit-driver-and-architecture-matrix.txt";
    private const string Ongoing = "ongoing";

    /// <inheritdoc/>
    public string Name => "architectures";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        var curated = sources.Curated("architectures.tsv", "compute_capability", "compute_capability", "first_toolkit", "last_toolkit", "tegra", "libraries_from", "same_as", "open_kernel_module", "note", "evidence")
            .ToDictionary(r => r.Required<ComputeCapability>("compute_capability"));
        var drivers = sources.Table("nvidia/driver_first_for_arch.tsv", "compute_capability", "compute_capability", "architecture", "first_branch", "first_driver_linux", "first_driver_windows", "how", "evidence")
            .ToDictionary(r => r.Required<ComputeCapability>("compute_capability"));
        CheckMatrix(sources);
        foreach (var row in sources.Table("nvidia/arch_support.tsv", "compute_capability", "compute_capability", "architecture", "first_toolkit_spack", "last_toolkit_spack", "first_toolkit_nixpkgs", "last_toolkit_nixpkgs", "first_toolkit_nvidia_matrix", "last_toolkit_nvidia_matrix", "last_driver_branch", "last_driver_evidence", "evidence"))
        {
            var capability = row.Required<ComputeCapability>("compute_capability");
            facts.Architectures.Add(Merge(sources, row, capability, curated.GetValueOrDefault(capability), drivers.GetValueOrDefault(capability)));
            row.Use();
        }

        foreach (var row in curated.Values.Concat(drivers.Values).Where(r => !r.IsUsed))
            throw row.Error($"capability {row.Key} is in no table of architectures.");
    }

    private static ArchitectureRow Merge(SourceFolder sources, TsvRow row, ComputeCapability capability, TsvRow? curated, TsvRow? driver)
    {
        var evidence = row.Required("evidence");
        var ids = Evidence.Union(Evidence.Sources(sources, row, evidence), row.Text("last_driver_evidence") is { } more ? Evidence.Sources(sources, row, more) : []);
        foreach (var other in new[] { curated, driver })
        {
            if (other is null)
                continue;
            ids = Evidence.Union(ids, Evidence.Sources(sources, other, other.Required("evidence")));
            other.Use();
        }

        var first = Choose(row, curated, "first_toolkit");
        var last = Choose(row, curated, "last_toolkit");
        var notes = new[]
        {
            capability.Suffix is null ? null : "a compile target, not a device",
            first.Note, last.Note, curated?.Text("note"),
            driver is null ? null : $"first driver: {driver["how"]}",
        };
        var texts = new[] { evidence, row.Text("last_driver_evidence"), driver?.Text("evidence"), curated?.Text("evidence") }.Where(t => t is not null).Distinct();
        return new ArchitectureRow(
            capability, row.Required("architecture"), first.Version, last.Version,
            Branch(driver?.Text("first_branch")), driver?.Optional<DriverVersion>("first_driver_linux"), driver?.Optional<DriverVersion>("first_driver_windows"),
            Branch(row.Text("last_driver_branch")), curated?.Text("tegra") == "true",
            curated?.Optional<CudaVersion>("libraries_from"), curated?.Optional<ComputeCapability>("same_as"),
            ids, string.Join("; ", texts), string.Join("; ", notes.Where(n => n is not null)) is { Length: > 0 } note ? note : null,
            curated?.Text("open_kernel_module") == "true" ? true : null);
    }

    // "R470" is a branch; "ongoing" is none; "L4T R34" is part of a system image, not a driver branch.
    private static int? Branch(string? text) =>
        text is ['R', .. var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var branch) ? branch : null;

    private static (CudaVersion? Version, string? Note) Choose(TsvRow row, TsvRow? curated, string column)
    {
        var stated = new List<(string From, string Text)>();
        if (curated?.Text(column) is { } own)
            stated.Add(("curated", own));
        foreach (var from in new[] { "nvidia_matrix", "spack", "nixpkgs" })
        {
            if (row.Text($"{column}_{from}") is { } text)
                stated.Add((from, text));
        }

        if (stated.Count == 0 || stated[0].Text == Ongoing)
            return (null, null);
        // "12.x" in NVIDIA's matrix is the whole major: the harvested tables name its last minor.
        var exact = stated.FirstOrDefault(s => CudaVersion.TryParse(s.Text, out _));
        if (exact.Text is null)
            throw row.Error($"column {column}: no release in {string.Join(", ", stated.Select(s => s.Text))}.");
        var version = CudaVersion.Parse(exact.Text);
        var others = stated.Where(s => s.Text != exact.Text && s.Text != $"{version.Major}.x").Select(s => $"{s.From} {s.Text}").ToList();
        return (version, others.Count == 0 ? null : $"{column.Replace('_', ' ')}: {exact.From} {exact.Text}, against {string.Join(", ", others)}");
    }

    private static void CheckMatrix(SourceFolder sources)
    {
        var file = sources.Open(Matrix, nameof(ArchitectureMatrix), "page");
        foreach (var row in ArchitectureMatrix.Parse(file.Path, file.Text))
        {
            // The harvested table holds these very values in a column of its own; the page is read to prove that it still has its shape.
            var record = file.Record(TextLines.Place(row.Line), row.Capability.ToString(), row);
            if (row.Complete)
                record.Use();
            else
                record.Reject("the stored copy is cut inside this row");
        }
    }
}
