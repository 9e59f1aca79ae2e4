using CudaCompat.Choosing;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Resolution.Answers;
using CudaCompat.Resolution.Rules;

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
        request = GivenValues.Settle(matrix, request);
        var question = Question.Of(request, GivenValues.Settle(matrix, driver, request.Readings), matrix);
        var result = PlanBuilder.Build(question, request, PlanAnswer.To(question));
        return result.Plan is { } plan ? result with { Findings = AdvisoryRule.Added(result.Findings, question.Machine, plan.Stack) } : result;
    }

    /// <summary>Judges a combination on a machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="stack">The combination.</param>
    /// <param name="matrix">What is known; null takes the matrix that the library carries.</param>
    /// <exception cref="BadRequestException">Two fields of the combination contradict each other.</exception>
    public static CheckResult Check(DriverInfo machine, StackDocument stack, CompatibilityMatrix? matrix = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(stack);
        matrix ??= CompatibilityMatrix.Embedded;
        stack = GivenValues.Settle(matrix, stack);
        var question = Question.Of(stack, GivenValues.Settle(matrix, machine, stack.Readings), matrix);
        var result = CheckAnswer.To(question);
        return result with { Findings = AdvisoryRule.Added(result.Findings, question.Machine, stack) };
    }

    /// <summary>Which of a program's own builds run on a machine, the best first, and why the others do not. A few microseconds on a matrix that is in use.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="builds">The builds that the program has.</param>
    /// <param name="matrix">What is known; null takes the matrix that the library carries.</param>
    /// <example><code>
    /// var choice = Resolver.Choose(await DriverDetector.DetectAsync(), [cuda13, cuda12, cpu]);
    /// Console.WriteLine(choice.Best?.Name ?? choice.Builds[0].Message);
    /// </code></example>
    /// <exception cref="BadRequestException">A build has code for GPUs and no CUDA version.</exception>
    public static ChoiceResult Choose(DriverInfo machine, IReadOnlyList<CudaBuild> builds, CompatibilityMatrix? matrix = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(builds);
        return BuildChoice.Of(machine, builds, matrix ?? CompatibilityMatrix.Embedded);
    }
}
