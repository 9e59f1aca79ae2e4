using System.CommandLine;
using System.Text.Json;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Documents;
using CudaCompat.Explaining;
using CudaCompat.Machines;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat explain</c>: an error text in, its cause and what to type out.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var command = new Command("explain", "What an error text means here and what to type: paste it, pipe it, or name its file.");
        var file = new Argument<string?>("FILE|-") { Description = "The text: a log, a traceback, a message; - or nothing for standard input.", Arity = ArgumentArity.ZeroOrOne };
        var machine = new MachineOptions();
        var environment = new EnvironmentOptions();
        var output = new OutputOptions();
        command.Arguments.Add(file);
        machine.AddTo(command);
        environment.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var options = await environment.ReadAsync(machine, parse, output.Matrix(parse), cancel).ConfigureAwait(false);
            using var reader = Open(parse.GetValue(file) ?? "-");
            var explanation = Explainer.Explain(reader, options);
            if (output.Json(parse))
                Console.Out.WriteLine(JsonSerializer.Serialize(explanation, DocumentJson.Readable.Explanation));
            else
                ExplanationText.Write(Console.Out, explanation, new Paint(output.Color(parse)));
            return explanation.Causes.Count > 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    /// <exception cref="UsageException">The file cannot be read.</exception>
    internal static TextReader Open(string file)
    {
        if (file == "-" && !Console.IsInputRedirected)
            Console.Error.WriteLine($"Paste the error, then {(OperatingSystem.IsWindows() ? "Ctrl-Z and Enter" : "Ctrl-D")}:");
        try
        {
            return LogText.Open(file == "-" ? Console.OpenStandardInput() : File.OpenRead(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"FILE: {e.Message}");
        }
    }
}
