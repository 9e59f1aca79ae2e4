using CudaCompat.Matrix;
using CudaCompat.Versions;

namespace CudaCompat.Choosing;

/// <summary>Which code runs on which GPU: the suffixes a and f bind native code and PTX alike.</summary>
internal static class DeviceCodeRules
{
    /// <summary>True where native code for one of the capabilities runs on the GPU.</summary>
    public static bool RunsNatively(ArchitectureTable architectures, IReadOnlyList<ComputeCapability> sass, ComputeCapability gpu)
    {
        for (var i = 0; i < sass.Count; i++)
        {
            if (architectures.Runs(sass[i], gpu))
                return true;
        }

        return false;
    }

    /// <summary>True where the driver can compile PTX for one of the capabilities for the GPU.</summary>
    public static bool CompilesFor(IReadOnlyList<ComputeCapability> ptx, ComputeCapability gpu)
    {
        for (var i = 0; i < ptx.Count; i++)
        {
            if (Compiles(ptx[i], gpu))
                return true;
        }

        return false;
    }

    private static bool Compiles(ComputeCapability ptx, ComputeCapability gpu) => ptx.Suffix switch
    {
        'a' => ptx.Major == gpu.Major && ptx.Minor == gpu.Minor,
        'f' => ptx.Major == gpu.Major && ptx.Minor <= gpu.Minor,
        _ => ptx <= gpu,
    };
}
