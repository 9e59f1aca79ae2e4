using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Choice;

/// <summary>Toolkit and cuDNN: for a torch build its CUDA X.Y in the newest patch; alone the newest that driver and GPUs take.</summary>
internal static class ToolkitChoice
{
    /// <summary>A toolkit and a cuDNN without a torch.</summary>
    public static Candidate? Alone(Question question, Attempt attempt)
    {
        foreach (var toolkit in Toolkits(question, question.Tag))
        {
            var alone = new Candidate { Mode = question.Machine.FitOf(toolkit, question.Policy).Mode };
            if (Complete(question, alone, toolkit, attempt).Candidate is { } candidate)
                return candidate;
        }

        return null;
    }

    /// <summary>The first rule that stops each toolkit without a torch, newest first.</summary>
    public static IEnumerable<Cause> Against(Question question)
    {
        var toolkits = Toolkits(question, question.Tag).ToArray();
        return toolkits.Length == 0
            ? [Missing(question, question.Tag?.Cuda)]
            : toolkits.Select(t => Complete(question, new Candidate(), t, Attempt.Last).Cause).OfType<Cause>();
    }

    /// <summary>Adds toolkit and cuDNN, where they are needed, to a choice of torch for CUDA X.Y.</summary>
    public static (Candidate? Candidate, Cause? Cause) Add(Question question, Candidate candidate, CudaVersion cuda, Attempt attempt)
    {
        if (!question.NeedsToolkit && !question.NeedsCudnn)
            return (candidate, null);
        Cause? first = null;
        foreach (var toolkit in question.ToolkitSpec is null ? Available(question, cuda) : Toolkits(question, null))
        {
            var (complete, cause) = Complete(question, candidate, toolkit, attempt);
            if (complete is not null)
                return (complete, null);
            first ??= cause;
        }

        return (null, first ?? Missing(question, question.ToolkitSpec is null ? cuda : null));
    }

    /// <summary>Those cuDNN of which some CUDA version that the request takes has a file for the machine's platform that is not known to fail on its GPUs and its driver.</summary>
    public static IEnumerable<DottedVersion> Serving(Question question, IEnumerable<DottedVersion> cudnns)
    {
        var machine = question.Machine;
        var cudas = question.ToolkitSpec is null ? machine.Matrix.ToolkitCudas : [.. Toolkits(question, null).Select(t => t.MajorMinor).Distinct()];
        return cudnns.Where(cudnn => Array.Exists(cudas, cuda =>
            Array.Exists(machine.Matrix.Cudnn.ForPlatform(cuda, machine.BuildOs, machine.Arch), r => r.Version == cudnn) && ServiceOf(machine, cudnn, cuda) != CudnnService.NotServed));
    }

    private static Cause Missing(Question question, CudaVersion? cuda)
    {
        var matrix = question.Machine.Matrix;
        var asked = question.ToolkitSpec?.ToString() ?? cuda!.Value.ToString();
        if (cuda is { } of && question.ToolkitSpec is not null)
            return new NoToolkitOfCuda { Subject = $"toolkit {asked}", Asked = asked, Of = of };
        return CudaVersion.TryParse(asked, out var exact) && ToolkitExistsRule.Of(question.Machine, exact) is { } cause ? cause
            : new NoToolkitOfCuda { Subject = $"toolkit {asked}", Asked = asked, Newest = matrix.NewestToolkit };
    }

    private static IEnumerable<CudaVersion> Toolkits(Question question, CudaTag? tag) =>
        Available(question, tag is { IsSeries: false } one ? one.Cuda : null)
            .Where(t => (tag is not { IsCpu: false } asked || asked.Includes(CudaTag.Of(t))) && (question.ToolkitSpec?.Matches(t) ?? true));

    // Newest first, those that can be had before the others.
    private static IEnumerable<CudaVersion> Available(Question question, CudaVersion? cuda)
    {
        var machine = question.Machine;
        if (question.ToolkitFrom != PipToolkitRule.Way)
            return machine.Matrix.ToolkitsFor(machine.BuildOs, machine.Arch, cuda);
        var platform = CudnnTable.PlatformOf(machine.BuildOs, machine.Arch);
        return (cuda is { } of ? machine.Matrix.ToolkitsOf(of) : machine.Matrix.Toolkits).OrderByDescending(t => WheelToolkits.IsWhole(machine.Matrix.Install, t, platform));
    }

    private static (Candidate? Candidate, Cause? Cause) Complete(Question question, Candidate candidate, CudaVersion toolkit, Attempt attempt)
    {
        var complete = candidate;
        if (question.NeedsToolkit)
        {
            complete = candidate with { Toolkit = toolkit };
            if (RuleBook.First(question, complete, Part.Toolkit, attempt.Allowed) is { } cause)
                return (null, cause);
            if (question.ToolkitSpec?.Exact is null && AdvisoryRule.Against(question.Machine, toolkit, "toolkit", DottedVersion.Parse(toolkit.ToString())) is { } bad)
                return (null, bad);
        }

        if (!question.NeedsCudnn)
            return (complete, null);
        var cudnn = OfTorch(question, complete, toolkit) ?? Cudnn(question, toolkit, attempt);
        if (cudnn is null)
            return (null, CudnnExistsRule.OfAsked(question) ?? NoCudnnForAll.Of(question, toolkit));
        complete = complete with { Cudnn = cudnn.Version, CudnnRelease = cudnn };
        return RuleBook.First(question, complete, Part.Cudnn, attempt.Allowed) is { Severity: Severity.Error } shadow ? (null, shadow) : (complete, null);
    }

    // Beside a toolkit of packages the cuDNN is the one that torch brings: another version would take its place in the same folder.
    private static CudnnRow? OfTorch(Question question, Candidate candidate, CudaVersion toolkit)
    {
        var machine = question.Machine;
        return question.CudnnSpec is null && candidate.Build is { Row.Cudnn: { } own } build && PipToolkitRule.IsPinnedByTorch(machine.BuildOs, build.Tag)
            && PipToolkitRule.IsTaken(question, candidate) && ServiceOf(machine, own, toolkit) != CudnnService.NotServed
            ? Array.Find(machine.Matrix.Cudnn.ForPlatform(toolkit.MajorMinor, machine.BuildOs, machine.Arch), r => r.Version == own)
            : null;
    }

    // The newest that the matrix says serves every GPU; where it says nothing of a GPU newer than its rows, the newest that is not excluded.
    private static CudnnRow? Cudnn(Question question, CudaVersion toolkit, Attempt attempt)
    {
        var machine = question.Machine;
        CudnnRow? unproven = null;
        foreach (var release in machine.Matrix.Cudnn.ForPlatform(toolkit.MajorMinor, machine.BuildOs, machine.Arch))
        {
            if (question.CudnnSpec?.Matches(release.Version) == false)
                continue;
            if (question.CudnnSpec?.Exact is null && AdvisoryRule.Against(machine, toolkit.MajorMinor, "cudnn", release.Version) is not null)
                continue;
            switch (ServiceOf(machine, release.Version, toolkit))
            {
                case CudnnService.Served:
                    return release;
                case CudnnService.NotServed when (attempt.Allowed & Allowance.ToolkitFault) == 0 || question.CudnnSpec is null || question.Compiles || !question.Torch:
                    break;
                default:
                    unproven ??= release;
                    break;
            }
        }

        return unproven;
    }

    private static CudnnService ServiceOf(MachineFacts machine, DottedVersion cudnn, CudaVersion toolkit)
    {
        var result = CudnnService.Served;
        if (machine.Gpus is not { Length: > 0 } gpus)
            return CudnnDriverRule.Of(machine, cudnn, toolkit, null) is null ? result : CudnnService.NotServed;
        var support = machine.Matrix.Cudnn.Support(cudnn, toolkit);
        foreach (var gpu in gpus)
        {
            var service = gpu.Capability is { } capability ? support.Serves(capability, machine.Matrix.Architectures) : CudnnService.Unknown;
            if (service == CudnnService.NotServed || CudnnDriverRule.Of(machine, cudnn, toolkit, gpu) is not null)
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

    public static NoCudnnForAll Of(Question question, CudaVersion toolkit) =>
        new() { Subject = $"cuDNN for CUDA {toolkit.MajorMinor}", Cuda = toolkit.MajorMinor, Asked = question.CudnnSpec?.ToString() };

    public override string English() => $"No cuDNN {(Asked is { } asked ? asked + " " : "")}for CUDA {Cuda} serves every GPU with this driver.";
}

/// <summary>No toolkit is both what was asked for and of a CUDA that was asked for beside it, or within a range.</summary>
internal sealed record NoToolkitOfCuda : Cause
{
    public override string Rule => "no-such-toolkit";

    public required string Asked { get; init; }

    public CudaVersion? Of { get; init; }

    public CudaVersion? Newest { get; init; }

    public override string English() => Of is { } of ? $"There is no CUDA toolkit {Asked} of CUDA {of}." : $"No CUDA toolkit that the data knows is {Asked}; the newest is {Newest}.";
}
