using CudaCompat.Machines;
using CudaCompat.Matrix;

namespace CudaCompat.Resolution.Rules;

/// <summary>A CUDA build where there is no GPU, and a CPU build where there is one.</summary>
internal static class GpuPresenceRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        var machine = question.Machine;
        if (machine.BuildOs == OperatingSystemFamily.MacOS || OtherMakerRule.Of(question) is not null)
            return;
        if (machine.Gpus is { Length: 0 })
        {
            // A plan for CUDA was asked for all the same, for another machine perhaps: that is no error in a plan.
            if (candidate.UsesCuda)
                found.Add(new NoNvidiaGpu { Subject = "machine", Severity = candidate.Torch is null && candidate.Tag is null ? Severity.Info : question.IsCheck ? Severity.Error : Severity.Warning });
            else if (!question.IsCheck)
                found.Add(new NoNvidiaGpu { Subject = "machine", Severity = Severity.Info });
        }
        else if (candidate.Build is { Tag.IsCpu: true } cpu)
        {
            var byDefault = question is { IsCheck: true, Tag: null };
            found.Add(CpuOnlyBuild.OfDefaultIndex(machine, cpu) with { ByDefault = byDefault, Severity = byDefault ? Severity.Error : Severity.Warning });
        }
    }
}

internal sealed record NoNvidiaGpu : Cause
{
    public override string Rule => "no-nvidia-gpu";

    public override string English() => "No NVIDIA GPU was found: CUDA builds would run on the processor only, so a CPU build serves.";
}

internal sealed record CpuOnlyBuild : Cause
{
    public override string Rule => "cpu-only-build";

    public static CpuOnlyBuild OfDefaultIndex(MachineFacts machine, TorchBuild cpu) =>
        new() { Subject = cpu.ToString(), Build = cpu.ToString(), ByDefault = true, Os = machine.BuildOs, Arch = machine.Arch, Sources = cpu.Row.Sources };

    public required string Build { get; init; }

    /// <summary>True where the default index gave it, not the person.</summary>
    public required bool ByDefault { get; init; }

    public required OperatingSystemFamily Os { get; init; }

    public required CpuArchitecture Arch { get; init; }

    public override string English() => ByDefault
        ? $"On {Words.Os(Os)} {Words.Arch(Arch)} the default package index installs {Build}, a CPU build, which does not use the GPU; the CUDA builds are on PyTorch's own index."
        : $"{Build} is a CPU build and does not use the GPU. pip keeps it where a CUDA build of the same version is asked for: uninstall torch first.";
}
