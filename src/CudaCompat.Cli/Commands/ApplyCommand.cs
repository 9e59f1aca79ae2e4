using System.CommandLine;
using System.Text.Json;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Documents;
using CudaCompat.Execution;
using CudaCompat.Planning;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat apply</c>: carries a plan out, goes on with one, or undoes it.</summary>
internal static class ApplyCommand
{
    public static Command Create()
    {
        var command = new Command("apply", "Carries a plan out (cudacompat plan --json > plan.json). Interrupted runs go on with --resume; --rollback undoes exactly what was done.");
        var file = new Argument<string?>("PLAN") { Description = "The plan, or the result of plan --json; - for standard input.", Arity = ArgumentArity.ZeroOrOne };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done and change nothing." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var admin = new Option<bool>("--allow-admin") { Description = "Agree to the steps that need an administrator." };
        var resume = new Option<bool>("--resume") { Description = "Go on with an interrupted run." };
        var rollback = new Option<bool>("--rollback") { Description = "Undo what a run did." };
        var journal = new Option<string?>("--journal") { Description = "The folder of the journal.", HelpName = "DIR" };
        var cache = new Option<string?>("--cache") { Description = "The folder of downloads.", HelpName = "DIR" };
        var prefix = new Option<string?>("--prefix") { Description = "A folder for the toolkit in place of the plan's.", HelpName = "DIR" };
        var python = new Option<string?>("--python-program") { Description = "The Python that makes the environment, if not the first of the plan's version.", HelpName = "PROGRAM" };
        var output = new OutputOptions();
        command.Arguments.Add(file);
        foreach (var option in (Option[])[dryRun, yes, admin, resume, rollback, journal, cache, prefix, python])
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
                Unattended = parse.GetValue(yes) || Console.IsInputRedirected,
            };
            var plan = parse.GetValue(file) is { } name ? DocumentReader.Plan(TextInput.Read("PLAN", name)) : null;
            if (parse.GetValue(resume) && parse.GetValue(rollback))
                throw new UsageException("--resume and --rollback cannot be given together.");
            var folder = parse.GetValue(journal) ?? (plan is null ? throw new UsageException("give PLAN, or --journal with --resume or --rollback.") : new PlanExecutor(options).JournalFolderOf(plan));
            if (plan is null && !parse.GetValue(resume) && !parse.GetValue(rollback))
                throw new UsageException("PLAN: which plan? cudacompat plan --json > plan.json writes one.");
            if (!options.DryRun && !parse.GetValue(yes) && !Agreed(plan, parse.GetValue(rollback)))
            {
                Console.Error.WriteLine("cudacompat: not agreed; nothing was changed.");
                return ExitCode.BadInput;
            }

            var terminal = output.Color(parse) && !Console.IsErrorRedirected;
            ExecutionReport report;
            try
            {
                report = await (options.DryRun ? Run(null) // its table says it all
                    : terminal ? LiveProgress.RunAsync(Console.Error, Run)
                    : Run(new ProgressLines(Console.Error))).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (parse.GetValue(rollback))
            {
                Console.Error.WriteLine($"cudacompat: stopped between two steps; to go on: cudacompat apply --rollback --journal {folder}");
                return ExitCode.Failed;
            }

            if (output.Json(parse))
                Console.Out.WriteLine(JsonSerializer.Serialize(report, DocumentJson.Readable.ExecutionReport));
            else
                ExecutionText.Write(Console.Out, report, new Paint(output.Color(parse)), terminal);
            return report.Succeeded ? ExitCode.Done : ExitCode.Failed;

            Task<ExecutionReport> Run(IProgress<ExecutionEvent>? events)
            {
                var executor = new PlanExecutor(options with { Events = events });
                return parse.GetValue(rollback) ? executor.RollbackAsync(folder, cancel)
                    : parse.GetValue(resume) ? executor.ResumeAsync(folder, cancel)
                    : executor.ExecuteAsync(plan!, cancel);
            }
        });
        return command;
    }

    private static bool Agreed(InstallPlan? plan, bool rollback)
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
            foreach (var step in plan.Steps.Where(s => s is not DownloadStep))
                Lines.Write(Console.Error, step.RequiresAdmin ? "  (administrator) " : "  ", step.RequiresAdmin ? 18 : 2, step.Description ?? $"{step.Component} {step.Version}");
            Console.Error.Write($"Carry out these {plan.Steps.Count} steps? [y/N] ");
        }

        return Console.ReadLine() is "y" or "Y" or "yes";
    }
}
