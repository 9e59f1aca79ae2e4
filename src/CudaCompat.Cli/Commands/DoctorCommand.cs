using System.CommandLine;
using System.Text.Json;
using CudaCompat.Cli.Output;
using CudaCompat.Detection;
using CudaCompat.Diagnosis;
using CudaCompat.Documents;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat doctor</c>: what is installed here, judged.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Looks at what is installed on this machine and says what is wrong and what mends it.");
        var python = new Option<string?>("--python-path") { Description = "The Python interpreter or environment folder to look at.", HelpName = "PATH" };
        var import = new Option<bool>("--import-torch") { Description = "Import torch in that Python and ask it, in place of reading its metadata." };
        var output = new OutputOptions();
        command.Options.Add(python);
        command.Options.Add(import);
        output.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var detected = await DriverDetector.DetectAsync(new DetectionOptions { Python = parse.GetValue(python), ImportTorch = parse.GetValue(import) }, cancel).ConfigureAwait(false);
            var matrix = output.Matrix(parse);
            var report = Doctor.Examine(detected, matrix);
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
        FindingsText.Remedies(writer, report.Remedies, paint, "What mends it (each alone)");
    }
}
