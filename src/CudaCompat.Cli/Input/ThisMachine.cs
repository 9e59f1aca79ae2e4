using CudaCompat.Machines;

namespace CudaCompat.Cli.Input;

/// <summary>The machine that the tool runs on.</summary>
internal static class ThisMachine
{
    public static Task<DriverInfo> ReadAsync(CancellationToken cancel) => throw new UsageException("this machine cannot be looked at yet: give --machine, --nvidia-smi or flags.");
}
