using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Resolution.Remedies;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat;

/// <summary>
/// Which CUDA toolkit, cuDNN, PyTorch, torchvision and torchaudio run together on a machine. Pure: the same matrix, machine and request
/// give the same answer, byte for byte. Safe to call from several threads.
/// </summary>
public static class Resolver
{
    /// <summary>The best plan for a machine.</summary>
    /// <param name="driver">The machine.</param>
    /// <param name="request">What is asked of the plan; null asks for the whole chain.</param>
    /// <param name="matrix">What is known; null takes the matrix that the library carries.</param>
    /// <exception cref="NoCompatiblePlanException">Nothing runs, or the data cannot decide; the message explains.</exception>
    /// <exception cref="BadRequestException">The request asks for something that does not exist.</exception>
    public static InstallPlan Plan(DriverInfo driver, PlanRequest? request = null, CompatibilityMatrix? matrix = null)
    {
        var result = TryPlan(driver, request, matrix);
        return result.Plan ?? throw new NoCompatiblePlanException(result);
    }

    /// <summary>The best plan for a machine, or a refusal with reasons and remedies, or "unknown"; never throws for either.</summary>
    /// <param name="driver">The machine.</param>
    /// <param name="request">What is asked of the plan; null asks for the whole chain.</param>
    /// <param name="matrix">What is known; null takes the matrix that the library carries.</param>
    /// <exception cref="BadRequestException">The request asks for something that does not exist.</exception>
    public static PlanResult TryPlan(DriverInfo driver, PlanRequest? request = null, CompatibilityMatrix? matrix = null)
    {
        ArgumentNullException.ThrowIfNull(driver);
        request ??= new PlanRequest();
        matrix ??= CompatibilityMatrix.Embedded;
        if (request.Cuda is { } cuda && CudaTag.TryParse(cuda, out var series) && series.IsSeries)
            return OfSeries(driver, request, series, matrix);
        request = GivenValues.Settle(matrix, request);
        var machine = GivenValues.Settle(matrix, request.Python is { } python ? driver with { Python = python } : driver, request.Readings);
        if (GivenValues.OnlyOtherMakers(machine, request.Cuda is "cpu" || request.Torch?.Label is "cpu") is { } other)
            return RefusedFor(other, machine, matrix);
        var wish = Wish.Of(request, machine);
        var facts = MachineFacts.Of(matrix, machine, wish.Gpus);
        return PlanBuilder.Build(facts, wish, request, PlanSolver.Solve(facts, wish));
    }

    /// <summary>Judges a combination on a machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="stack">The combination.</param>
    /// <param name="matrix">What is known; null takes the matrix that the library carries.</param>
    public static CheckResult Check(DriverInfo machine, StackDocument stack, CompatibilityMatrix? matrix = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(stack);
        matrix ??= CompatibilityMatrix.Embedded;
        stack = GivenValues.Settle(matrix, stack);
        machine = GivenValues.Settle(matrix, machine, stack.Readings);
        if (GivenValues.Meant(matrix, machine, stack) is { Count: > 0 } meant)
            return GivenValues.Judge(meant, stack, one => Check(machine, one, matrix));
        var facts = MachineFacts.Of(matrix, machine);
        var causes = StackChecker.Judge(facts, stack);
        if (GivenValues.OnlyOtherMakers(machine, stack.CudaTag is { IsCpu: true } || stack.Torch?.Label is "cpu") is { } other)
            causes.AddRange(GivenValues.Causes([other]).Select(cause => cause with { Severity = Severity.Error }));
        var verdict = StackChecker.VerdictOf(causes);
        return new CheckResult
        {
            Id = machine.Id,
            Verdict = verdict,
            Findings = StackChecker.Findings(causes),
            Remedies = verdict == CheckVerdict.Incompatible ? CheckRemedies.For(facts, stack) : [],
            DataVersion = matrix.DataVersion,
        };
    }

    private static PlanResult RefusedFor(ReadingNote other, DriverInfo machine, CompatibilityMatrix matrix)
    {
        var remedy = new Remedy("cudaTag", null, "cpu", null, "Take the build for the processor: --cuda cpu.");
        var findings = StackChecker.Findings(GivenValues.Causes([other]).Select(cause => cause with { Severity = Severity.Error }));
        return new PlanResult
        {
            Id = machine.Id,
            Verdict = PlanVerdict.Refused,
            Findings = findings,
            Remedies = [remedy],
            WhyNotNewer = [],
            DataVersion = matrix.DataVersion,
            Explanation = $"{other.Message}\nSo there is no plan.\nWhat would help:\n  - {remedy.Message}",
        };
    }

    // A CUDA without its minor: of the plans that its builds give, the newest torch, then the highest CUDA.
    private static PlanResult OfSeries(DriverInfo driver, PlanRequest request, CudaTag series, CompatibilityMatrix matrix)
    {
        PlanResult? best = null;
        foreach (var cuda in matrix.ToolkitCudas.Where(c => series.Includes(CudaTag.Of(c))))
        {
            var result = TryPlan(driver, request with { Cuda = CudaTag.Of(cuda).ToString() }, matrix);
            if (best is null || Rank(result) > Rank(best) || result.Plan?.Stack.Torch is { } torch && best.Plan?.Stack.Torch is { } other && torch > other)
                best = result;
        }

        return best ?? throw new BadRequestException("cuda", $"there is no CUDA {series.ToString()[2..]}; the newest is {matrix.NewestToolkit.MajorMinor}.");

        static int Rank(PlanResult result) => result.Verdict switch
        {
            PlanVerdict.Planned => 3,
            PlanVerdict.Unknown => 2,
            _ => result.Findings.Any(f => f.Rule == "no-such-build") ? 0 : 1, // a reason that is about the machine says more
        };
    }
}
