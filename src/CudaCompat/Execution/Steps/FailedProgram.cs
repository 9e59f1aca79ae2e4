using CudaCompat.Processes;
using CudaCompat.Verification;

namespace CudaCompat.Execution.Steps;

/// <summary>What a program of a step that failed comes to: the cause that its last lines show, by the table that <c>explain</c> reads them with.</summary>
internal static class FailedProgram
{
    /// <param name="request">The program.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="next">What to do where its lines show no cause.</param>
    public static StepFailedException Of(ProcessRequest request, ProcessResult result, string next)
    {
        var (cause, advice) = FailureCauses.Of(string.Join('\n', result.Tail), next);
        return new StepFailedException($"{request}: {result.Outcome}.{(cause is null ? "" : $" {cause}")}", advice, result.ExitCode, result.Tail);
    }
}
