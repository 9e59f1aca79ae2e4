using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>Is there such a cuDNN?</summary>
internal static class CudnnExistsRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Cudnn is not { } cudnn || question.Machine.Matrix.Cudnn.Knows(cudnn))
            return;
        var cause = Of(question.Machine.Matrix, cudnn.ToString(), cudnn);
        found.Add(candidate.IsAboutToolkit(question) ? cause : cause.BesideTorch());
        found.Close(Part.Cudnn);
    }

    /// <summary>That there is none of the number asked for; null where there is one, or where a range is asked for.</summary>
    public static Cause? OfAsked(Question question)
    {
        var matrix = question.Machine.Matrix;
        return question.CudnnSpec is { } spec && !matrix.Cudnn.Releases.Any(r => spec.Matches(r.Version)) && DottedVersion.TryParse(spec.ToString(), out var number)
            ? Of(matrix, spec.ToString(), number)
            : null;
    }

    private static Cause Of(CompatibilityMatrix matrix, string asked, DottedVersion cudnn)
    {
        var newest = matrix.Cudnn.Releases[0].Version;
        if (cudnn > newest)
            return NewerThanData.Of("cuDNN", asked, newest.ToString());
        return matrix.Coverage.Cudnn(cudnn) is { } all
            ? new NoSuchRelease { Subject = $"cuDNN {asked}", Package = "cuDNN", Version = asked, Listing = Listing.Of(all), Sources = all.Sources }
            : new NotInData { Subject = $"cuDNN {asked}", What = $"cuDNN {asked}", Severity = Severity.Info, Undecided = true };
    }
}

/// <summary>
/// A cuDNN that the loader finds before the bundled one: harmless where its major differs, refused by torch where it is of the same major and of an older minor
/// than the one torch was built with, and worth a warning where only its patch is older.
/// </summary>
internal static class CudnnShadowRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate is not { Build.Row: { Cudnn: { } bundled } row, Cudnn: { } cudnn } || bundled.Major != cudnn.Major || cudnn >= bundled || bundled.StartsWith(cudnn))
            return;
        found.Add(new CudnnShadowed
        {
            Subject = $"cuDNN {cudnn}",
            Cudnn = cudnn,
            Bundled = bundled,
            Build = candidate.ToString(),
            Severity = cudnn.Minor < bundled.Minor ? Severity.Error : Severity.Warning,
            Sources = row.Sources,
        });
    }
}

/// <summary>The CUDA versions that a release is for, against the toolkit's, the program's, or that of the torch that would load it.</summary>
internal static class CudnnCudaRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Cudnn is not { } cudnn || CudaFor(candidate, cudnn) is not { } cuda || Fits(question.Machine, cudnn, cuda.Version))
            return;
        var releases = question.Machine.Matrix.Cudnn.Find(cudnn);
        if (releases.Count == 0)
            return;
        found.Add(new CudnnCudaMismatch
        {
            Subject = $"cuDNN {cudnn}",
            Severity = SeverityOf(question, candidate),
            Cudnn = cudnn,
            Cuda = cuda.Version,
            CudaIs = cuda.Of,
            For = [.. releases.Select(r => r.Cuda.ToString()).Distinct(StringComparer.Ordinal)],
            Sources = [.. releases.SelectMany(r => r.Sources).Distinct(StringComparer.Ordinal)],
        });
    }

    /// <summary>
    /// The CUDA that a cuDNN is used with. Beside torch alone it counts only where torch would load it in place of its own: the same major.
    /// </summary>
    public static (CudaVersion Version, string Of)? CudaFor(Candidate candidate, DottedVersion cudnn)
    {
        if (candidate.Toolkit is { } toolkit)
            return (toolkit, $"toolkit {toolkit}");
        if (candidate is { Torch: null, Tag.Cuda: { } program })
            return (program, $"a program of CUDA {program}");
        return candidate.Build is { Row.Cudnn: { } bundled, Cuda: { } own } && bundled.Major == cudnn.Major ? (own, candidate.ToString()) : null;
    }

    public static bool Fits(MachineFacts machine, DottedVersion cudnn, CudaVersion cuda) => machine.Matrix.Cudnn.Find(cudnn).Exists(r => r.Cuda.Contains(cuda));

    /// <summary>Beside torch a cuDNN for the toolkit is what other programs use: torch brings its own.</summary>
    public static Severity SeverityOf(Question question, Candidate candidate) =>
        candidate.IsAboutToolkit(question) || candidate.Toolkit is null ? Severity.Error : Severity.Warning;
}

/// <summary>The GPUs that a release serves.</summary>
internal static class CudnnGpuRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Cudnn is not { } cudnn || CudnnCudaRule.CudaFor(candidate, cudnn) is not { } cuda || !CudnnCudaRule.Fits(question.Machine, cudnn, cuda.Version))
            return;
        foreach (var gpu in question.Machine.Gpus ?? [])
        {
            if (Of(question.Machine, cudnn, cuda.Version, gpu) is { } cause)
                found.Add(cause.Severity == Severity.Error ? cause with { Severity = CudnnCudaRule.SeverityOf(question, candidate) } : cause);
        }
    }

    public static Cause? Of(MachineFacts machine, DottedVersion cudnn, CudaVersion cuda, GpuFacts gpu)
    {
        if (gpu.Capability is not { } capability)
            return null;
        var support = machine.Matrix.Cudnn.Support(cudnn, cuda);
        return support.Serves(capability, machine.Matrix.Architectures) switch
        {
            CudnnService.NotServed => new CudnnGpuUnsupported { Subject = $"cuDNN {cudnn}", Gpu = gpu, Cudnn = cudnn, Inferred = support.Inferred, Sources = support.Rows![0].Sources },
            CudnnService.Unknown when support.Inferred && !gpu.IsTegra => new CudnnGpuNotListed { Subject = $"cuDNN {cudnn}", Gpu = gpu, Cudnn = cudnn, Severity = Severity.Info, Sources = support.Rows![0].Sources },
            _ => null,
        };
    }
}

/// <summary>The driver that a release needs.</summary>
internal static class CudnnDriverRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Cudnn is not { } cudnn || CudnnCudaRule.CudaFor(candidate, cudnn) is not { } cuda || !CudnnCudaRule.Fits(question.Machine, cudnn, cuda.Version))
            return;
        var machine = question.Machine;
        GpuFacts?[] gpus = machine.Gpus is { Length: > 0 } known ? known : (GpuFacts?[])[null];
        foreach (var gpu in gpus)
        {
            if (gpu is not null && CudnnGpuRule.Of(machine, cudnn, cuda.Version, gpu) is { Severity: Severity.Error })
                continue;
            if (Of(machine, cudnn, cuda.Version, gpu) is { } cause)
                found.Add(cause with { Severity = CudnnCudaRule.SeverityOf(question, candidate) });
        }
    }

    public static CudnnDriverTooOld? Of(MachineFacts machine, DottedVersion cudnn, CudaVersion cuda, GpuFacts? gpu)
    {
        if (machine.Driver is null || machine.Tegra)
            return null;
        var floor = machine.Matrix.Cudnn.Support(cudnn, cuda).Floor(machine.Drivers.Os, gpu?.Capability, machine.Matrix.Architectures);
        return floor is not { } found || machine.DriverMeets(found.Minimum)
            ? null
            : new CudnnDriverTooOld { Subject = $"cuDNN {cudnn}", Cudnn = cudnn, Gap = DriverGap.Of(machine, found.Minimum), Sources = found.Row.Sources };
    }
}

internal sealed record CudnnCudaMismatch : Cause
{
    public override string Rule => "cudnn-cuda-mismatch";

    public required DottedVersion Cudnn { get; init; }

    public required CudaVersion Cuda { get; init; }

    /// <summary>"toolkit 12.8.1" or "torch 2.8.0+cu128": whose CUDA it is.</summary>
    public required string CudaIs { get; init; }

    public required IReadOnlyList<string> For { get; init; }

    public override Allowance Needs => Severity == Severity.Warning ? Allowance.ToolkitFault : Allowance.None;

    public override string English() => $"cuDNN {Cudnn} is for CUDA {string.Join(" and ", For)}, not for CUDA {Cuda.MajorMinor} ({CudaIs}).";
}

internal sealed record CudnnGpuUnsupported : Cause
{
    public override string Rule => "cudnn-gpu-unsupported";

    public required GpuFacts Gpu { get; init; }

    public required DottedVersion Cudnn { get; init; }

    public bool Inferred { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override Allowance Needs => Severity == Severity.Warning ? Allowance.ToolkitFault : Allowance.None;

    public override string English() => $"cuDNN {Cudnn} does not serve {Gpu.Display}" + (Inferred ? ", by the support matrix of the nearest earlier release." : ".");
}

/// <summary>The release has no support matrix of its own, and the card is newer than the one before it.</summary>
internal sealed record CudnnGpuNotListed : Cause
{
    public override string Rule => "cudnn-gpu-unsupported";

    public required GpuFacts Gpu { get; init; }

    public required DottedVersion Cudnn { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override string English() =>
        $"Whether cuDNN {Cudnn} serves {Gpu.Display} is not known: no support matrix covers this release, and the card is newer than the one before it.";
}

internal sealed record CudnnDriverTooOld : Cause
{
    public override string Rule => "cudnn-driver-too-old";

    public required DottedVersion Cudnn { get; init; }

    public required DriverGap Gap { get; init; }

    public override Allowance Needs => Severity == Severity.Warning ? Allowance.ToolkitFault : Allowance.None;

    public override string English() => Gap.English($"cuDNN {Cudnn}", "its CUDA");
}

internal sealed record CudnnShadowed : Cause
{
    public override string Rule => "cudnn-shadowed";

    public required DottedVersion Cudnn { get; init; }

    public required DottedVersion Bundled { get; init; }

    public required string Build { get; init; }

    public override Allowance Needs => Severity == Severity.Warning ? Allowance.ToolkitFault : Allowance.None;

    public override string English() =>
        $"cuDNN {Cudnn}, which the loader finds first, is older than the {Bundled} that {Build} was built with: torch {(Severity == Severity.Error ? "refuses" : "may refuse")} to run with it.";
}
