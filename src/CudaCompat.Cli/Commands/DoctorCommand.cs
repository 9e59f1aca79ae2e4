using System.CommandLine;
using System.Text.Json;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Detection;
using CudaCompat.Diagnosis;
using CudaCompat.Documents;
using CudaCompat.Environments;
using CudaCompat.Verification;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat doctor</c>: what is installed here, judged.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Looks at what is installed on this machine and says what is wrong and what mends it.");
        var python = new Option<string?>("--python-path") { Description = "The Python interpreter or environment folder to look at.", HelpName = "PATH" };
        var run = new Option<bool>("--run", "--import-torch") { Description = "Also import torch and its companions in that Python and use them; without this its files are read and nothing in it is run." };
        var output = new OutputOptions();
        command.Options.Add(python);
        command.Options.Add(run);
        output.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var matrix = output.Matrix(parse);
            var named = parse.GetValue(python);
            var path = named is null ? null : Path.GetFullPath(named);
            if (path is not null && !EnvironmentReader.IsEnvironment(path))
                throw new UsageException($"--python-path: '{TextInput.Short(named!)}' is no Python interpreter and no folder of a Python environment.");
            var detected = await DriverDetector.DetectAsync(new DetectionOptions { Python = path, ImportTorch = parse.GetValue(run) }, cancel).ConfigureAwait(false);
            var environment = (path ?? detected.Pythons.FirstOrDefault(p => p.IsChosen)?.Path) is { } place
                ? EnvironmentReader.Read(place, detected.Machine.Gpus?.Count, matrix)
                : null;
            var proof = parse.GetValue(run) && environment?.Interpreter is { } interpreter
                ? await Verifier.VerifyAsync(new VerificationOptions { Checks = ["torch", "torchvision", "torchaudio", "kernel"], Python = interpreter }, cancel).ConfigureAwait(false)
                : null;
            var report = Doctor.Examine(detected, matrix, environment, proof);
            if (output.Json(parse))
                Console.Out.WriteLine(JsonSerializer.Serialize(report, DocumentJson.Readable.DoctorReport));
            else
                Write(Console.Out, report, detected, output.Color(parse), matrix);
            return report.Healthy ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Write(TextWriter writer, DoctorReport report, DetectionReport detected, bool color, Matrix.CompatibilityMatrix matrix)
    {
        var paint = new Paint(color);
        writer.WriteLine(paint.Strong("Machine"));
        MachineText.Write(writer, report.Machine, matrix, color);
        DetectionText.Disagreements(writer, detected, paint);
        writer.WriteLine();
        writer.WriteLine(report.Healthy ? paint.Good("Nothing wrong was found.") : paint.Bad("Something is wrong:"));
        FindingsText.Findings(writer, report.Findings, paint);
        FindingsText.Remedies(writer, [.. report.Remedies.Where(r => r.Change != "environment")], paint, "What mends it (each alone)"); // commands stand under their findings
    }
}
