using System.CommandLine;
using System.Text.Json;
using CudaCompat.Choosing;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Documents;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat choose</c>: a program's own builds in, which of them run on a machine out.</summary>
internal static class ChooseCommand
{
    public static Command Create()
    {
        var command = new Command(
            "choose",
            "Which of a program's own CUDA builds run on a machine, best first, and why the others do not.");
        var file = new Argument<string>("CANDIDATES")
        {
            Description = "The builds (JSON): a list [{\"name\", \"cuda\", \"sass\": [...], \"ptx\": [...], \"cudnn\", \"os\", \"arch\", \"glibc\"}], "
                + "or one such object a line; - for standard input.",
            DefaultValueFactory = _ => "-",
        };
        var machine = new MachineOptions();
        var batch = new Option<bool>("--batch") { Description = "One JSON object {\"id\", \"machine\", \"candidates\"} a line in, one result a line out." };
        var output = new OutputOptions();
        command.Arguments.Add(file);
        machine.AddTo(command);
        command.Options.Add(batch);
        output.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var matrix = output.Matrix(parse);
            if (parse.GetValue(batch))
                return BatchRunner.Choose(matrix, Console.OpenStandardInput(), Console.OpenStandardOutput());
            var from = parse.GetValue(file)!;
            if (from == "-" && machine.ReadsInput(parse))
                throw new UsageException("CANDIDATES and the machine cannot both come from standard input: give one of them as a file.");
            var builds = DocumentReader.Builds(TextInput.Read("CANDIDATES", from, "the candidates"));
            if (await MachineSource.ReadAsync(machine, parse, cancel, readsInput: from != "-").ConfigureAwait(false) is not { } found)
                return ExitCode.Failed;
            var choice = Resolver.Choose(found, builds, matrix);
            if (output.Json(parse))
                Console.Out.WriteLine(JsonSerializer.Serialize(ChoiceDocument.Of(choice), DocumentJson.Readable.ChoiceDocument));
            else
                ChoiceText.Write(Console.Out, choice, found, matrix, new Paint(output.Color(parse)));
            return choice.Verdict switch
            {
                ChoiceVerdict.Refused => ExitCode.Incompatible,
                ChoiceVerdict.Unknown => ExitCode.Unknown,
                _ => ExitCode.Done,
            };
        });
        return command;
    }
}
