using CudaCompat.Execution.Downloads;
using CudaCompat.Execution.Journals;
using CudaCompat.Execution.Steps;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Runs;

/// <summary>One run over the steps of a plan. A dry run is the same loop without a journal.</summary>
internal sealed class PlanRun
{
    private readonly InstallPlan _plan;
    private readonly Journal? _journal;
    private readonly string _folder;
    private ExecutionOptions _options;
    private RunRecord _record;

    public PlanRun(InstallPlan plan, Journal? journal, string folder, ExecutionOptions options)
    {
        (_plan, _journal, _folder, _options) = (plan, journal, folder, options);
        _record = new RunRecord(plan, folder, options.Events);
    }

    /// <summary>Carries out what is not done yet.</summary>
    public async Task<ExecutionReport> CarryOutAsync(CancellationToken cancellation)
    {
        using var client = Downloader.CreateClient();
        using var targets = _journal is null ? null : await RunLocks.TakeAsync(_plan, _options, cancellation).ConfigureAwait(false);
        using var log = _journal is null ? null : new RunLog(_folder, _options.Events, _options.Clock);
        if (log is not null)
        {
            _options = _options with { Events = log };
            _record = new RunRecord(_plan, _folder, log);
        }

        if (_journal is not null)
        {
            await RunLocks.EndLeftoversAsync(_journal, _options.Events, cancellation).ConfigureAwait(false);
            await UndoInterruptedAsync().ConfigureAwait(false);
        }

        if (await UnagreedAsync(client, cancellation).ConfigureAwait(false) is { } unagreed)
            return _record.Report(ExecutionOutcome.NotAgreed, unagreed);
        for (var i = 0; i < _plan.Steps.Count;)
        {
            // Downloads that follow each other do not depend on each other.
            var count = _plan.Steps.Skip(i).TakeWhile(s => s is DownloadStep).Count();
            if (count == 0)
                await RunStepAsync(i++, client, cancellation).ConfigureAwait(false);
            else
                await RunDownloadsAsync(i, count, client, cancellation).ConfigureAwait(false);
            i += count;
            if (_record.Broken is { } broken)
            {
                return broken.Outcome == StepOutcome.Cancelled
                    ? _record.Report(ExecutionOutcome.Cancelled, GoOn())
                    : _record.Report(ExecutionOutcome.Failed, $"{_record.NextOf(broken)}\n{GoOn()}".TrimStart());
            }
        }

        if (_journal is null)
            return _record.Report(ExecutionOutcome.DryRun, null);
        if (!_journal.State.Finished)
            _journal.Append(new PlanFinished());
        BillOfMaterials.Write(_plan, _folder, _options.Clock);
        return _record.Report(ExecutionOutcome.Finished, null);
    }

    /// <summary>What each step does, in its runner's own words; nothing is run and nothing is asked.</summary>
    public IReadOnlyList<(InstallStep Step, string Words, bool IsAdmin)> Describe()
    {
        using var client = Downloader.CreateClient();
        return [.. _plan.Steps.Select((s, i) => (s, Words(s, i, client), StepRunners.NeedsAgreement(s)))];
    }

    /// <summary>The report of a run that did not begin.</summary>
    public ExecutionReport NotAgreed(PlanReview review)
    {
        _record.Notes.AddRange(review.Objections);
        return _record.Report(ExecutionOutcome.NotAgreed, $"make the plan anew with cudacompat plan, or, once you have looked at it, agree with {review.Flags}.");
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

    private string GoOn() => $"to go on: cudacompat apply --resume --journal {_folder}\nto undo: cudacompat apply --rollback --journal {_folder}";

    // The first step that needs an administrator and is not done yet, where nobody has agreed to that.
    private async Task<string?> UnagreedAsync(HttpClient client, CancellationToken cancellation)
    {
        for (var i = 0; i < _plan.Steps.Count && !_options.AllowAdmin && _journal is not null; i++)
        {
            var step = _plan.Steps[i];
            if (StepRunners.NeedsAgreement(step) && await StepRunners.Of(step).FindDoneAsync(step, Context(i, client, cancellation)).ConfigureAwait(false) is null)
                return $"step {i + 1} ({Words(step, i, client)}) is done as administrator; agree with --allow-admin.";
        }

        return null;
    }

    private StepContext Context(int index, HttpClient client, CancellationToken cancellation)
    {
        var cache = new DownloadCache(_options.CacheFolderOrDefault);
        var downloader = new Downloader(client, cache, _options.Retry, _options.Events ?? new Progress<ExecutionEvent>(), _options.Clock, _options.Offline);
        return new StepContext(_plan, index, _options, _journal, downloader, cache, cancellation);
    }

    private async Task RunDownloadsAsync(int first, int count, HttpClient client, CancellationToken cancellation)
    {
        var total = _plan.Steps.Skip(first).Take(count).Where(s => !IsCached(s)).Sum(s => s.Size ?? 0);
        if (_journal is not null && DiskSpace.Shortage(_options.CacheFolderOrDefault, total) is { } shortage)
        {
            _record.End(_record.Ended(first, _record.Elapsed, StepOutcome.Failed, shortage), "free some space or choose another cache folder.");
            return;
        }

        using var gate = new SemaphoreSlim(Math.Clamp(_options.ParallelDownloads, 1, 16));
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
            return step.Url is not null && File.Exists(new DownloadCache(_options.CacheFolderOrDefault).FileOf(DownloadCache.KeyOf(DownloadRequest.Of(step))));
        }
        catch (StepFailedException)
        {
            return false; // told when the step is run
        }
    }

    private async Task RunStepAsync(int index, HttpClient client, CancellationToken cancellation)
    {
        var step = _plan.Steps[index];
        var context = Context(index, client, cancellation);
        var started = _record.Elapsed;
        try
        {
            cancellation.ThrowIfCancellationRequested();
            var runner = StepRunners.Of(step);
            if (_journal is null)
                runner = new DryStepRunner(runner);
            if (await runner.FindDoneAsync(step, context).ConfigureAwait(false) is { } done)
            {
                if (_journal?.State.PhaseOf(index) == StepPhase.Untouched)
                    _journal.Append(new StepSkipped(index));
                _record.End(_record.Ended(index, started, StepOutcome.AlreadyDone, done));
                return;
            }

            _options.Events?.Report(new StepStarted(index, StepRunners.KindOf(step), VisibleText.Of(SecretText.Mask(runner.Describe(step, context)))));
            _journal?.Append(new StepBegun(index, StepRunners.KindOf(step)));
            var message = await runner.RunAsync(step, context).ConfigureAwait(false);
            _journal?.Append(new StepDone(index));
            _record.End(_record.Ended(index, started, _journal is null ? StepOutcome.WouldRun : StepOutcome.Done, message));
        }
        catch (Exception e)
        {
            await BreakAsync(index, started, StepFailure.Of(e, cancellation.IsCancellationRequested)).ConfigureAwait(false);
        }
    }

    // A step that did not come to its end leaves nothing behind.
    private async Task BreakAsync(int index, TimeSpan started, StepFailure failure)
    {
        var report = _record.Ended(index, started, failure.Outcome, failure.Message) with { ExitCode = failure.ExitCode, LastLines = failure.LastLines };
        if (_journal is not null && _journal.State.PhaseOf(index) == StepPhase.Begun)
        {
            try
            {
                _journal.Append(new StepBroken(index, report.Message));
                await StepUndo.UndoAsync(index, _journal, _options, _record.Notes).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or StepFailedException or JournalException)
            {
                report = report with { Message = $"{report.Message} (and what it had changed could not be undone: {e.Message})" };
            }
        }

        _record.End(report, failure.Next);
    }

    private async Task UndoInterruptedAsync()
    {
        for (var i = _plan.Steps.Count - 1; i >= 0; i--)
        {
            if (_journal!.State.PhaseOf(i) == StepPhase.Begun)
                await StepUndo.UndoAsync(i, _journal, _options, _record.Notes).ConfigureAwait(false);
        }
    }
}
