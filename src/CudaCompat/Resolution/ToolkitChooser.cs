using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>Toolkit and cuDNN: for a torch build its CUDA X.Y in the newest patch; alone the newest that driver and GPUs take.</summary>
internal static class ToolkitChooser
{
    /// <summary>A toolkit and a cuDNN without a torch.</summary>
    public static Choice? Choose(MachineFacts machine, Wish wish)
    {
        foreach (var toolkit in Toolkits(machine, wish, wish.Tag?.Cuda))
        {
            var (choice, cause) = Complete(machine, wish, new Choice { Mode = DriverFit.Of(machine, toolkit, wish.Policy).Mode }, toolkit, alone: true);
            if (cause is null)
                return choice;
        }

        return null;
    }

    /// <summary>The first rule that stops each toolkit without a torch, newest first.</summary>
    public static IEnumerable<Cause> Against(MachineFacts machine, Wish wish)
    {
        var toolkits = Toolkits(machine, wish, wish.Tag?.Cuda).ToArray();
        return toolkits.Length == 0
            ? [Missing(wish, wish.Tag?.Cuda)]
            : toolkits.Select(t => Complete(machine, wish, new Choice(), t, alone: true).Cause).OfType<Cause>();
    }

    /// <summary>Adds toolkit and cuDNN, where asked for, to a choice of torch for CUDA X.Y.</summary>
    public static (Choice? Choice, Cause? Cause) Add(MachineFacts machine, Wish wish, Choice choice, CudaVersion cuda)
    {
        if (!wish.Toolkit && !wish.Cudnn)
            return (choice, null);
        Cause? first = null;
        var toolkits = wish.ToolkitSpec is null ? machine.Matrix.ToolkitsFor(machine.BuildOs, machine.Arch, cuda) : Toolkits(machine, wish, wish.ToolkitOfBuild ? cuda : null);
        foreach (var toolkit in toolkits)
        {
            var (complete, cause) = Complete(machine, wish, choice, toolkit, alone: false);
            if (cause is null)
                return (complete, null);
            first ??= cause;
        }

        return (null, first ?? Missing(wish, wish.ToolkitSpec is null ? cuda : null));
    }

    /// <summary>False where no toolkit, or no cuDNN, of those that the request names runs here with any build.</summary>
    public static bool AnyServes(MachineFacts machine, Wish wish) =>
        (wish is not { Toolkit: true, ToolkitSpec: not null } || Toolkits(machine, wish, null).Any(t => ToolkitRule.OfDriver(machine, t, wish.Policy) is null))
        && (wish is not { Cudnn: true, CudnnSpec: { } cudnn } || WhereServes(machine, wish, machine.Matrix.Cudnn.Releases.Select(r => r.Version).Where(cudnn.Matches)).Any());

    /// <summary>Those cuDNN of which some CUDA version that the request takes has a file for the machine's platform that is not known to fail on its GPUs and its driver.</summary>
    public static IEnumerable<DottedVersion> WhereServes(MachineFacts machine, Wish wish, IEnumerable<DottedVersion> cudnns)
    {
        var cudas = wish.ToolkitSpec is null ? machine.Matrix.ToolkitCudas : [.. Toolkits(machine, wish, null).Select(t => t.MajorMinor).Distinct()];
        return cudnns.Where(cudnn => Array.Exists(cudas, cuda => Array.Exists(machine.Matrix.Cudnn.ForPlatform(cuda, machine.BuildOs, machine.Arch), r => r.Version == cudnn) && Serves(machine, cudnn, cuda) != CudnnService.NotServed));
    }

    private static NoSuchToolkit Missing(Wish wish, CudaVersion? cuda)
    {
        var asked = wish.ToolkitSpec?.ToString() ?? cuda!.Value.ToString();
        return new NoSuchToolkit { Subject = $"toolkit {asked}", Asked = asked, Of = wish.ToolkitSpec is null ? null : cuda };
    }

    private static IEnumerable<CudaVersion> Toolkits(MachineFacts machine, Wish wish, CudaVersion? cuda)
    {
        if (wish.ToolkitSpec is null && cuda is { } version)
            return machine.Matrix.ToolkitsFor(machine.BuildOs, machine.Arch, version);
        return machine.Matrix.ToolkitsFor(machine.BuildOs, machine.Arch, cuda).Where(t => wish.ToolkitSpec?.Matches(t) ?? true);
    }

    private static (Choice? Choice, Cause? Cause) Complete(MachineFacts machine, Wish wish, Choice choice, CudaVersion toolkit, bool alone)
    {
        if (wish.Toolkit && AgainstToolkit(machine, wish, choice, toolkit, alone) is { } cause)
            return (null, cause);
        var complete = wish.Toolkit ? choice with { Toolkit = toolkit } : choice;
        if (!wish.Cudnn)
            return (complete, null);
        if (PickCudnn(machine, wish, toolkit) is not { } cudnn)
            return (null, new NoCudnnForAll { Subject = $"cuDNN for CUDA {toolkit.MajorMinor}", Cuda = toolkit.MajorMinor, Asked = wish.CudnnSpec?.ToString() });
        return choice.Build is { } build && CudnnRule.OfShadow(build, cudnn.Version) is { Severity: Severity.Error } shadow
            ? (null, shadow)
            : (complete with { Cudnn = cudnn }, null);
    }

    private static Cause? AgainstToolkit(MachineFacts machine, Wish wish, Choice choice, CudaVersion toolkit, bool alone)
    {
        if (ToolkitRule.OfDriver(machine, toolkit, wish.Policy) is { } driver)
            return driver;
        if (!alone && !wish.Compiles)
            return null;
        foreach (var gpu in machine.Gpus ?? [])
        {
            if (ToolkitRule.OfGpu(toolkit, gpu, Severity.Error) is { } cause)
                return cause;
        }

        return (choice.Build is { } build ? ToolkitRule.OfTorch(toolkit, build, Severity.Error) : null)
            ?? (alone || wish.Compiles ? ToolkitRule.OfCompilers(machine, toolkit, Severity.Error).FirstOrDefault() : null);
    }

    // The newest that the matrix says serves every GPU; where it says nothing of a GPU newer than its rows, the newest that is not excluded.
    private static CudnnRow? PickCudnn(MachineFacts machine, Wish wish, CudaVersion toolkit)
    {
        CudnnRow? unproven = null;
        foreach (var release in machine.Matrix.Cudnn.ForPlatform(toolkit.MajorMinor, machine.BuildOs, machine.Arch))
        {
            if (wish.CudnnSpec?.Matches(release.Version) == false)
                continue;
            switch (Serves(machine, release.Version, toolkit))
            {
                case CudnnService.Served:
                    return release;
                case CudnnService.Unknown:
                    unproven ??= release;
                    break;
                default:
                    break;
            }
        }

        return unproven;
    }

    private static CudnnService Serves(MachineFacts machine, DottedVersion cudnn, CudaVersion toolkit)
    {
        var result = CudnnService.Served;
        if (machine.Gpus is not { Length: > 0 } gpus)
            return CudnnRule.OfDriver(machine, cudnn, toolkit, null) is null ? result : CudnnService.NotServed;
        var support = machine.Matrix.Cudnn.Support(cudnn, toolkit);
        foreach (var gpu in gpus)
        {
            var service = gpu.Capability is { } capability ? support.Serves(capability, machine.Matrix.Architectures) : CudnnService.Unknown;
            if (service == CudnnService.NotServed || CudnnRule.OfDriver(machine, cudnn, toolkit, gpu) is not null)
                return CudnnService.NotServed;
            if (service == CudnnService.Unknown)
                result = CudnnService.Unknown;
        }

        return result;
    }
}

/// <summary>No cuDNN for a CUDA version serves all GPUs on this driver.</summary>
internal sealed record NoCudnnForAll : Cause
{
    public override string Rule => "cudnn-gpu-unsupported";

    public required CudaVersion Cuda { get; init; }

    /// <summary>The release that was asked for; null where any would do.</summary>
    public string? Asked { get; init; }
}
