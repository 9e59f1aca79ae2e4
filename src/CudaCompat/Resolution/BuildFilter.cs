using System.Numerics;
using CudaCompat.Matrix;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>
/// Turns away, by a few comparisons, builds that a rule surely stops, so that only the others are judged. It says nothing of why: where a
/// reason is told, the rules themselves find it.
/// </summary>
internal struct BuildFilter
{
    private readonly MachineFacts _machine;
    private readonly Policy _policy;
    private readonly ulong _python;
    private readonly ulong _architectures;
    private readonly bool _nativeOnly;
    private readonly VersionSpec? _toolkit;
    private ulong _unfit;
    private ulong _asked;

    /// <summary>A filter for one machine and request.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="wish">The request.</param>
    /// <param name="allowPtx">False where only native code counts.</param>
    public BuildFilter(MachineFacts machine, Wish wish, bool allowPtx)
    {
        _machine = machine;
        _policy = wish.Policy;
        _python = machine.Python is { } python ? machine.Matrix.Builds.MaskOf(python) : ulong.MaxValue;
        foreach (var gpu in machine.Gpus ?? [])
        {
            if (gpu.ArchitectureIndex >= 0)
                _architectures |= 1UL << gpu.ArchitectureIndex;
        }

        _toolkit = wish.ToolkitOfBuild ? wish.ToolkitSpec : null;
        _nativeOnly = !allowPtx && wish.Tag is not { IsCpu: true };
    }

    /// <summary>The places of the builds that are worth a look, newest first: those with native code for one of the GPUs, or all where other builds will do too.</summary>
    public readonly int[] Places(PlatformBuilds builds) => _nativeOnly && _architectures != 0
        ? builds.PlacesServing(BitOperations.TrailingZeroCount(_architectures))
        : builds.AllPlaces;

    /// <summary>True where a rule surely stops the build.</summary>
    public bool Excludes(TorchBuild build)
    {
        if ((build.PythonMask & _python) == 0 && _machine.Python is not null)
            return true;
        if (build.CudaMask == 0)
            return false;
        if (_architectures != 0 && ((build.CudnnExcludes & _architectures) != 0 || _nativeOnly && (build.NativeMask & _architectures) != _architectures))
            return true;
        return IsOfUnfitCuda(build);
    }

    // CUDA versions are few, builds many: the driver and the toolkit that has to match are asked once a version.
    private bool IsOfUnfitCuda(TorchBuild build)
    {
        var mask = build.CudaMask;
        if ((_asked & mask) == 0)
        {
            _asked |= mask;
            var cuda = build.Cuda!.Value;
            if (DriverFit.Of(_machine, cuda, _policy).Mode == DriverFitMode.TooOld || _toolkit is { } toolkit && !Array.Exists(_machine.Matrix.ToolkitsOf(cuda), toolkit.Matches))
                _unfit |= mask;
        }

        return (_unfit & mask) != 0;
    }
}
