using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live.PyTorch;

/// <summary>The release matrix of RELEASE.md: the cuDNN of builds of which no wheel's own pin is known. A pin goes before the table, whose line speaks of a minor as a whole.</summary>
internal sealed class ReleaseMatrixReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "release-matrix";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.GetAsync(work.Source.Url("list"), cancellation);
        var builds = work.Known.Builds.Rows.Where(b => b is { Package: TorchNames.Torch, Packaging: Packaging.Pip, Tag: { IsCpu: false } }).ToLookup(b => TorchNames.MinorOf(b.Version));
        foreach (var row in ReleaseMatrixParser.Parse(file.Text, file.Path))
        {
            foreach (var build in builds[(row.Minor.Major, row.Minor.Minor)])
            {
                if (row.Cudnn.GetValueOrDefault(build.Tag!.Value.Cuda!.Value) is { } cudnn)
                    work.Fresh.Builds.Add(build with { Cudnn = build.Cudnn ?? cudnn, Sources = [file.Id], Note = build.Cudnn is null ? "cuDNN from the release matrix" : null });
            }
        }
    }
}
