using CudaCompat.Matrix;
using CudaCompat.Resolution;

namespace CudaCompat.Environments.Checks;

/// <summary>Whether torchvision and torchaudio were built for the CUDA of the torch beside them: what their own files say, since the metadata of the default index names no CUDA.</summary>
internal static class CompanionCheck
{
    /// <summary>True where importing this companion of torch fails.</summary>
    public static bool ImportFails(EnvironmentReading reading, FamilyMember member) => member is { Key: not "torch", Version: { } version } && reading.Torch.Version is not null
        && CompanionCuda.Judge(member.Key, version, member.Tag, reading.Torch.Tag).ImportFails;

    public static IEnumerable<Finding> Run(EnvironmentReading reading, PipCommand pip, PartnerBuilds partners)
    {
        foreach (var member in reading.Family.Where(m => m.Key != "torch" && m.Version is not null && reading.Torch.Version is not null))
        {
            var judged = CompanionCuda.Judge(member.Key, member.Version!.Value, member.Tag, reading.Torch.Tag);
            var (rule, severity, message) = judged.Verdict switch
            {
                CompanionCudaVerdict.CudaDiffers => ("companion-cuda-mismatch", Severity.Error,
                    $"{member} was built for CUDA {member.Tag!.Value.Cuda}, {reading.Torch} for CUDA {reading.Torch.Tag!.Value.Cuda}: importing {member.Key} fails " +
                    $"(it wants the same {(judged.Row!.Cuda == "major" ? "major version" : "CUDA version")})."),
                CompanionCudaVerdict.CudaBesideCpu => ("companion-cpu-cuda", Severity.Error,
                    $"{member} is a CUDA build, {reading.Torch} a CPU build: importing {member.Key} fails" +
                    (member.Key == "torchvision" ? " (operator torchvision::nms does not exist)." : " (its library cannot be loaded).")),
                CompanionCudaVerdict.CpuBesideCuda => ("companion-cpu-cuda", Severity.Warning,
                    $"{member} is a CPU build, {reading.Torch} a CUDA build: the operators of {member.Key} do not run on the GPU."),
                _ => ("", Severity.Info, ""),
            };
            if (rule.Length > 0)
            {
                yield return new Finding(rule, severity, member.ToString(), message, judged.Row?.Sources ?? [])
                {
                    File = member.VersionFile,
                    Mending = partners.Mending(reading, pip, member.Key),
                };
            }
        }
    }
}
