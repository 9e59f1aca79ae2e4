using System.CommandLine;
using System.Text.Json;
using CudaCompat.Choosing;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Documents;
using CudaCompat.Inspection;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat inspect</c>: what a binary, a package or a folder needs of a machine, read from itself.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var command = new Command(
            "inspect",
            "What a library, a package (.nupkg, .whl, .zip) or a folder needs: CUDA, glibc, and the GPUs that it has code for.");
        var path = new Argument<string>("PATH") { Description = "A library or program (ELF, PE), a zip archive, or a folder." };
        var candidate = new Option<bool>("--candidate") { Description = "Print only the candidates (JSON) that choose takes." };
        var here = new Option<bool>("--here") { Description = "Say whether it runs on this machine." };
        var machine = new MachineOptions();
        var output = new OutputOptions();
        command.Arguments.Add(path);
        command.Options.Add(candidate);
        command.Options.Add(here);
        machine.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var matrix = output.Matrix(parse);
            var report = Inspector.Inspect(parse.GetValue(path)!);
            if (parse.GetValue(candidate))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(report.Candidates, DocumentJson.Readable.CudaBuilds));
                return ExitCode.Done;
            }

            ChoiceResult? choice = null;
            if (parse.GetValue(here) || machine.Given(parse))
            {
                if (await MachineSource.ReadAsync(machine, parse, cancel, readsInput: false).ConfigureAwait(false) is not { } found)
                    return ExitCode.Failed;
                choice = Resolver.Choose(found, report.Candidates, matrix);
            }

            if (output.Json(parse))
            {
                var document = InspectionDocument.Of(report, choice);
                Console.Out.WriteLine(JsonSerializer.Serialize(document, DocumentJson.Readable.InspectionDocument));
            }
            else
                InspectionText.Write(Console.Out, report, choice, new Paint(output.Color(parse)));
            return choice?.Verdict switch
            {
                ChoiceVerdict.Refused => ExitCode.Incompatible,
                ChoiceVerdict.Unknown => ExitCode.Unknown,
                _ => ExitCode.Done,
            };
        });
        return command;
    }
}
