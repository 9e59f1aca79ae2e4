using CudaCompat.Planning;
using CudaCompat.Verification;

namespace CudaCompat.Execution.Steps;

/// <summary>Proves the installation. Never counts as done before it ran.</summary>
internal sealed class VerifyRunner : IStepRunner
{
    public string Describe(InstallStep step, StepContext context) => $"verify {string.Join(", ", Checks((VerifyStep)step))}";

    public Task<string?> FindDoneAsync(InstallStep step, StepContext context) => Task.FromResult<string?>(null);

    public async Task<string> RunAsync(InstallStep step, StepContext context)
    {
        var options = Verifier.OptionsOf(context.Plan, new VerificationOptions { ProgramPath = context.Options.ProgramPath, RunId = context.OpenJournal?.State.Run });
        var report = await Verifier.VerifyAsync(options with { Checks = Checks((VerifyStep)step) }, context.Cancellation).ConfigureAwait(false);
        foreach (var check in report.Checks)
            context.Note($"{check.Name} {check.Subject}: {VerificationStatusNames.Instance.NameOf(check.Status)}. {check.Message}");
        if (report.Checks.FirstOrDefault(c => c.Status == VerificationStatus.Failed) is { } failed)
            throw new StepFailedException($"{failed.Name}, {failed.Subject}: {failed.Message}{(failed.Cause is { } cause ? $" Cause: {cause}" : "")}", failed.Next ?? "see the report.");
        return string.Join("; ", report.Checks.Select(c => $"{c.Name}: {c.Message}"));
    }

    private static IReadOnlyList<string> Checks(VerifyStep step) => step.Checks.Count > 0 ? step.Checks : ["nvcc", "cudnn", "torch", "kernel"];
}
