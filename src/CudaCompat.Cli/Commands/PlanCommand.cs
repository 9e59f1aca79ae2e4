using System.CommandLine;
using System.Text.Json;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Documents;
using CudaCompat.Execution;
using CudaCompat.Planning;
using CudaCompat.Planning.Formats;
using CudaCompat.Resolution;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat plan</c>: machine and request in, plan or refusal out.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var command = new Command("plan", "The newest stack that runs on a machine, with the steps and the reasons; or why there is none and what would help.");
        var machine = new MachineOptions();
        var request = new RequestOptions();
        var output = new OutputOptions();
        var batch = new Option<bool>("--batch") { Description = "One JSON object per line on standard input, one result per line out." };
        var format = new Option<string?>("--format") { Description = $"text (default), json, {string.Join(", ", PlanFormats.All.Select(f => f.Name))}.", HelpName = "NAME" };
        format.CompletionSources.Add(["text", "json", .. PlanFormats.All.Select(f => f.Name)]);
        var why = new Option<bool>("--why", "-v") { Description = "Everything: the machine, the reasons, the steps, the findings." };
        var locks = new Option<bool>("--lock") { Description = "With --format requirements, pylock or bash: every package that is needed, by its hash; asks the index." };
        var program = new Option<string?>("--python-program") { Description = "With --lock: the Python that says what the packages need, if not the first of the plan's version.", HelpName = "PROGRAM" };
        machine.AddTo(command);
        request.AddTo(command);
        command.Options.Add(format);
        command.Options.Add(why);
        command.Options.Add(locks);
        command.Options.Add(program);
        command.Options.Add(batch);
        output.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var matrix = output.Matrix(parse);
            if (parse.GetValue(batch))
                return BatchRunner.Plan(matrix, Console.OpenStandardInput(), Console.OpenStandardOutput());
            var name = parse.GetValue(format) ?? (output.Json(parse) ? "json" : "text");
            if (name is not ("text" or "json") && PlanFormats.Find(name) is null)
                throw new UsageException($"--format: '{TextInput.Short(name)}' is not one of text, json, {string.Join(", ", PlanFormats.All.Select(f => f.Name))}.");
            if (parse.GetValue(locks) && name is ("text" or "json"))
                throw new UsageException("--lock goes with --format requirements, pylock or bash.");
            var asked = request.Read(parse);
            if (await MachineSource.ReadAsync(machine, parse, cancel).ConfigureAwait(false) is not { } found)
                return ExitCode.Failed;
            found = GivenValues.Settle(matrix, found);
            asked = asked with { Mirror = await MirrorInput.ReadAsync(asked.Mirror, matrix, offline: false, cancel).ConfigureAwait(false) };
            var result = Resolver.TryPlan(found, asked, matrix);
            if (PlanFormats.Find(name) is { } written && result.Plan is { } plan && (parse.GetValue(locks) || name == "pylock"))
                return await LockAsync(plan, written, parse.GetValue(program), cancel).ConfigureAwait(false);
            Print(result, found, name, output.Color(parse), matrix, parse.GetValue(why), isHere: !machine.Given(parse));
            return result.Verdict switch { PlanVerdict.Planned => ExitCode.Done, PlanVerdict.Refused => ExitCode.Incompatible, _ => ExitCode.Unknown };
        });
        return command;
    }

    private static async Task<int> LockAsync(InstallPlan plan, IPlanFormat format, string? python, CancellationToken cancel)
    {
        try
        {
            var packages = await PlanLock.ResolveAsync(plan, new ExecutionOptions { Python = python, Events = new ProgressLines(Console.Error, verbose: false) }, cancel).ConfigureAwait(false);
            Console.Out.Write(format.Write(plan, packages));
            return ExitCode.Done;
        }
        catch (StepFailedException e)
        {
            return FetchCommand.Tell(e);
        }
    }

    private static void Print(PlanResult result, Machines.DriverInfo machine, string format, bool color, Matrix.CompatibilityMatrix matrix, bool why, bool isHere)
    {
        if (format == "json")
            Console.Out.WriteLine(JsonSerializer.Serialize(result, DocumentJson.Readable.PlanResult));
        else if (format == "text" || result.Plan is null)
            Report(format == "text" ? Console.Out : Console.Error, result, machine, color, matrix, why, isHere);
        else
            Console.Out.Write(PlanFormats.Find(format)!.Write(result.Plan));
    }

    private static void Report(TextWriter writer, PlanResult result, Machines.DriverInfo machine, bool color, Matrix.CompatibilityMatrix matrix, bool why, bool isHere)
    {
        if (why)
            PlanReport.Write(writer, result, machine, color, matrix);
        else
            PlanAnswer.Write(writer, result, machine, color, matrix, isHere);
    }
}
