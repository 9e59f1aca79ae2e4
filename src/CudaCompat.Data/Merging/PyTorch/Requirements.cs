using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>The NVIDIA packages that a torch wheel pins. Gives requirements.json and the cuDNN of the wheels.</summary>
internal static class Requirements
{
    private const string CudnnPrefix = "nvidia-cudnn-cu";
    private static readonly string[] Precedence = ["exact", "resolved", "reported", "resolved-minority"];

    public static void Read(PyTorchWork work)
    {
        var rows = new List<RequirementRow>();
        var repositories = new Dictionary<RequirementRow, int>();
        foreach (var row in work.Sources.Table("pytorch/nvidia_pins.tsv", "", "torch_version", "local_tag", "torch_source", "requirement", "version", "how", "n_repos", "marker", "evidence", "evidence_date"))
        {
            var tag = row.Optional<CudaTag>("local_tag") ?? TagOfDefault(work, row);
            if (tag is null)
            {
                row.Reject("no source says which CUDA this default build has");
                continue;
            }

            var evidence = row.Text("evidence");
            var requirement = new RequirementRow(row.Required<PackageVersion>("torch_version"), tag, row.Required("requirement"), row.Required("version"), row.Required("how"), false,
                row.Text("marker"), Evidence.Sources(work.Sources, row, evidence), Evidence.Text(evidence), Slip(row, tag.Value));
            rows.Add(requirement);
            repositories.Add(requirement, (int)(row.Number("n_repos") ?? 1));
            row.Use();
        }

        foreach (var group in rows.GroupBy(r => (r.Torch, r.Tag, r.Requirement)))
            Choose(work, [.. group], repositories);
        SetCudnn(work);
    }

    private static CudaTag? TagOfDefault(PyTorchWork work, TsvRow row) =>
        work.DefaultBuild(row.Required<PackageVersion>("torch_version"), Machines.OperatingSystemFamily.Linux, Machines.CpuArchitecture.X64, packageIndex: true)?.Tag;

    // poetry keeps one list of requirements for all files of a version: 2.1.1+cu118 seems to need packages for CUDA 12.
    private static string? Slip(TsvRow row, CudaTag tag)
    {
        var name = row["requirement"];
        var cu = name.LastIndexOf("-cu", StringComparison.Ordinal);
        return cu > 0 && name[(cu + 3)..] is { Length: 2 } major && major != tag.Cuda?.Major.ToString(System.Globalization.CultureInfo.InvariantCulture)
            ? "for another CUDA major: the lock file copies the requirements of the default build" : null;
    }

    private static void Choose(PyTorchWork work, List<RequirementRow> rows, Dictionary<RequirementRow, int> repositories)
    {
        // A project's override only ever raises a version: where as many say one thing as another, the lower is the wheel's own.
        var ordered = rows.Where(r => r.Note is null)
            .OrderBy(r => r.How == "exact" ? 0 : 1).ThenBy(r => r.How == "resolved-minority" ? 1 : 0).ThenByDescending(r => repositories[r])
            .ThenBy(r => DottedVersion.TryParse(r.Version, out var v) ? v : default).ThenBy(r => Array.IndexOf(Precedence, r.How)).ToList();
        var used = ordered.FirstOrDefault();
        foreach (var row in rows)
        {
            var isUsed = ReferenceEquals(row, used);
            var note = row.Note ?? (isUsed || row.Version == used?.Version ? null : $"{used?.Version} is taken: {(repositories[row] < repositories[used!] ? "more projects have it" : "overrides raise versions, they do not lower them")}");
            var kept = row with { Used = isUsed, Note = note };
            if (work.Facts.Requirements.Same(kept) is null)
                work.Facts.Requirements.Add(kept);
        }
    }

    private static void SetCudnn(PyTorchWork work)
    {
        var pins = work.Facts.Requirements.Rows.Where(r => r.Used && r.Requirement.StartsWith(CudnnPrefix, StringComparison.Ordinal))
            .ToDictionary(r => (r.Torch, r.Tag!.Value), r => r);
        var page = work.Sources.Open("pytorch/tables/RELEASE-matrix.capture.md", nameof(ReleaseMatrixParser), "table");
        var matrix = ReleaseMatrixParser.Parse(page.Text, page.Path);
        foreach (var row in matrix)
            page.Record($"line {row.Line}", row.Minor.ToString(), row).Use();
        foreach (var draft in work.Builds.Of(PyTorchWork.Torch, Packaging.Pip).Where(d => d.Key.Tag is { IsCpu: false }))
        {
            var (version, tag) = (draft.Key.Version, draft.Key.Tag!.Value);
            var pin = pins.TryGetValue((version, tag), out var own) ? own
                : pins.Values.Where(p => p.Tag == tag && PyTorchWork.MinorOf(p.Torch) == PyTorchWork.MinorOf(version)).OrderByDescending(p => p.Torch).FirstOrDefault();
            if (pin is not null)
            {
                draft.Cudnn = DottedVersion.Parse(pin.Version);
                if (pin.Torch != version)
                    draft.Note($"cuDNN as pinned by the sibling {pin.Torch}+{tag}");
                continue;
            }

            var stated = matrix.Where(r => r.Minor.Major == version.Release.Major && r.Minor.Minor == version.Release.Minor)
                .Select(r => r.Cudnn.GetValueOrDefault(tag.Cuda!.Value)).FirstOrDefault(c => c is not null);
            if (stated is not null)
            {
                draft.Cudnn = stated;
                draft.Note("cuDNN from the release matrix");
            }
        }
    }
}
