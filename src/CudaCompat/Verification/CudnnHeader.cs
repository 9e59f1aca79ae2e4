using CudaCompat.Detection.Host;
using CudaCompat.Detection.Text;

namespace CudaCompat.Verification;

/// <summary>Finds cuDNN's header, cudnn_version.h since 8 and cudnn.h before, and the version in it.</summary>
internal static class CudnnHeader
{
    private static readonly string[] Names = ["cudnn_version.h", "cudnn.h"];

    /// <summary>The version in the first header found in the folders, and where; null where there is none.</summary>
    public static (string Version, string File)? Find(IEnumerable<string> includeFolders)
    {
        foreach (var file in includeFolders.SelectMany(f => Names.Select(n => Path.Combine(f, n))).Where(OrdinaryFile.Exists))
        {
            if (CudnnHeaderText.Parse(File.ReadAllText(file)) is { } version)
                return (version.ToString(), file);
        }

        return null;
    }
}
