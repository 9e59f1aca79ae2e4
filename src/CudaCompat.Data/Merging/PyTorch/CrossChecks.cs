using CudaCompat.Data.Parsing;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>
/// Sources that state again what stronger ones list. They are compared, and what they contradict stays visible: as a note of the release
/// where they name builds that do not exist, as a rejected row where nothing of them holds.
/// </summary>
internal static class CrossChecks
{
    public static void Read(PyTorchWork work)
    {
        ReadReleases(work);
        ReadReleaseMatrix(work);
        ReadSelectorTable(work);
        ReadVisionTable(work);
        RejectNightlyMatrices(work);
    }

    private static void ReadReleases(PyTorchWork work)
    {
        foreach (var row in work.Sources.Curated("pytorch-releases.tsv", "version", "version", "date", "python", "evidence", "note"))
        {
            row.Use();
            work.Facts.TorchReleases.Add(new TorchReleaseRow(
                row.Required<PackageVersion>("version"), row.Text("date"), row.Text("python"), row.Text("note"), Evidence.Sources(work.Sources, row, row.Text("evidence"))));
        }

        // The table's own column of CUDA versions: 2.8.0 with 11.8 is on no index.
        var table = work.Sources.Open("pytorch/tables/torch_compat_pytorch_kr.tsv", nameof(TsvTable), "harvest");
        foreach (var row in table.Records.OfType<TsvRow>())
        {
            var release = work.Facts.TorchReleases.Rows.First(r => r.Version == row.Required<PackageVersion>("torch"));
            var missing = row["cuda"].Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(CudaVersion.Parse)
                .Where(c => !HasBuild(work, release.Version, CudaTag.Of(c), null)).ToList();
            if (missing.Count > 0 && release.Version.Release.Major > 0)
                work.Facts.TorchReleases.Replace(release with { Note = $"a table lists CUDA {string.Join(", ", missing)}, of which no index has a build" });
        }
    }

    private static bool HasBuild(PyTorchWork work, PackageVersion torch, CudaTag tag, OperatingSystemFamily? os) =>
        work.Builds.All.Any(d => d.Key.Package == PyTorchWork.Torch && d.Key.Version.Release == torch.Release && d.Key.Tag == tag && (os is null || d.Key.Os == os));

    private static void ReadReleaseMatrix(PyTorchWork work)
    {
        var table = work.Sources.Table("pytorch/tables/release_matrix_test_infra.tsv", "", "stable_version", "release_cuda", "release_python", "release_rocm", "cuda_aarch64",
            "cuda_full_and_cudnn_major", "default_cuda", "packages_in_install_cmd", "first_seen", "last_seen", "commit");
        foreach (var row in table)
        {
            var torch = row.Required<PackageVersion>("stable_version");
            var missing = row["release_cuda"].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(CudaVersion.Parse).Where(c => !HasBuild(work, torch, CudaTag.Of(c), OperatingSystemFamily.Linux)).ToList();
            if (missing.Count == 0)
                row.Use();
            else
                row.Reject($"names CUDA {string.Join(", ", missing)}, of which no build is known");
        }
    }

    // A harvest of the selector's data, which is read itself.
    private static void ReadSelectorTable(PyTorchWork work)
    {
        foreach (var row in work.Sources.Table("pytorch/tables/published_versions_cuda.tsv", "torch os packaging", "torch", "os", "packaging", "cuda_choices"))
        {
            if (row["torch"] == "preview")
            {
                row.Reject("nightly builds are not covered");
                continue;
            }

            var torch = PackageVersion.Parse(row["torch"].Replace("lts-", "", StringComparison.Ordinal));
            var packaging = row["packaging"] == "conda" ? Packaging.Conda : Packaging.Pip;
            var stated = work.Commands.Where(c => c.PerOs && c.Torch == torch && c.Packaging == packaging && c.Os.Contains(Platforms.Os(row, "os"))).ToList();
            var choices = row["cuda_choices"].Split(',').Where(c => c is not ("none" or "(index default)"))
                .Select(c => CudaVersion.TryParse(c, out var cuda) ? CudaTag.Of(cuda) : CudaTag.Parse(c));
            if (choices.All(tag => stated.Any(c => c.Tag == tag)))
                row.Use();
            else
                row.Reject("differs from the document that it was taken from");
        }
    }

    private static void ReadVisionTable(PyTorchWork work)
    {
        var file = work.Sources.Open("pytorch/tables/vision-README-table.capture.md", nameof(CrossChecks), "table");
        var lines = file.Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var cells = lines[i].Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length != 3 || !DottedVersion.TryParse(cells[0].Trim('`'), out var minor))
                continue;
            var record = file.Record($"line {i + 1}", cells[0], cells);
            var named = cells[1].Split('/', StringSplitOptions.TrimEntries).Select(v => v.Trim('`')).Where(v => DottedVersion.TryParse(v, out _)).Select(DottedVersion.Parse).ToList();
            var pairs = work.Pairs.Where(p => p.Package == PyTorchWork.Vision && p.How != "rule" && p.Torch.Release.StartsWith(minor)).ToList();
            if (pairs.Any(p => named.Any(n => p.Version.Release.StartsWith(n))))
                record.Use();
            else
                record.Reject("says another torchvision than the commands and the newer table");
        }
    }

    private static void RejectNightlyMatrices(PyTorchWork work)
    {
        foreach (var path in work.Sources.Files("pytorch/test-infra-assets", "*.json"))
            work.Sources.Open(path, nameof(CrossChecks), "manifest").Record("document", path, path).Reject("the build matrix of the nightly channel of that branch; releases differ");
    }
}
