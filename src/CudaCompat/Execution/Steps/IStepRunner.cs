using CudaCompat.Planning;

namespace CudaCompat.Execution.Steps;

/// <summary>Carries out the steps of one kind.</summary>
internal interface IStepRunner
{
    /// <summary>What the step changes, in one sentence.</summary>
    string Describe(InstallStep step, StepContext context);

    /// <summary>How it is known that the step is done already; null where it is not. Changes nothing.</summary>
    Task<string?> FindDoneAsync(InstallStep step, StepContext context);

    /// <summary>Carries the step out and says what it did. Everything it changes is in the journal before the act.</summary>
    Task<string> RunAsync(InstallStep step, StepContext context);
}

/// <summary>A dry run: the same checks and the same words, no act.</summary>
internal sealed class DryStepRunner(IStepRunner inner) : IStepRunner
{
    public string Describe(InstallStep step, StepContext context) => inner.Describe(step, context);

    public Task<string?> FindDoneAsync(InstallStep step, StepContext context) => inner.FindDoneAsync(step, context);

    public Task<string> RunAsync(InstallStep step, StepContext context) => Task.FromResult("would " + inner.Describe(step, context));
}
