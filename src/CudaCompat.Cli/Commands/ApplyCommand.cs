using System.CommandLine;
using System.Text.Json;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Detection;
using CudaCompat.Documents;
using CudaCompat.Execution;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat apply</c>: carries a plan out, goes on with one, or undoes it.</summary>
internal static class ApplyCommand
{
    public static Command Create()
    {
        var command = new Command("apply", "Carries a plan out (cudacompat plan --json > plan.json). Interrupted runs go on with --resume; --rollback undoes exactly what was done.");
        var file = new Argument<string?>("PLAN") { Description = "The plan, the result of plan --json, or the folder of a bundle (cudacompat fetch); - for standard input. Without it: a plan for this machine, shown before it is asked about.", Arity = ArgumentArity.ZeroOrOne };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done and change nothing." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var admin = new Option<bool>("--allow-admin") { Description = "Agree to the steps that need an administrator." };
        var resume = new Option<bool>("--resume") { Description = "Go on with an interrupted run." };
        var rollback = new Option<bool>("--rollback") { Description = "Undo what a run did." };
        var journal = new Option<string?>("--journal") { Description = "The folder of the journal.", HelpName = "DIR" };
        var cache = new Option<string?>("--cache") { Description = "The folder of downloads.", HelpName = "DIR" };
        var prefix = new Option<string?>("--prefix") { Description = "A folder for the toolkit in place of the plan's.", HelpName = "DIR" };
        var python = new Option<string?>("--python-program") { Description = "The Python that makes the environment, if not the first of the plan's version.", HelpName = "PROGRAM" };
        var trustPlan = new Option<bool>("--trust-plan") { Description = "Carry the plan out though it differs from what this program would do itself." };
        var trust = new Option<string[]>("--trust") { Description = "A host that files may come from beside those of the data; repeat for several.", HelpName = "HOST" };
        var discard = new Option<bool>("--discard-changes") { Description = "With --rollback: also take away what was added or changed after the plan." };
        var force = new Option<bool>("--force") { Description = "With --rollback: undo what a damaged journal can prove and list the rest." };
        var list = new Option<bool>("--list") { Description = "List the runs that this user's journals know." };
        var status = new Option<bool>("--status") { Description = "Say how far a run came, without changing anything." };
        var verbose = new Option<bool>("--verbose") { Description = "Show what the programs print; it is in the journal's log.txt in any case." };
        var with = new Option<string?>("--with") { Description = "Without PLAN: also install these (toolkit,cudnn).", HelpName = "LIST" };
        var packaging = new Option<string?>("--packaging") { Description = "Without PLAN: pip (default), uv, conda or conda-forge.", HelpName = "NAME" };
        var mirror = new Option<string?>("--mirror") { Description = "Without PLAN: a mirror by name, or the address of your own.", HelpName = "NAME|URL" };
        var offline = new Option<bool>("--offline") { Description = "Take nothing from a network: only what the cache has." };
        var sbom = new Option<string?>("--sbom") { Description = "Write what was installed, from where, with which hash (CycloneDX).", HelpName = "FILE" };
        var output = new OutputOptions();
        command.Arguments.Add(file);
        foreach (var option in (Option[])[dryRun, yes, admin, resume, rollback, journal, cache, prefix, python, trustPlan, trust, discard, force, list, status, verbose, with, packaging, mirror, offline, sbom])
            command.Options.Add(option);
        output.AddTo(command);
        command.SetAction(async (parse, _) =>
        {
            using var interruption = new Interruption();
            var cancel = interruption.Token;
            var options = new ExecutionOptions
            {
                DryRun = parse.GetValue(dryRun),
                JournalFolder = parse.GetValue(journal),
                CacheFolder = parse.GetValue(cache),
                Prefix = parse.GetValue(prefix),
                Python = parse.GetValue(python),
                AllowAdmin = parse.GetValue(admin),
                TrustPlan = parse.GetValue(trustPlan),
                TrustedHosts = parse.GetValue(trust) ?? [],
                Matrix = output.Matrix(parse),
                DiscardChanges = parse.GetValue(discard),
                Force = parse.GetValue(force),
                Offline = parse.GetValue(offline),
                Unattended = parse.GetValue(yes) || Console.IsInputRedirected,
            };
            if (parse.GetValue(list))
                return RunsText.List(Console.Out, output.Json(parse));
            if ((parse.GetValue(discard) || parse.GetValue(force)) && !parse.GetValue(rollback))
                throw new UsageException("--discard-changes and --force belong to --rollback.");
            InstallPlan? plan = null;
            if (parse.GetValue(file) is { } given && Directory.Exists(given))
                (plan, options) = PlanBundle.Open(given, options);
            else if (parse.GetValue(file) is { } name)
                plan = DocumentReader.Plan(TextInput.Read("PLAN", name));
            var made = plan is null && parse.GetValue(journal) is null && !parse.GetValue(resume) && !parse.GetValue(rollback) && !parse.GetValue(status);
            if (!made && (parse.GetValue(with) ?? parse.GetValue(packaging) ?? parse.GetValue(mirror)) is not null)
                throw new UsageException("--with, --packaging and --mirror say what to plan; a plan that is given says it itself.");
            if (made)
            {
                var machine = await DetectAsync(cancel).ConfigureAwait(false);
                var mirrors = await MirrorInput.ReadAsync(parse.GetValue(mirror), options.Matrix!, options.Offline, cancel).ConfigureAwait(false);
                var result = PlanHere(parse.GetValue(with), parse.Text(packaging, FieldSpelling.Installer), mirrors, machine, options.Matrix!);
                if (result.Plan is null)
                    return result.Verdict == PlanVerdict.Refused ? ExitCode.Incompatible : ExitCode.Unknown;
                plan = result.Plan;
            }

            if (parse.GetValue(resume) && parse.GetValue(rollback))
                throw new UsageException("--resume and --rollback cannot be given together.");
            var folder = parse.GetValue(journal) ?? (plan is null ? throw new UsageException("give PLAN, or --journal with --resume or --rollback.") : new PlanExecutor(options).JournalFolderOf(plan));
            if (parse.GetValue(status))
                return RunsText.Status(Console.Out, folder, output.Json(parse));
            if (plan is null && !parse.GetValue(resume) && !parse.GetValue(rollback))
                throw new UsageException("--journal alone: give PLAN, --resume, --rollback or --status with it.");
            var review = PlanReview.None;
            if (plan is not null && !made && !parse.GetValue(resume) && !parse.GetValue(rollback))
            {
                if (!options.DryRun)
                    options = options with { Machine = (await DriverDetector.DetectAsync(cancellationToken: cancel).ConfigureAwait(false)).Machine };
                review = new PlanExecutor(options).Review(plan);
            }

            if (!options.DryRun)
            {
                if (Object(review))
                    return ExitCode.BadInput;
                foreach (var remark in review.Remarks)
                    Lines.Write(Console.Error, "  ", 2, remark);
            }

            if (!options.DryRun && !parse.GetValue(yes) && !Agreed(plan, parse.GetValue(rollback), options))
            {
                Console.Error.WriteLine("cudacompat: not agreed; nothing was changed.");
                return ExitCode.BadInput;
            }

            var terminal = output.Color(parse) && !Console.IsErrorRedirected;
            ExecutionReport report;
            try
            {
                report = await (options.DryRun ? Run(null) // its table says it all
                    : terminal ? LiveProgress.RunAsync(Console.Error, Run, parse.GetValue(verbose))
                    : Run(new ProgressLines(Console.Error, parse.GetValue(verbose)))).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (parse.GetValue(rollback))
            {
                Console.Error.WriteLine($"cudacompat: stopped between two steps; to go on: cudacompat apply --rollback --journal {folder}");
                return ExitCode.Interrupted;
            }

            if (parse.GetValue(sbom) is { } bill && report.Outcome == ExecutionOutcome.Finished)
                File.Copy(Path.Combine(report.Journal, BillOfMaterials.FileName), bill, overwrite: true);
            if (output.Json(parse))
                Console.Out.WriteLine(JsonSerializer.Serialize(report, DocumentJson.Readable.ExecutionReport));
            else
                ExecutionText.Write(Console.Out, report, new Paint(output.Color(parse)), terminal);
            return report.Outcome == ExecutionOutcome.Cancelled ? ExitCode.Interrupted : report.Succeeded ? ExitCode.Done : ExitCode.Failed;

            Task<ExecutionReport> Run(IProgress<ExecutionEvent>? events)
            {
                var executor = new PlanExecutor(options with { Events = events });
                return parse.GetValue(rollback) ? executor.RollbackAsync(folder, cancel)
                    : parse.GetValue(resume) ? executor.ResumeAsync(folder, cancel)
                    : executor.ExecuteAsync(plan!, review, cancel);
            }
        });
        return command;
    }

    /// <summary>Tells why a plan is not carried out; false where it is.</summary>
    internal static bool Object(PlanReview review)
    {
        var objections = review.Objections;
        if (objections.Count == 0)
            return false;
        Console.Error.WriteLine("cudacompat: this plan is not what this program would do itself; nothing was changed.");
        foreach (var objection in objections.Take(20))
            Lines.Write(Console.Error, "  - ", 4, objection);
        if (objections.Count > 20)
            Console.Error.WriteLine($"  and {objections.Count - 20} more.");
        Console.Error.WriteLine($"  Make the plan anew (cudacompat plan --json), or, where you know who made it, agree with {review.Flags}");
        return true;
    }

    private static async Task<DriverInfo> DetectAsync(CancellationToken cancel)
    {
        var report = await DriverDetector.DetectAsync(cancellationToken: cancel).ConfigureAwait(false);
        foreach (var problem in report.Failures)
            await Console.Error.WriteLineAsync($"cudacompat: {problem.Message}\n  next: {problem.Next}").ConfigureAwait(false);
        return report.Machine;
    }

    // Without a plan: the newest torch with its companions for this machine, shown before anything is asked.
    private static PlanResult PlanHere(string? with, string? packaging, string? mirror, DriverInfo machine, CompatibilityMatrix matrix)
    {
        string[] more = with?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (more.FirstOrDefault(c => c is not ("toolkit" or "cudnn")) is { } unknown)
            throw new UsageException($"--with: '{TextInput.Short(unknown)}' is not one of toolkit, cudnn.");
        string[] components = [.. PlanRequest.AllComponents.Where(c => more.Contains(c) || c.StartsWith("torch", StringComparison.Ordinal))];
        var result = Resolver.TryPlan(machine, new PlanRequest { Components = components, Packaging = packaging, Mirror = mirror }, matrix);
        PlanReport.Write(Console.Error, result, machine, color: false, matrix);
        return result;
    }

    private static bool Agreed(InstallPlan? plan, bool rollback, ExecutionOptions options)
    {
        if (Console.IsInputRedirected)
            throw new UsageException("nobody is there to agree: give --yes, or --dry-run to see what would be done.");
        if (rollback)
            Console.Error.Write("Undo what was done? [y/N] ");
        else if (plan is null)
            Console.Error.Write("Go on? [y/N] ");
        else
        {
            var downloads = plan.Steps.OfType<DownloadStep>().ToArray();
            if (downloads.Length > 0)
                Console.Error.WriteLine($"  Downloads {downloads.Length} files{(downloads.All(d => d.Size is not null) ? $" ({ByteCount.Text(downloads.Sum(d => d.Size!.Value))})" : "")}.");
            foreach (var host in downloads.Select(d => new Uri(d.Url!).Host).Distinct())
                Console.Error.WriteLine($"    from {Processes.VisibleText.Of(host)}");
            foreach (var (step, words, isAdmin) in new PlanExecutor(options).Describe(plan).Where(s => s.Step is not DownloadStep))
                Lines.Write(Console.Error, isAdmin ? "  (administrator) " : "  ", isAdmin ? 18 : 2, words);
            Console.Error.Write($"Carry out these {plan.Steps.Count} steps? [y/N] ");
        }

        return Console.ReadLine() is "y" or "Y" or "yes";
    }
}
