using System.Security.Cryptography;
using System.Text;
using CudaCompat.Execution.Downloads;
using CudaCompat.Execution.Journals;
using CudaCompat.Execution.Steps;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Runs;

/// <summary>Keeps a run alone: on the folders that its plan works on, and after the programs that an interrupted run left.</summary>
internal static class RunLocks
{
    /// <summary>Holds the folders of a plan until what is returned is disposed; waits where another run has one of them.</summary>
    public static async Task<IDisposable> TakeAsync(InstallPlan plan, ExecutionOptions options, CancellationToken cancellation)
    {
        var locks = new HeldLocks();
        try
        {
            var cache = new DownloadCache(options.CacheFolderOrDefault);
#pragma warning disable CA2000 // HeldLocks owns it
            foreach (var target in StepRunners.TargetsOf(plan))
            {
                locks.Add(await cache.LockAsync(
                    "target-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(target)))[..32],
                    () => options.Events?.Report(new Noted($"another run works on {target}; waiting for it.")), cancellation).ConfigureAwait(false));
            }
#pragma warning restore CA2000
            return locks;
        }
        catch
        {
            locks.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Ends the programs that a killed run left, which would write while their step is undone; but package managers are never stopped while they
    /// write, and nothing begins before the last of them is gone.
    /// </summary>
    public static async Task EndLeftoversAsync(Journal journal, IProgress<ExecutionEvent>? events, CancellationToken cancellation)
    {
        if (journal.State.Run is { } run)
        {
            for (var told = false; LeftoverProcesses.Names(run, SystemPackageRunner.IsManager) is { Count: > 0 } managers; told = true)
            {
                if (!told)
                    events?.Report(new Noted($"the interrupted run's {string.Join(", ", managers)} is still at work and is never stopped; waiting for it."));
                await Task.Delay(200, cancellation).ConfigureAwait(false);
            }

            if (LeftoverProcesses.End(run, SystemPackageRunner.IsManager) is > 0 and var count)
                events?.Report(new Noted($"{count} programs that the interrupted run had left were ended."));
        }

        await journal.HoldForChildrenAsync(
            who => events?.Report(new Noted($"programs of the interrupted run are still at work{(who.Length > 0 ? $": {who}" : "")}; waiting for them.")), cancellation).ConfigureAwait(false);
    }

    private sealed class HeldLocks : IDisposable
    {
        private readonly Stack<IDisposable> _held = [];

        public void Add(IDisposable held) => _held.Push(held);

        public void Dispose()
        {
            while (_held.TryPop(out var held))
                held.Dispose();
        }
    }
}
