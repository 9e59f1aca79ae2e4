using System.Security.Cryptography;
using CudaCompat.Execution.Journals;
using CudaCompat.Execution.Runs;
using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Processes;
using CudaCompat.Resolution;

namespace CudaCompat.Execution;

/// <summary>
/// Carries plans out, goes on with interrupted ones and undoes them. Every transition is in a journal on disk before the act, so the
/// machine may stop at any moment.
/// </summary>
public sealed class PlanExecutor
{
    private readonly ExecutionOptions _options;

    /// <summary>An executor with the usual options.</summary>
    public PlanExecutor()
        : this(new ExecutionOptions())
    {
    }

    /// <summary>An executor with these options.</summary>
    public PlanExecutor(ExecutionOptions options) => _options = options;

    /// <summary>The journal folder that this executor uses for a plan.</summary>
    /// <param name="plan">The plan.</param>
    public string JournalFolderOf(InstallPlan plan) => _options.JournalFolderFor(HashOf(InstallPlanDocument.Write(PlanFolders.Resolve(plan, _options.Prefix))));

    /// <summary>
    /// Carries a plan out. What an interrupted run of the same plan did is taken up; a finished plan is checked and changes nothing.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellation">Stops the run cleanly: the step under way is undone.</param>
    /// <exception cref="JournalException">The journal belongs to another plan, to a run in progress or to a rollback that was begun.</exception>
    /// <exception cref="PlanDocumentException">The plan has a field that it may not have, or is for another operating system.</exception>
    public async Task<ExecutionReport> ExecuteAsync(InstallPlan plan, CancellationToken cancellation = default) =>
        await ExecuteAsync(plan, Review(plan), cancellation).ConfigureAwait(false);

    /// <summary>Carries out what the doctor of this program itself proposes, once a person has agreed to it; undone, resumed and listed as every other plan.</summary>
    internal Task<ExecutionReport> RepairAsync(InstallPlan plan, CancellationToken cancellation = default) => ExecuteAsync(plan, PlanReview.None, cancellation);

    /// <summary>What this program's own data says to a plan.</summary>
    internal PlanReview Review(InstallPlan plan)
    {
        PlanDocumentCheck.Check(plan);
        return PlanReview.Of(plan, _options);
    }

    /// <summary>What each step of a plan does, in the runners' own words and not the plan's, and whether it is done as administrator. Runs nothing.</summary>
    internal IReadOnlyList<(InstallStep Step, string Words, bool IsAdmin)> Describe(InstallPlan plan)
    {
        PlanDocumentCheck.Check(plan);
        return new PlanRun(PlanFolders.Resolve(plan, _options.Prefix), null, "", _options).Describe();
    }

    /// <summary>Carries a plan out that was looked at.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="review">What <see cref="Review"/> says of it; <see cref="PlanReview.None"/> where a person has agreed before.</param>
    /// <param name="cancellation">Stops the run cleanly.</param>
    internal async Task<ExecutionReport> ExecuteAsync(InstallPlan plan, PlanReview review, CancellationToken cancellation)
    {
        PlanDocumentCheck.Check(plan);
        plan = PlanFolders.Resolve(plan, _options.Prefix);
        var document = InstallPlanDocument.Write(plan);
        var hash = HashOf(document);
        var folder = _options.JournalFolderFor(hash);
        if (_options.DryRun)
        {
            var dry = await new PlanRun(plan, null, folder, _options).CarryOutAsync(cancellation).ConfigureAwait(false);
            return dry with { Notes = [.. dry.Notes, .. review.Objections, .. review.Remarks] };
        }

        RefuseOtherSystem(plan);
        if (review.Objections.Count > 0)
            return new PlanRun(plan, null, folder, _options).NotAgreed(review);
        using var journal = Journal.Open(folder, _options.Clock);
        var state = journal.State;
        if (state.IsRollbackBegun && !state.IsRolledBack)
            throw new JournalException($"the rollback of {folder} was interrupted; finish it first with --rollback.");
        if (state.Run is not null && !state.IsRolledBack && state.PlanSha256 != hash)
            throw new JournalException($"the journal {folder} is that of another plan; choose another folder, or undo that plan first with --rollback.");
        if (state.Run is null || state.IsRolledBack)
            journal.Append(new PlanOpened(Guid.NewGuid().ToString("N"), hash));
        // The plan comes after the line that names it, so a plan without a line is a lost journal and nothing else.
        if (!state.HasSteps)
            journal.WritePlan(document);
        else
            RequirePlan(folder, state);

        return await new PlanRun(plan, journal, folder, _options).CarryOutAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Goes on with an interrupted or failed run.</summary>
    /// <param name="journalFolder">The folder of its journal; null for the one in the options.</param>
    /// <param name="cancellation">Stops the run cleanly.</param>
    /// <exception cref="JournalException">There is no run to go on with, or another holds it.</exception>
    public Task<ExecutionReport> ResumeAsync(string? journalFolder = null, CancellationToken cancellation = default)
    {
        var folder = FolderOf(journalFolder);
        if (!Journal.HasPlan(folder))
            throw new JournalException($"there is no run to go on with in {folder}; nothing was begun.");
        Journal.RefuseLost(folder);
        if (Journal.Peek(folder) is { } state)
            RequirePlan(folder, state);
        var plan = InstallPlanDocument.Read(Journal.ReadPlan(folder));
        // What was begun was agreed to when it began.
        return new PlanExecutor(_options with { JournalFolder = folder, Prefix = null }).ExecuteAsync(plan, PlanReview.None, cancellation);
    }

    /// <summary>Undoes in reverse exactly what a run did: files by its lists, values, packages by their names. Downloads stay in the cache.</summary>
    /// <param name="journalFolder">The folder of its journal; null for the one in the options.</param>
    /// <param name="cancellation">Stops between two steps; call again to go on.</param>
    /// <exception cref="JournalException">Another run holds the journal, or there is none.</exception>
    public async Task<ExecutionReport> RollbackAsync(string? journalFolder = null, CancellationToken cancellation = default)
    {
        var folder = FolderOf(journalFolder);
        if (!Directory.Exists(folder))
            throw new JournalException($"there is no journal in {folder}.");
        if (_options.DryRun)
            return WouldRollBack(folder);
        var isLost = Journal.IsLost(folder);
        using var journal = Journal.Open(folder, _options.Clock, salvage: _options.Force);
        if (!HasSomethingToUndo(journal.State))
        {
            if (isLost)
                Journal.ForgetPlan(folder);
            return new ExecutionReport(ExecutionOutcome.RolledBack, [], folder, null, [.. journal.Lost.DefaultIfEmpty("nothing was to be undone.")]);
        }

        var (plan, lost) = PlanToUndo(folder, journal.State);
        var report = await PlanRollback.CarryOutAsync(plan, journal, _options, cancellation).ConfigureAwait(false);
        return report with { Notes = [.. journal.Lost, .. lost, .. report.Notes] };
    }

    private ExecutionReport WouldRollBack(string folder)
    {
        var (state, lost) = Journal.Read(folder, salvage: _options.Force);
        if (!HasSomethingToUndo(state))
            return new ExecutionReport(ExecutionOutcome.DryRun, [], folder, null, [.. lost.DefaultIfEmpty("nothing would be undone.")]);
        var (plan, unusable) = PlanToUndo(folder, state);
        var report = PlanRollback.Describe(plan, state, folder);
        return report with { Notes = [.. lost, .. unusable, .. report.Notes] };
    }

    private static bool HasSomethingToUndo(JournalState state) => state.Run is not null && !state.IsRolledBack;

    // The plan beside the journal, and what is to be told where it cannot be used.
    private (InstallPlan Plan, IReadOnlyList<string> Lost) PlanToUndo(string folder, JournalState state)
    {
        if (!state.HasSteps)
            return (Nameless(state), []);
        try
        {
            RequirePlan(folder, state);
            return (InstallPlanDocument.Read(Journal.ReadPlan(folder)), []);
        }
        catch (Exception e) when (_options.Force && e is JournalException or PlanDocumentException or IOException)
        {
            return (Nameless(state), [$"the plan beside the journal cannot be used: {e.Message}"]);
        }
    }

    // What a plan brought is in the journal; only the names of the steps are in the plan.
    private static InstallPlan Nameless(JournalState state) => new()
    {
        Stack = new StackDocument(),
        Compatibility = "full",
        Steps = [.. Enumerable.Range(0, state.StepsToUndo.Append(-1).Max() + 1).Select(i => new VerifyStep { Component = $"step {i + 1}" })],
    };

    private static void RequirePlan(string folder, JournalState state)
    {
        if (!Journal.IsPlanOf(folder, state))
            throw new JournalException($"the plan in {folder} is not the one that its journal speaks of. cudacompat apply --rollback --force --journal {folder} undoes what can be proved and lists the rest.");
        if (state.StepsToUndo.Any(i => i < 0))
            throw new JournalException($"the journal in {folder} names a step that is none.");
    }

    // Archives may be unpacked anywhere, for a machine that shares the disk; the rest would be that of the wrong system.
    private static void RefuseOtherSystem(InstallPlan plan)
    {
        if (plan.Machine is not { } machine || plan.Steps.All(s => s is DownloadStep or ToolkitStep { Method: "redist" } or CudnnStep { Method: "redist" or "archive" } or VerifyStep))
            return;
        var here = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux";
        var wanted = machine.OperatingSystem switch
        {
            OperatingSystemFamily.Windows => "windows",
            OperatingSystemFamily.Linux or OperatingSystemFamily.Wsl => "linux",
            _ => here,
        };
        if (wanted != here)
            throw new PlanDocumentException("$.machine.os", $"the plan is for {wanted}, but this machine runs {here}; carry it out there, or make a plan here. --dry-run shows it.");
    }

    private static string HashOf(byte[] document) => Convert.ToHexStringLower(SHA256.HashData(document));

    private string FolderOf(string? asked) => Path.GetFullPath(asked ?? _options.JournalFolder
        ?? throw new JournalException("name the folder of the journal."));
}
