using CudaCompat.Detection;

namespace CudaCompat.Cli.Input;

/// <summary>The machine that the tool runs on.</summary>
internal static class ThisMachine
{
    /// <exception cref="UsageException">The machine document named by the environment cannot be read.</exception>
    public static async Task<DetectionReport> ReadAsync(CancellationToken cancel, bool importTorch = false)
    {
        try
        {
            return await DriverDetector.DetectAsync(new DetectionOptions { ImportTorch = importTorch }, cancel).ConfigureAwait(false);
        }
        catch (MachineDocumentException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
