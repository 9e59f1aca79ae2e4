using CudaCompat.Data.Parsing;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>One line of the harvest of arch lists, as it speaks of torch.</summary>
/// <param name="Version">2.7.1, or 2.7: every patch of it.</param>
/// <param name="How">As in <see cref="ArchListRow"/>.</param>
/// <param name="Extracted">True where the list comes from the binaries (cuobjdump): complete for native code, with NVIDIA's static libraries, without PTX.</param>
/// <param name="Wrong">Why it is not to be used although it is kept.</param>
internal sealed record ArchFact(
    DottedVersion Version, CudaTag Tag, Packaging Packaging, OperatingSystemFamily Os, CpuArchitecture Arch, ComputeCapability[] Native, ComputeCapability[] Ptx, string How, bool Extracted,
    string? Wrong, string? Note, string[] Sources, string? Evidence);

/// <summary>Reads arch_list.tsv: what GPU code a torch build has, from measurements, build scripts and tables.</summary>
internal static class ArchListHarvest
{
    public const string Measured = "measured", ReleaseTag = "release-tag", BuildScript = "build-script", UpstreamTable = "upstream-table", Reported = "reported", Inferred = "inferred";

    public static readonly string[] Precedence = [Measured, ReleaseTag, BuildScript, UpstreamTable, Reported, Inferred];

    public static IReadOnlyList<ArchFact> Read(PyTorchWork work)
    {
        var facts = new List<ArchFact>();
        string[] columns = ["torch_version", "cuda_tag", "os", "arch", "packaging", "sm_list", "ptx_list", "how", "n_evidence", "evidence"];
        foreach (var row in work.Sources.Table("pytorch/arch_list.tsv", "", columns).Concat(work.Sources.Curated("pytorch-arch-lists.tsv", "", columns)))
        {
            var how = row.Required("how");
            var text = row.Required("torch_version");
            // "2.8~main" and "main~2.10" are builds of the main branch near that release.
            var nearMain = text.Contains("main", StringComparison.Ordinal);
            if (!DottedVersion.TryParse(text.Replace("main", "", StringComparison.Ordinal).Trim('~'), out var version))
                throw row.Error($"'{text}' is no torch version.");
            var docker = row["packaging"] == "docker";
            var ptx = Capabilities(row, "ptx_list");
            var nightlyPtx = how.Contains("its PTX is that of nightlies", StringComparison.Ordinal);
            var evidence = row.Text("evidence");
            facts.Add(new ArchFact(
                version, row.Required<CudaTag>("cuda_tag"), PackagingOf(row), Platforms.Os(row, "os"), Platforms.Arch(row, "arch"), Capabilities(row, "sm_list"), nightlyPtx ? [] : ptx,
                docker || nearMain ? Reported : Kind(row, how), how.Contains("cuobjdump", StringComparison.Ordinal),
                how.Contains("WRONG", StringComparison.Ordinal) ? "contradicted by measurements of these releases" : null,
                docker ? "measured in a container image, not in a wheel"
                    : nearMain ? $"a build of the main branch near {version}"
                    : nightlyPtx && ptx.Length > 0 ? $"the table adds PTX {string.Join(' ', ptx)}, which nightlies have and releases have not (measured)"
                    : null,
                Evidence.Sources(work.Sources, row, evidence), Evidence.Text(evidence)));
            row.Use();
        }

        return facts;
    }

    private static string Kind(TsvRow row, string how) =>
        how.StartsWith("measured", StringComparison.Ordinal) ? Measured
        : how == "build-script (release tag)" ? ReleaseTag
        : how.StartsWith("build-script", StringComparison.Ordinal) ? BuildScript
        : how.StartsWith("upstream table", StringComparison.Ordinal) ? UpstreamTable
        : how == "reported" ? Reported
        : throw row.Error($"column how: '{how}' is not known.");

    private static Packaging PackagingOf(TsvRow row) => row.Required("packaging") switch
    {
        "wheel" or "docker" => Packaging.Pip,
        "conda" => Packaging.Conda,
        "conda-forge" => Packaging.CondaForge,
        var other => throw row.Error($"column packaging: '{other}' is not known."),
    };

    // 50,86,100,90a: the last digit is the minor.
    private static ComputeCapability[] Capabilities(TsvRow row, string column) =>
    [
        .. row[column].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text =>
        {
            var digits = text.TrimEnd('a', 'f');
            return digits.Length is 2 or 3 && ComputeCapability.TryParse($"{digits[..^1]}.{digits[^1]}{text[digits.Length..]}", out var capability)
                ? capability
                : throw row.Error($"column {column}: '{text}' is no architecture.");
        }).Order(),
    ];
}
