using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Live.PyTorch;

/// <summary>repodata.json of the channel pytorch, plain: packages as conda itself reads them.</summary>
internal sealed class CondaReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "conda";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.GetAsync(work.Source.Url("list"), nameof(RepodataParser), "manifest", cancellation, "application/json");
        var torch = new PyTorchWork(null!, work.Fresh);
        foreach (var package in RepodataParser.Parse(file.Text, file.Path))
            CondaListing.Add(torch, file.Record("packages." + package.FileName, package.FileName, package), package, [file.Id], null);
        foreach (var draft in torch.Builds.All)
        {
            var listed = draft.ToRow();
            work.Fresh.Builds.Add(work.Known.Builds.Same(listed) is { } known ? known with { Pythons = listed.Pythons, Known = KnownBy.Listed, Sources = listed.Sources } : listed);
        }

        var subdir = work.Source.Url("list").Split('/')[^2];
        work.Complete(work.Known.BuildFiles, work.Fresh.BuildFiles, f => f.Packaging == Packaging.Conda && f.Platform == subdir);
    }
}
