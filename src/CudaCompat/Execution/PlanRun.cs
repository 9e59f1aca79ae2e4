using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using CudaCompat.Execution.Archives;
using CudaCompat.Execution.Downloads;
using CudaCompat.Execution.Journals;
using CudaCompat.Execution.Steps;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution;

/// <summary>One run over a plan: the loop over its steps, forwards or backwards. A dry run is the same loop without a journal.</summary>
internal sealed class PlanRun(InstallPlan plan, Journal? journal, string folder, ExecutionOptions asked)
{
    private ExecutionOptions options = asked;
    private readonly StepReport?[] _reports = new StepReport?[plan.Steps.Count];
    private readonly Stopwatch _run = Stopwatch.StartNew();
    private readonly Dictionary<int, string> _next = [];
    private readonly List<string> _notes = [];

    /// <summary>Carries out what is not done yet.</summary>
    public async Task<ExecutionReport> CarryOutAsync(CancellationToken cancellation)
    {
        using var client = Downloader.CreateClient();
        using var targets = await LockTargetsAsync(cancellation).ConfigureAwait(false);
        using var log = OpenLog();
        if (journal is not null)
        {
            await EndLeftoversAsync(cancellation).ConfigureAwait(false);
            await UndoInterruptedAsync().ConfigureAwait(false);
        }

        for (var i = 0; i < plan.Steps.Count && !options.AllowAdmin && !options.DryRun; i++)
        {
            if (StepRunners.NeedsAgreement(plan.Steps[i]) && await StepRunners.Of(plan.Steps[i]).FindDoneAsync(plan.Steps[i], Context(i, client, cancellation)).ConfigureAwait(false) is null)
                return Report(ExecutionOutcome.NotAgreed, $"step {i + 1} ({Words(plan.Steps[i], i, client)}) is done as administrator; agree with --allow-admin.");
        }

        for (var i = 0; i < plan.Steps.Count;)
        {
            // Downloads that follow each other do not depend on each other.
            var count = plan.Steps.Skip(i).TakeWhile(s => s is DownloadStep).Count();
            if (count == 0)
                await RunStepAsync(i++, client, cancellation).ConfigureAwait(false);
            else
                await RunDownloadsAsync(i, count, client, cancellation).ConfigureAwait(false);
            i += count;
            if (_reports.FirstOrDefault(r => r?.Outcome is StepOutcome.Failed or StepOutcome.Cancelled) is { } broken)
            {
                return broken.Outcome == StepOutcome.Cancelled
                    ? Report(ExecutionOutcome.Cancelled, GoOn())
                    : Report(ExecutionOutcome.Failed, $"{NextOf(broken)}\n{GoOn()}".TrimStart());
            }
        }

        if (options.DryRun)
            return Report(ExecutionOutcome.DryRun, null);
        if (!journal!.State.Finished)
            journal.Append(new PlanFinished());
        BillOfMaterials.Write(plan, folder, options.Clock);
        return Report(ExecutionOutcome.Finished, null);
    }

    /// <summary>What each step does, in its runner's own words; nothing is run and nothing is asked.</summary>
    public IReadOnlyList<(InstallStep Step, string Words, bool IsAdmin)> Describe()
    {
        using var client = Downloader.CreateClient();
        return [.. plan.Steps.Select((s, i) => (s, Words(s, i, client), StepRunners.NeedsAgreement(s)))];
    }

    /// <summary>The report of a run that did not begin.</summary>
    public ExecutionReport NotAgreed(IReadOnlyList<string> objections, PlanReview review)
    {
        _notes.AddRange(objections);
        var flags = string.Join(' ', review.UnknownHosts.Select(h => $"--trust {h}").Concat(review.Differences.Count > 0 ? ["--trust-plan"] : []));
        return Report(ExecutionOutcome.NotAgreed, $"make the plan anew with cudacompat plan, or, once you have looked at it, agree with {flags}.");
    }

    private string Words(InstallStep step, int index, HttpClient client)
    {
        try
        {
            return VisibleText.Of(SecretText.Mask(StepRunners.Of(step).Describe(step, Context(index, client, CancellationToken.None))));
        }
        catch (StepFailedException e)
        {
            return VisibleText.Of($"{step.Component}: {e.Message}");
        }
    }

    /// <summary>Undoes everything, last step first.</summary>
    public async Task<ExecutionReport> RollBackAsync(CancellationToken cancellation)
    {
        using var targets = await LockTargetsAsync(cancellation).ConfigureAwait(false);
        using var log = OpenLog();
        await EndLeftoversAsync(cancellation).ConfigureAwait(false);
        if (!journal!.State.IsRollbackBegun)
            journal.Append(new RollbackBegun());
        foreach (var index in journal.State.StepsToUndo)
        {
            cancellation.ThrowIfCancellationRequested();
            var started = _run.Elapsed;
            var step = plan.Steps[index];
            StepReport Ended(StepOutcome outcome, string message) =>
                new(index, StepRunners.KindOf(step), step.Component, step.Version, outcome, _run.Elapsed - started, message) { Started = started };
            try
            {
                await UndoStepAsync(index).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or StepFailedException)
            {
                End(Ended(StepOutcome.Failed, $"it could not be undone: {e.Message}"));
                var rights = e is UnauthorizedAccessException ? ", or undo as the user whose files they are (sudo where an administrator installed them)" : "";
                return Report(ExecutionOutcome.Failed, $"remove the cause{rights}.\nto go on: cudacompat apply --rollback --journal {folder}") with { Steps = [.. _reports.OfType<StepReport>()] };
            }

            End(Ended(StepOutcome.Undone, "undone"));
        }

        journal.Append(new RolledBack());
        foreach (var kept in Directory.EnumerateFileSystemEntries(folder, "backup-*").Concat(Directory.EnumerateFileSystemEntries(folder, "wheels-*")).ToArray())
            FileState.Remove(kept);
        return Report(ExecutionOutcome.RolledBack, null) with { Steps = [.. _reports.OfType<StepReport>()] };
    }

    private string GoOn() => $"to go on: cudacompat apply --resume --journal {folder}\nto undo: cudacompat apply --rollback --journal {folder}";

    private string NextOf(StepReport broken) => _next.TryGetValue(broken.Index, out var next) ? char.ToUpperInvariant(next[0]) + next[1..] : "";

    private StepContext Context(int index, HttpClient client, CancellationToken cancellation)
    {
        var cache = new DownloadCache(options.CacheFolderOrDefault);
        var downloader = new Downloader(client, cache, options.Retry, options.Events ?? new Progress<ExecutionEvent>(), options.Clock, options.Offline);
        return new StepContext(plan, index, options, journal, downloader, cache, cancellation);
    }

    private async Task RunDownloadsAsync(int first, int count, HttpClient client, CancellationToken cancellation)
    {
        var total = plan.Steps.Skip(first).Take(count).Where(s => !IsCached(s)).Sum(s => s.Size ?? 0);
        if (!options.DryRun && DiskSpace.Shortage(options.CacheFolderOrDefault, total) is { } shortage)
        {
            var step = plan.Steps[first];
            End(new StepReport(first, StepRunners.KindOf(step), step.Component, step.Version, StepOutcome.Failed, TimeSpan.Zero, shortage));
            _next[first] = "free some space or choose another cache folder.";
            return;
        }

        using var gate = new SemaphoreSlim(Math.Clamp(options.ParallelDownloads, 1, 16));
        await Task.WhenAll(Enumerable.Range(first, count).Select(async i =>
        {
            await gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            try
            {
                await RunStepAsync(i, client, cancellation).ConfigureAwait(false);
            }
            finally
            {
                gate.Release();
            }
        })).ConfigureAwait(false);
    }

    private bool IsCached(InstallStep step)
    {
        try
        {
            return step.Url is not null && File.Exists(new DownloadCache(options.CacheFolderOrDefault).FileOf(DownloadCache.KeyOf(DownloadRequest.Of(step))));
        }
        catch (StepFailedException)
        {
            return false; // told when the step is run
        }
    }

    private async Task RunStepAsync(int index, HttpClient client, CancellationToken cancellation)
    {
        var step = plan.Steps[index];
        var context = Context(index, client, cancellation);
        var started = _run.Elapsed;
        StepReport Ended(StepOutcome outcome, string message) =>
            new(index, StepRunners.KindOf(step), step.Component, step.Version, outcome, _run.Elapsed - started, VisibleText.Of(SecretText.Mask(message))) { Started = started, Size = step.Size };
        try
        {
            cancellation.ThrowIfCancellationRequested();
            var runner = StepRunners.Of(step);
            if (options.DryRun)
                runner = new DryStepRunner(runner);
            if (await runner.FindDoneAsync(step, context).ConfigureAwait(false) is { } done)
            {
                if (journal?.State.PhaseOf(index) == StepPhase.Untouched)
                    journal.Append(new StepSkipped(index));
                End(Ended(StepOutcome.AlreadyDone, done));
                return;
            }

            options.Events?.Report(new StepStarted(index, StepRunners.KindOf(step), VisibleText.Of(SecretText.Mask(runner.Describe(step, context)))));
            journal?.Append(new StepBegun(index, StepRunners.KindOf(step)));
            var message = await runner.RunAsync(step, context).ConfigureAwait(false);
            journal?.Append(new StepDone(index));
            End(Ended(options.DryRun ? StepOutcome.WouldRun : StepOutcome.Done, message));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await BreakAsync(index, Ended(StepOutcome.Cancelled, "cancelled"), null).ConfigureAwait(false);
        }
        catch (StepFailedException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C reaches the programs of a step too; that one of them ended is no failure of its own.
            await BreakAsync(index, Ended(StepOutcome.Cancelled, "cancelled"), null).ConfigureAwait(false);
        }
        catch (StepFailedException e)
        {
            await BreakAsync(index, Ended(StepOutcome.Failed, e.Message) with { ExitCode = e.ExitCode, LastLines = e.LastLines }, e.Next).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ArchiveRefusedException or ProgramNotFoundException)
        {
            await BreakAsync(index, Ended(StepOutcome.Failed, e.Message), e is ArchiveRefusedException ? "nothing of it was used; choose another mirror or make the plan anew." : "install it, or put it on PATH.").ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await BreakAsync(index, Ended(StepOutcome.Failed, $"{e.GetType().Name}: {e.Message}"), "look at the message; rights or space may be missing.").ConfigureAwait(false);
        }
    }

    private void End(StepReport report)
    {
        _reports[report.Index] = report;
        options.Events?.Report(new StepEnded(report));
    }

    // A step that did not come to its end leaves nothing behind.
    private async Task BreakAsync(int index, StepReport report, string? next)
    {
        if (next is not null)
            _next[index] = next;
        if (journal is not null && journal.State.PhaseOf(index) == StepPhase.Begun)
        {
            try
            {
                journal.Append(new StepBroken(index, report.Message));
                await UndoStepAsync(index).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or StepFailedException or JournalException)
            {
                report = report with { Message = $"{report.Message} (and what it had changed could not be undone: {e.Message})" };
            }
        }

        End(report);
    }

    private async Task UndoInterruptedAsync()
    {
        for (var i = plan.Steps.Count - 1; i >= 0; i--)
        {
            if (journal!.State.PhaseOf(i) == StepPhase.Begun)
                await UndoStepAsync(i).ConfigureAwait(false);
        }
    }

    private async Task UndoStepAsync(int index)
    {
        var undo = new ChangeUndo(folder, (packages, _) => SystemPackageRunner.RemoveAsync(packages, folder, options), options.DiscardChanges);
        foreach (var change in journal!.State.ChangesOf(index).Reverse())
        {
            try
            {
                await undo.UndoAsync(change, CancellationToken.None).ConfigureAwait(false);
            }
            catch (JournalException e) when (options.Force)
            {
                _notes.Add(e.Message);
            }
        }

        undo.Flush();
        journal.Append(new StepUndone(index));
        _notes.AddRange(undo.Left.Select(VisibleText.Of));
    }

    // Programs that a killed run left would write while their step is undone. They are ended, but for package managers, which are never stopped
    // while they write; and nothing begins before the last of them is gone.
    private async Task EndLeftoversAsync(CancellationToken cancellation)
    {
        if (journal is null)
            return;
        if (journal.State.Run is { } run)
        {
            for (var told = false; LeftoverProcesses.Names(run, SystemPackageRunner.IsManager) is { Count: > 0 } managers; told = true)
            {
                if (!told)
                    options.Events?.Report(new Noted($"the interrupted run's {string.Join(", ", managers)} is still at work and is never stopped; waiting for it."));
                await Task.Delay(200, cancellation).ConfigureAwait(false);
            }

            if (LeftoverProcesses.End(run, SystemPackageRunner.IsManager) is > 0 and var count)
                options.Events?.Report(new Noted($"{count} programs that the interrupted run had left were ended."));
        }

        await journal.HoldForChildrenAsync(
            who => options.Events?.Report(new Noted($"programs of the interrupted run are still at work{(who.Length > 0 ? $": {who}" : "")}; waiting for them.")), cancellation).ConfigureAwait(false);
    }

    // What the programs print, and what is told, stays beside the journal.
    private RunLog? OpenLog()
    {
        if (journal is null)
            return null;
        var log = new RunLog(Path.Combine(folder, "log.txt"), options.Events, options.Clock);
        options = options with { Events = log };
        return log;
    }

    private async Task<IDisposable> LockTargetsAsync(CancellationToken cancellation)
    {
        var locks = new HeldLocks();
        if (journal is null)
            return locks;
        try
        {
            var cache = new DownloadCache(options.CacheFolderOrDefault);
#pragma warning disable CA2000 // HeldLocks owns it
            foreach (var target in StepRunners.TargetsOf(plan))
                locks.Add(await cache.LockAsync("target-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(target)))[..32],
                    () => options.Events?.Report(new Noted($"another run works on {target}; waiting for it.")), cancellation).ConfigureAwait(false));
#pragma warning restore CA2000
            return locks;
        }
        catch
        {
            locks.Dispose();
            throw;
        }
    }

    private ExecutionReport Report(ExecutionOutcome outcome, string? next)
    {
        var steps = plan.Steps.Select((s, i) => _reports[i] ?? new StepReport(i, StepRunners.KindOf(s), s.Component, s.Version, StepOutcome.NotReached, TimeSpan.Zero, "not reached"));
        return new ExecutionReport(outcome, [.. steps], folder, next, [.. _notes]);
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
