using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>The packages of PyTorch by name.</summary>
internal static class TorchNames
{
    public const string Torch = "torch";
    public const string Vision = "torchvision";
    public const string Audio = "torchaudio";

    public static readonly IReadOnlyList<string> Companions = [Vision, Audio];

    /// <summary>2.14 of 2.14.1.</summary>
    public static (int Major, int Minor) MinorOf(PackageVersion version) => (version.Release.Major, version.Release.Minor);
}
