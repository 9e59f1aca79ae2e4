using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>Of a machine of which neither driver, CUDA version nor GPU is known, nothing that uses CUDA can be called compatible.</summary>
internal static class KnownMachineRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.UsesCuda && question.Machine.NothingKnown && question.Machine.BuildOs != OperatingSystemFamily.MacOS)
            found.Add(new MachineUnknown { Subject = "machine", Severity = Severity.Info, Undecided = true });
    }
}

internal sealed record MachineUnknown : Cause
{
    public override string Rule => "driver-unknown";

    public override string English() =>
        "Neither driver, CUDA version nor GPU of the machine is known, so nothing more can be decided: give --driver, --max-cuda or --gpu.";
}
