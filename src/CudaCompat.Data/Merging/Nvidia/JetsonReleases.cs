using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>JetPack releases: what they carry and where PyTorch for them comes from.</summary>
internal sealed class JetsonReleases : ISubject
{
    /// <inheritdoc/>
    public string Name => "Jetson";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        foreach (var row in sources.Table("nvidia/jetson.tsv", "jetpack", "jetpack", "l4t", "cuda", "cudnn", "tensorrt", "ubuntu", "python", "devices_cc", "torch_source", "evidence"))
        {
            ComputeCapability[] capabilities = [.. row.Required("devices_cc").Split(' ').Select(ComputeCapability.Parse)];
            var evidence = row.Required("evidence");
            facts.Jetson.Add(new JetsonRow(row.Required("jetpack"), row.Text("l4t"), row.Text("cuda"), row.Text("cudnn"), row.Text("tensorrt"), row.Text("ubuntu"), row.Text("python"), capabilities, row.Text("torch_source"), Evidence.Sources(sources, row, evidence), Evidence.Text(evidence)));
            row.Use();
        }
    }
}
