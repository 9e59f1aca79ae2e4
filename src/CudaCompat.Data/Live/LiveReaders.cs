using CudaCompat.Data.Live.Nvidia;
using CudaCompat.Data.Live.PyTorch;

namespace CudaCompat.Data.Live;

/// <summary>Every reader of a live source.</summary>
internal static class LiveReaders
{
    public static IReadOnlyDictionary<string, ILiveReader> All { get; } = new ILiveReader[]
    {
        new WheelIndexReader(),
        new PackageIndexReader(),
        new PublishedVersionsReader(),
        new QuickStartReader(),
        new ReleaseMatrixReader(),
        new PreviousVersionsReader(),
        new ArchScriptsReader(),
        new CondaReader(),
        new CondaForgeReader(),
        new CondaToolkitReader(),
        new ToolkitArchiveReader(),
        new ToolkitRedistReader(),
        new ToolkitSumsReader(),
        new ReleaseNotesReader(),
        new DriverReleasesReader(),
        new ForwardCompatReader(),
        new CudnnRedistReader(),
        new CudnnArchiveReader(),
        new CudnnListReader(),
        new CudnnSupportReader(),
        new InstallGuideReader(),
        new GpusReader(),
    }.ToDictionary(r => r.Name, StringComparer.Ordinal);
}
