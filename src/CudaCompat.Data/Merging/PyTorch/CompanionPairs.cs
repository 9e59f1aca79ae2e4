using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>Which torchvision and torchaudio go with which torch, from every source that says so.</summary>
internal static class CompanionPairs
{
    public static void Read(PyTorchWork work)
    {
        ReadCommands(work);
        ReadTable(work);
        ReadAudioTable(work);
        ReadCurated(work);
    }

    private static void ReadCommands(PyTorchWork work)
    {
        foreach (var command in work.Commands)
        {
            // ROCm commands are not looked at: 1.10.1 names another torchvision there.
            if (command.Text is null || command.Tag is null)
                continue;
            foreach (var package in new[] { PyTorchWork.Vision, PyTorchWork.Audio })
            {
                // torchvision-cpu was the name of the CPU build in conda before 1.2; it has the same number.
                var pinned = command.Text.Packages.GetValueOrDefault(package) ?? command.Text.Packages.GetValueOrDefault(package + "-cpu");
                if (pinned is { } version)
                    work.Pairs.Add(new CompanionPair(command.Torch, package, version.WithoutLabel, command.Packaging, "command", command.Tag, [command.Source], OnPage: !command.PerOs));
            }
        }
    }

    private static void ReadTable(PyTorchWork work)
    {
        var table = work.Sources.Table("pytorch/tables/torch_compat_pytorch_kr.tsv", "torch",
            "torch", "release_date", "torchvision", "torchaudio", "torchtext", "torchdata", "torchcodec", "python", "cuda", "rocm");
        foreach (var row in table)
        {
            row.Use();
            var torch = row.Required<PackageVersion>("torch");
            foreach (var package in new[] { PyTorchWork.Vision, PyTorchWork.Audio })
            {
                if (row.Optional<PackageVersion>(package) is { } version)
                    work.Pairs.Add(new CompanionPair(torch, package, version, null, "table", null, [row.File.Id]));
            }

            work.Facts.TorchReleases.Add(new TorchReleaseRow(torch, row.Text("release_date")?.Replace('/', '-'), row.Text("python"), null, [row.File.Id]));
        }
    }

    // "2.4" in this table is 2.4.0; it stops at 2.6.
    private static void ReadAudioTable(PyTorchWork work)
    {
        var file = work.Sources.Open("pytorch/tables/audio-compat-table.capture.tsv", nameof(CompanionPairs), "table");
        var lines = file.Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 || lines[i][0] == '#' || lines[i].StartsWith("PyTorch\t", StringComparison.Ordinal))
                continue;
            var cells = lines[i].Split('\t');
            if (cells.Length != 3 || !PackageVersion.TryParse(cells[0], out var torch) || !PackageVersion.TryParse(cells[1], out var version))
                throw file.Error($"line {i + 1}", "not torch, torchaudio, Python.");
            file.Record($"line {i + 1}", cells[0], cells).Use();
            var known = work.Facts.TorchReleases.Rows.Select(r => r.Version).FirstOrDefault(v => v == torch, torch);
            work.Pairs.Add(new CompanionPair(known, PyTorchWork.Audio, version, null, "table", null, [file.Id]));
        }
    }

    private static void ReadCurated(PyTorchWork work)
    {
        foreach (var row in work.Sources.Curated("pytorch-companions.tsv", "torch package version", "torch", "package", "version", "how", "evidence"))
        {
            row.Use();
            var evidence = row.Text("evidence");
            work.Pairs.Add(new CompanionPair(
                row.Required<PackageVersion>("torch"), row.Required("package"), row.Required<PackageVersion>("version"), null, row.Required("how"), null,
                Evidence.Sources(work.Sources, row, evidence), Evidence.Text(evidence)));
        }
    }

    /// <summary>Conda packages name the exact torch that they were built for: the best source there is.</summary>
    public static void AddDepends(PyTorchWork work, CondaPackage package, PackageVersion version, string[] sources)
    {
        foreach (var depend in package.Depends)
        {
            if (depend.StartsWith("pytorch ", StringComparison.Ordinal) && PackageVersion.TryParse(depend["pytorch ".Length..].Trim('=', '*', '.'), out var torch)
                && !work.Pairs.Any(p => p.How == "depends" && p.Torch == torch && p.Package == package.Name && p.Version == version))
            {
                work.Pairs.Add(new CompanionPair(torch, package.Name, version, Packaging.Conda, "depends", null, sources));
            }
        }
    }
}
