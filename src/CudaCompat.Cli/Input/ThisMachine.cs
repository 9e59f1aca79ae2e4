using CudaCompat.Detection;

namespace CudaCompat.Cli.Input;

/// <summary>The machine that the tool runs on.</summary>
internal static class ThisMachine
{
    /// <exception cref="UsageException">The machine document named by the environment cannot be read.</exception>
    public static Task<DetectionReport> ReadAsync(CancellationToken cancel) => ReadAsync(new DetectionOptions(), cancel);

    /// <inheritdoc cref="ReadAsync(CancellationToken)"/>
    public static async Task<DetectionReport> ReadAsync(DetectionOptions options, CancellationToken cancel)
    {
        try
        {
            return await DriverDetector.DetectAsync(options, cancel).ConfigureAwait(false);
        }
        catch (MachineDocumentException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
