using System.CommandLine;
using System.Text.Json;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Detection;
using CudaCompat.Diagnosis;
using CudaCompat.Documents;
using CudaCompat.Environments;
using CudaCompat.Execution;
using CudaCompat.Matrix;
using CudaCompat.Verification;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat doctor</c>: what is installed here, judged, and mended where that is asked for.</summary>
internal sealed class DoctorCommand
{
    private readonly PythonPathOption _python = new("The Python interpreter or environment folder to look at.");
    private readonly Option<bool> _run = new("--run", "--import-torch") { Description = "Also import torch and its companions in that Python and use them; without this its files are read and nothing in it is run." };
    private readonly Option<bool> _fix = new("--fix") { Description = "Mend what can be mended: shows the commands, asks, carries them out journalled and undoable, and looks again." };
    private readonly Option<bool> _yes = new("--yes") { Description = "With --fix: do not ask." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "With --fix: show what would be done and change nothing." };
    private readonly Option<string?> _index = new("--index") { Description = "With --fix: take packages from this index in place of the default one and PyTorch's own (a mirror that has both).", HelpName = "URL" };
    private readonly Option<string?> _journal = new("--journal") { Description = "With --fix: the folder of the journal.", HelpName = "DIR" };
    private readonly Option<string?> _cache = new("--cache") { Description = "With --fix: the folder of downloads.", HelpName = "DIR" };
    private readonly OutputOptions _output = new();

    public static Command Create()
    {
        var command = new Command("doctor", "Looks at what is installed on this machine and says what is wrong and what mends it; --fix mends it.");
        new DoctorCommand().AddTo(command);
        return command;
    }

    private void AddTo(Command command)
    {
        _python.AddTo(command);
        foreach (var option in (Option[])[_run, _fix, _yes, _dryRun, _index, _journal, _cache])
            command.Options.Add(option);
        _output.AddTo(command);
        command.SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var isFixing = parse.GetValue(_fix);
        if (!isFixing && (parse.GetValue(_yes) || parse.GetValue(_dryRun) || (parse.GetValue(_index) ?? parse.GetValue(_journal) ?? parse.GetValue(_cache)) is not null))
            throw new UsageException("--yes, --dry-run, --index, --journal and --cache belong to --fix.");
        if (parse.GetValue(_index) is { } index && !Planning.PlanDocumentCheck.IsAddress(index))
            throw new UsageException($"--index: '{TextInput.Short(index)}' is not an https address.");
        var matrix = _output.Matrix(parse);
        var path = _python.Read(parse);
        var look = await LookAsync(path, parse, matrix, cancel).ConfigureAwait(false);
        if (!isFixing)
        {
            Tell(look.Report, look.Detected, parse, matrix);
            return look.Report.Healthy ? ExitCode.Done : ExitCode.Failed;
        }

        return await FixAsync(look, path, parse, matrix, cancel).ConfigureAwait(false);
    }

    private sealed record Look(DoctorReport Report, DetectionReport Detected, EnvironmentReport? Environment);

    private async Task<Look> LookAsync(string? path, ParseResult parse, CompatibilityMatrix matrix, CancellationToken cancel)
    {
        var detected = await DriverDetector.DetectAsync(new DetectionOptions { Python = path, ImportTorch = parse.GetValue(_run) }, cancel).ConfigureAwait(false);
        var environment = (path ?? detected.Pythons.FirstOrDefault(p => p.IsChosen)?.Path) is { } place
            ? EnvironmentReader.Read(place, detected.Machine.Gpus?.Count, matrix)
            : null;
        var proof = parse.GetValue(_run) && environment?.Interpreter is { } interpreter
            ? await Verifier.VerifyAsync(new VerificationOptions { Checks = ["torch", "torchvision", "torchaudio", "kernel"], Python = interpreter }, cancel).ConfigureAwait(false)
            : null;
        return new Look(Doctor.Examine(detected, matrix, environment, proof), detected, environment);
    }

    private void Tell(DoctorReport report, DetectionReport detected, ParseResult parse, CompatibilityMatrix matrix)
    {
        if (_output.Json(parse))
            Console.Out.WriteLine(JsonSerializer.Serialize(report, DocumentJson.Readable.DoctorReport));
        else
            DoctorText.Write(Console.Out, report, detected, _output.Color(parse), matrix);
    }

    private async Task<int> FixAsync(Look look, string? path, ParseResult parse, CompatibilityMatrix matrix, CancellationToken cancel)
    {
        var repairs = RepairPlan.Of(look.Report, look.Environment, parse.GetValue(_index));
        var paint = new Paint(_output.Color(parse));
        var folder = parse.GetValue(_journal) is { } given ? Path.GetFullPath(given) : Path.Combine(ExecutionOptions.JournalsFolder, $"fix-{DateTime.UtcNow:yyyyMMdd-HHmmss}");
        var options = new ExecutionOptions
        {
            JournalFolder = folder,
            CacheFolder = parse.GetValue(_cache),
            DryRun = parse.GetValue(_dryRun),
            Matrix = matrix,
            Machine = look.Report.Machine,
            Unattended = parse.GetValue(_yes) || Console.IsInputRedirected,
        };

        // What is found and what would be done is shown before anything is asked; the answer itself is what holds afterwards.
        var before = _output.Json(parse) ? Console.Error : Console.Out;
        DoctorText.Write(before, look.Report, look.Detected, _output.Color(parse) && before == Console.Out, matrix);
        DoctorText.Repairs(before, repairs, before == Console.Out ? paint : new Paint(false));
        if (repairs.Plan is not { } plan || options.DryRun)
        {
            var outcome = repairs.Plan is null ? RepairOutcome.NothingToDo : RepairOutcome.DryRun;
            if (_output.Json(parse))
                Tell(look.Report with { Fix = RepairReport.Of(outcome, repairs, null, repairs.Left) }, look.Detected, parse, matrix);
            return look.Report.Healthy || outcome == RepairOutcome.DryRun ? ExitCode.Done : ExitCode.Failed;
        }

        if (!parse.GetValue(_yes) && !Agreed(repairs.Commands.Count))
        {
            await Console.Error.WriteLineAsync("cudacompat: not agreed; nothing was changed.").ConfigureAwait(false);
            return ExitCode.BadInput;
        }

        using var interruption = new Interruption();
        var isTerminal = _output.Color(parse) && !Console.IsErrorRedirected;
        var run = isTerminal
            ? await LiveProgress.RunAsync(Console.Error, events => new PlanExecutor(options with { Events = events }).RepairAsync(plan, interruption.Token), verbose: false).ConfigureAwait(false)
            : await new PlanExecutor(options with { Events = new ProgressLines(Console.Error, verbose: false) }).RepairAsync(plan, interruption.Token).ConfigureAwait(false);
        if (run.Outcome == ExecutionOutcome.Cancelled)
            return ExitCode.Interrupted;
        var after = await LookAsync(path, parse, matrix, cancel).ConfigureAwait(false);
        var left = after.Report.Findings.Where(f => f.Severity != Resolution.Severity.Info).ToArray();
        var report = after.Report with { Fix = RepairReport.Of(run.Succeeded ? RepairOutcome.Mended : RepairOutcome.Failed, repairs, run.Journal, left) };
        if (_output.Json(parse))
            Tell(report, after.Detected, parse, matrix);
        else
            DoctorText.Mended(Console.Out, report, run, paint, isTerminal);
        return run.Succeeded && report.Healthy ? ExitCode.Done : ExitCode.Failed;
    }

    private static bool Agreed(int steps)
    {
        if (Console.IsInputRedirected)
            throw new UsageException("nobody is there to agree: give --yes, or --dry-run to see what would be done.");
        Console.Error.Write($"Carry out {(steps == 1 ? "this step" : $"these {steps} steps")}? [y/N] ");
        return Console.ReadLine() is "y" or "Y" or "yes";
    }
}
