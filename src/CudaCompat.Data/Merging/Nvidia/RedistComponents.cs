using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>Archives of the redistributable manifests; the harvested table adds releases whose manifest is not captured.</summary>
internal sealed class RedistComponents : ISubject
{
    /// <inheritdoc/>
    public string Name => "redistributable components";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        foreach (var path in sources.Files("nvidia/redist/cuda", "redistrib_*.json"))
        {
            var file = sources.Open(path, nameof(RedistManifest), "manifest");
            var toolkit = CudaVersion.Parse(RedistManifest.Head(file.Path, file.Text).Version);
            foreach (var archive in RedistManifest.Parse(file.Path, file.Text))
            {
                var record = file.Record(archive.Place, archive.Path, archive);
                facts.Redist.Add(new RedistRow(toolkit, archive.Component, archive.Version, archive.Platform, archive.Path, archive.Sha256, archive.Size, [file.Id]));
                record.Use();
            }
        }

        foreach (var row in sources.Table("nvidia/redist_components.tsv", "cuda_version component platform relative_path", "cuda_version", "component", "component_version", "platform", "relative_path", "sha256", "size", "evidence"))
        {
            var evidence = row.Required("evidence");
            var fact = new RedistRow(row.Required<CudaVersion>("cuda_version"), row.Required("component"), row.Required("component_version"), row.Required("platform"), row.Required("relative_path"), row.Text("sha256"), row.Number("size"), Evidence.Sources(sources, row, evidence), Evidence.Text(evidence));
            if (facts.Redist.Same(fact) is not { } known)
                facts.Redist.Add(fact);
            else if (known.Sha256 != fact.Sha256 || known.Version != fact.Version)
                throw row.Error($"{fact.Path} differs from {known.Sources[0]}.");
            row.Use();
        }
    }
}
