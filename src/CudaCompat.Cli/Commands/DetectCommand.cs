using System.CommandLine;
using System.Text.Json;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Detection;
using CudaCompat.Documents;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat detect</c>: the machine document.</summary>
internal static class DetectCommand
{
    public static Command Create()
    {
        var command = new Command("detect", "The machine as the rules see it: of this machine, of pasted output, or of a document.");
        var machine = new MachineOptions();
        var import = new Option<bool>("--import-torch") { Description = "Import torch in the chosen Python and ask it, in place of reading its metadata; of this machine only." };
        var python = new PythonPathOption("The Python interpreter or environment folder whose packages are told; of this machine only.");
        var output = new OutputOptions();
        machine.AddTo(command);
        python.AddTo(command);
        command.Options.Add(import);
        output.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var path = python.Read(parse);
            var isHere = path is not null || parse.GetValue(import);
            var (found, failure) = machine.Read(parse);
            if (path is not null && (found ?? (object?)failure) is not null)
                throw new UsageException("--python-path is of this machine; it does not go with a machine that is given.");
            if (found is null && failure is null && !isHere && await PipedText.ReadAsync(cancel).ConfigureAwait(false) is { } piped)
                (found, failure) = machine.OfText(parse, piped);
            if (failure is not null)
                return Tell(failure, output.Json(parse));
            Detection.DetectionReport? report = null;
            if (found is null)
            {
                report = await DriverDetector.DetectAsync(new DetectionOptions { Python = path, ImportTorch = parse.GetValue(import) }, cancel).ConfigureAwait(false);
                found = machine.Override(parse, report.Machine);
            }

            if (output.Json(parse))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(found, DocumentJson.Readable.DriverInfo));
                foreach (var problem in report?.Failures ?? [])
                    Console.Error.WriteLine($"cudacompat: {problem.Message}\n  next: {problem.Next}");
            }
            else
            {
                var matrix = output.Matrix(parse);
                MachineText.Write(Console.Out, Resolution.GivenValues.Settle(matrix, found), matrix, output.Color(parse));
                if (report is not null)
                    DetectionText.Facts(Console.Out, report, new Paint(output.Color(parse)));
            }

            return ExitCode.Done;
        });
        return command;
    }

    internal static int Tell(DetectionFailure failure, bool json)
    {
        if (json)
            Console.Out.WriteLine(JsonSerializer.Serialize(new ErrorDocument(new ErrorBody(failure.Kind, null, failure.Message, failure.Next)), DocumentJson.Readable.ErrorDocument));
        else
            Console.Error.WriteLine($"cudacompat: {failure.Message}\n  next: {failure.Next}");
        return ExitCode.Failed;
    }
}
