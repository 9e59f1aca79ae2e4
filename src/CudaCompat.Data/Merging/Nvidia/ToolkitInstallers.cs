using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>
/// Toolkit installers. One file may be described by several sources: its address is written with https, a SHA-256 is preferred to an
/// MD5 and NVIDIA's own md5sum.txt to a packager's; values of one kind that disagree are told in the note.
/// </summary>
internal sealed class ToolkitInstallers : ISubject
{
    private const string Catalog = "nvidia/packages/ctk_local_installers_catalog.tsv";

    /// <inheritdoc/>
    public string Name => "toolkit installers";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        var files = new Dictionary<(CudaVersion, OperatingSystemFamily, CpuArchitecture, string), InstallerFile>();
        ReadHarvest(sources, files);
        ReadCatalog(sources, files);
        foreach (var folder in new[] { "nvidia/scoop/Main", "nvidia/scoop/Versions" })
        {
            foreach (var path in sources.Files(folder, "*.json"))
                ReadScoop(sources.Open(path, nameof(ScoopManifest), "manifest"), files);
        }

        foreach (var path in sources.Files("nvidia/md5sum", "md5sum_*.txt"))
            ReadSums(sources.Open(path, nameof(Md5SumFile), "page"), files);
        foreach (var file in files.Values)
            facts.Installers.Add(file.ToRow());
    }

    private static void ReadHarvest(SourceFolder sources, Dictionary<(CudaVersion, OperatingSystemFamily, CpuArchitecture, string), InstallerFile> files)
    {
        foreach (var row in sources.Table("nvidia/cuda_installers.tsv", "", "version", "os", "arch", "kind", "url", "checksum_kind", "checksum", "size", "embedded_driver", "evidence"))
        {
            if (Systems.Cpu(row.Required("arch")) is not { } arch)
            {
                row.Reject($"the processor {row["arch"]} is not covered");
                continue;
            }

            var kind = row.Required("kind");
            if (kind is not ("exe_local" or "exe_network" or "runfile"))
                throw row.Error($"kind '{kind}' is not known.");
            var file = FileOf(files, row.Required<CudaVersion>("version"), Systems.Of(row, "os"), arch, kind, row.Required("url"));
            file.Driver ??= row.Optional<DriverVersion>("embedded_driver");
            if (row.Text("checksum") is { } value)
                file.Add(new Checksum(row.Required("checksum_kind"), value), official: false, row["evidence"]);
            file.Size(row.Number("size"), row);
            var evidence = row.Required("evidence");
            file.Source(Evidence.Sources(sources, row, evidence), Evidence.Text(evidence));
            row.Use();
        }
    }

    private static void ReadCatalog(SourceFolder sources, Dictionary<(CudaVersion, OperatingSystemFamily, CpuArchitecture, string), InstallerFile> files)
    {
        var source = sources.Open(Catalog, nameof(ToolkitInstallers), "table");
        var columns = new[] { "version", "platform", "name", "md5", "size", "url" };
        var text = string.Join('\t', columns) + "\n" + source.Text;
        foreach (var (line, cells) in TsvTable.Parse(source.Path, text, columns))
        {
            // The table has no head; one was put in front, so its lines count from 2.
            var record = source.Record(TextLines.Place(line - 1), cells[2], cells);
            if (InstallerNames.Of(cells[2]) is not { } name || !CudaVersion.TryParse(cells[0], out var version) || cells[3].Length != 32 || !long.TryParse(cells[4], out var size))
                throw record.Error($"'{string.Join(' ', cells)}' is no installer.");
            var file = FileOf(files, version, name.Os, name.Arch, name.Kind, cells[5]);
            file.Driver ??= name.Driver;
            file.Add(new Checksum("md5", cells[3]), official: false, "the table of the archive pages");
            file.Size(size, record);
            file.Source([source.Id], null);
            record.Use();
        }
    }

    private static void ReadScoop(SourceFile source, Dictionary<(CudaVersion, OperatingSystemFamily, CpuArchitecture, string), InstallerFile> files)
    {
        foreach (var described in ScoopManifest.Parse(source.Path, source.Text))
        {
            var record = source.Record(described.Place, described.FileName, described);
            if (described.Bits != "64bit" || described.FileName.EndsWith(".zip", StringComparison.Ordinal))
            {
                record.Reject(described.Bits == "64bit" ? "a patch beside the installer" : "32-bit systems are not covered");
                continue;
            }

            var kind = described.FileName.Contains("_network", StringComparison.Ordinal) ? "exe_network" : "exe_local";
            var file = FileOf(files, described.Toolkit, OperatingSystemFamily.Windows, CpuArchitecture.X64, kind, described.Url);
            file.Driver ??= InstallerNames.Of(described.FileName)?.Driver;
            file.Add(described.Checksum, official: false, source.Id);
            file.Source([source.Id], null);
            record.Use();
        }
    }

    private static void ReadSums(SourceFile source, Dictionary<(CudaVersion, OperatingSystemFamily, CpuArchitecture, string), InstallerFile> files)
    {
        foreach (var line in Md5SumFile.Parse(source.Path, source.Text))
        {
            var record = source.Record(TextLines.Place(line.Line), line.FileName, line);
            if (InstallerNames.Of(line.FileName) is not { } name)
            {
                record.Reject("a package repository (deb, rpm), not an installer");
                continue;
            }

            if (!files.TryGetValue((name.Toolkit, name.Os, name.Arch, name.Kind), out var file) || file.FileName != line.FileName)
            {
                record.Reject("no address of this file is known");
                continue;
            }

            file.Add(new Checksum("md5", line.Md5), official: true, source.Id);
            file.Source([source.Id], null);
            record.Use();
        }
    }

    private static InstallerFile FileOf(Dictionary<(CudaVersion, OperatingSystemFamily, CpuArchitecture, string), InstallerFile> files, CudaVersion toolkit, OperatingSystemFamily os, CpuArchitecture arch, string kind, string url)
    {
        var secure = url.StartsWith("http://", StringComparison.Ordinal) ? "https://" + url["http://".Length..] : url;
        var key = (toolkit, os, arch, kind);
        if (!files.TryGetValue(key, out var file))
            files.Add(key, file = new InstallerFile(toolkit, os, arch, kind, secure));
        return file.Url == secure ? file : throw new InvalidOperationException($"two addresses for one installer: {file.Url} and {secure}.");
    }
}
