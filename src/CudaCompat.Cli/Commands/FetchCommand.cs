using System.CommandLine;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Documents;
using CudaCompat.Execution;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat fetch</c>: everything that a plan needs, into a folder that apply takes on a machine without a network.</summary>
internal static class FetchCommand
{
    public static Command Create()
    {
        var command = new Command("fetch", "Brings every file of a plan (toolkit, cuDNN, wheels with all they need) into a folder; cudacompat apply DIR installs from it without a network.");
        var file = new Argument<string>("PLAN") { Description = "The plan, or the result of plan --json; - for standard input." };
        var to = new Option<string>("--to") { Description = "The folder.", HelpName = "DIR", Required = true };
        var python = new Option<string?>("--python-program") { Description = "The Python that says what the packages need, if not the first of the plan's version.", HelpName = "PROGRAM" };
        var trustPlan = new Option<bool>("--trust-plan") { Description = "Fetch though the plan differs from what this program would do itself." };
        var trust = new Option<string[]>("--trust") { Description = "A host that files may come from beside those of the data.", HelpName = "HOST" };
        var output = new OutputOptions();
        command.Arguments.Add(file);
        foreach (var option in (Option[])[to, python, trustPlan, trust])
            command.Options.Add(option);
        output.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var options = new ExecutionOptions
            {
                Python = parse.GetValue(python),
                TrustPlan = parse.GetValue(trustPlan),
                TrustedHosts = parse.GetValue(trust) ?? [],
                Matrix = output.Matrix(parse),
                Events = new ProgressLines(Console.Error, verbose: false),
            };
            var plan = DocumentReader.Plan(TextInput.Read("PLAN", parse.GetValue(file)!));
            if (ApplyCommand.Object(new PlanExecutor(options).Review(plan)))
                return ExitCode.BadInput;
            try
            {
                var bytes = await PlanBundle.FetchAsync(plan, parse.GetValue(to)!, options, cancel).ConfigureAwait(false);
                Console.Out.WriteLine($"{ByteCount.Text(bytes)} in {Path.GetFullPath(parse.GetValue(to)!)}; on the other machine: cudacompat apply {parse.GetValue(to)}");
                return ExitCode.Done;
            }
            catch (StepFailedException e)
            {
                return Tell(e);
            }
        });
        return command;
    }

    /// <summary>Says why a step failed, outside of a run.</summary>
    internal static int Tell(StepFailedException failure)
    {
        Console.Error.WriteLine($"cudacompat: {failure.Message}\n  next: {failure.Next}");
        foreach (var line in failure.LastLines.TakeLast(10))
            Console.Error.WriteLine("    " + line);
        return ExitCode.Failed;
    }
}
