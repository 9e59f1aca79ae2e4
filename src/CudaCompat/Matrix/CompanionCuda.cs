using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>How a build of torchvision or torchaudio stands to the CUDA of the torch beside it.</summary>
internal enum CompanionCudaVerdict
{
    /// <summary>It imports.</summary>
    Works,

    /// <summary>Importing it raises: it is built for another CUDA than torch ("compiled with different CUDA versions").</summary>
    CudaDiffers,

    /// <summary>A CUDA build beside a CPU build of torch: importing it raises ("operator torchvision::nms does not exist").</summary>
    CudaBesideCpu,

    /// <summary>A CPU build beside a CUDA build of torch: it imports, and its operators do not run on the GPU.</summary>
    CpuBesideCuda,

    /// <summary>No source says.</summary>
    Unknown,
}

/// <summary>
/// Decides whether torchvision or torchaudio imports beside a torch, by the CUDA that each was built for. The versions say which check the
/// companion makes: partners are no pairs but ranges with a CUDA.
/// </summary>
/// <param name="Verdict">What was decided.</param>
/// <param name="Row">The row that decided; null where none was needed or there is none.</param>
internal sealed record CompanionCuda(CompanionCudaVerdict Verdict, CompanionCheckRow? Row)
{
    /// <summary>True where importing it raises.</summary>
    public bool ImportFails => Verdict is CompanionCudaVerdict.CudaDiffers or CompanionCudaVerdict.CudaBesideCpu;

    /// <summary>Judges one companion beside one torch.</summary>
    /// <param name="package">torchvision or torchaudio.</param>
    /// <param name="version">The companion's version; its label does not count.</param>
    /// <param name="companion">What the companion was built for; null where that is not known.</param>
    /// <param name="torch">What torch was built for; null where that is not known.</param>
    public static CompanionCuda Judge(string package, PackageVersion version, CudaTag? companion, CudaTag? torch)
    {
        if (companion is not { } built || torch is not { } wanted)
            return new CompanionCuda(CompanionCudaVerdict.Unknown, null);
        if (built == wanted)
            return new CompanionCuda(CompanionCudaVerdict.Works, null);
        if (built.IsCpu)
            return new CompanionCuda(CompanionCudaVerdict.CpuBesideCuda, null);
        var row = EnvironmentFacts.CompanionChecks.FirstOrDefault(
            r => r.Package == package && version.IsWithin(r.From, r.To));
        var verdict = (row, built.Cuda, wanted.Cuda) switch
        {
            (null, _, _) => CompanionCudaVerdict.Unknown,
            ({ Cpu: "import" }, _, null) => CompanionCudaVerdict.CudaBesideCpu,
            (_, _, null) => CompanionCudaVerdict.Unknown,
            ({ Cuda: "any" }, _, _) => CompanionCudaVerdict.Works,
            ({ Cuda: "major" }, { } own, { } other) when own.Major == other.Major => CompanionCudaVerdict.Works,
            _ => CompanionCudaVerdict.CudaDiffers,
        };
        return new CompanionCuda(verdict, row);
    }
}
