using System.CommandLine;
using System.CommandLine.Help;
using CudaCompat.Cli.Commands;
using CudaCompat.Cli.Help;
using CudaCompat.Detection;
using CudaCompat.Documents;
using CudaCompat.Execution;
using CudaCompat.Inspection;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Planning.Formats;
using CudaCompat.Resolution;

namespace CudaCompat.Cli;

/// <summary>The command line as a whole: what is typed, and what every error becomes.</summary>
internal static class Cli
{
    public static async Task<int> RunAsync(string[] args)
    {
        using var terminal = new Utf8Terminal();
        var parse = Parse(Completed(args));
        if (parse.Errors.Count > 0)
        {
            foreach (var line in UsageErrors.Of(parse))
                await Console.Error.WriteLineAsync("cudacompat: " + line).ConfigureAwait(false);
            await Console.Error.WriteLineAsync($"Try: {CommandNames.Full(parse.CommandResult)} --help").ConfigureAwait(false);
            return ExitCode.BadInput;
        }

        // apply stops by itself: undoing a step takes its time. Every other command ends at once, also while it waits for input.
        using var end = parse.CommandResult.Command.Name == "apply" ? null : new EndAtOnce();
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parse.InvokeAsync(configuration).ConfigureAwait(false);
        }
        catch (Exception e) when (e is UsageException or BadRequestException or BadInputException or UnknownMirrorException or PlanDocumentException or PlanFormatException
            or DataFormatException or JournalException or MachineDocumentException or InspectionException)
        {
            await Console.Error.WriteLineAsync("cudacompat: " + Describe(e)).ConfigureAwait(false);
            return ExitCode.BadInput;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("cudacompat: cancelled.").ConfigureAwait(false);
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("cudacompat: " + e.Message).ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    internal static ParseResult Parse(IReadOnlyList<string> args) =>
        Root(args is [var first, ..] ? first : null).Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

    /// <summary>The commands; only the asked one where it is known, since making all of them costs more than a plan.</summary>
    internal static RootCommand Root(string? asked = null)
    {
        var root = new RootCommand("Which CUDA toolkit, cuDNN, PyTorch, torchvision and torchaudio run together on this machine, and why; then installs and proves them. Without a command it plans for this machine.")
        {
            HelpName = CommandNames.Tool,
        };
        (string Name, Func<Command> Create)[] commands =
        [
            ("plan", PlanCommand.Create), ("check", CheckCommand.Create), ("detect", DetectCommand.Create), ("apply", ApplyCommand.Create), ("verify", VerifyCommand.Create),
            ("doctor", DoctorCommand.Create), ("list", ListCommand.Create), ("choose", ChooseCommand.Create), ("inspect", InspectCommand.Create), ("explain", ExplainCommand.Create), ("report", ReportCommand.Create), ("audit", AuditCommand.Create), ("data", DataCommand.Create), ("fetch", FetchCommand.Create), ("cache", CacheCommand.Create), ("completion", CompletionCommand.Create), ("", CompletionCommand.CreateSuggest),
        ];
        var only = asked is { Length: > 0 } ? Array.FindIndex(commands, c => c.Name == asked) : -1;
        for (var i = 0; i < commands.Length; i++)
        {
            if (only < 0 || i == only)
                root.Subcommands.Add(commands[i].Create());
        }

        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples();
        // @file and [directive] arguments are nothing a person expects here.
        root.Directives.Clear();
        return root;
    }

    // The tool without a command does the useful thing: it plans.
    private static string[] Completed(string[] args) =>
        args is ["help", .. var of] ? [.. of, "--help"] :
        args is ["version"] ? ["--version"] :
        args is [] || args[0] is ['-', ..] and not ("--help" or "-h" or "-?" or "--version") ? ["plan", .. args] : args;

    private static string Describe(Exception e) => e switch
    {
        BadRequestException request => $"{request.Field}: {request.Message}",
        BadInputException input => $"{input.Path}: {input.Message}",
        _ => e.Message,
    };
}
