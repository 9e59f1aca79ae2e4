using System.CommandLine;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Documents;
using CudaCompat.Verification;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat verify</c>: proves an installation.</summary>
internal static class VerifyCommand
{
    private static readonly string[] All = [.. VerificationOptions.AllChecks, .. VerificationOptions.SlowChecks];

    public static Command Create()
    {
        var command = new Command("verify", "Proves an installation by using it: nvcc, the cuDNN header, torch, torchvision, torchaudio, and a kernel on each GPU. Without PLAN it looks at what is there.");
        var file = new Argument<string?>("PLAN") { Description = "The plan that should be true; - for standard input.", Arity = ArgumentArity.ZeroOrOne };
        var toolkit = new Option<string?>("--toolkit") { Description = "The toolkit's folder.", HelpName = "DIR" };
        var python = new Option<string?>("--python-path") { Description = "A Python program or the folder of an environment.", HelpName = "PATH" };
        var checks = new Option<string?>("--checks") { Description = $"Any of {string.Join(",", All)} (default: {string.Join(",", VerificationOptions.AllChecks)}).", HelpName = "LIST" };
        var output = new OutputOptions();
        command.Arguments.Add(file);
        command.Options.Add(toolkit);
        command.Options.Add(python);
        command.Options.Add(checks);
        output.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var asked = parse.GetValue(checks)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? VerificationOptions.AllChecks;
            if (asked.FirstOrDefault(c => !All.Contains(c)) is { } unknown)
                throw new UsageException($"--checks: '{TextInput.Short(unknown)}' is not one of {string.Join(", ", All)}.");
            if (parse.GetValue(python) is { } place && place.IndexOfAny(['/', '\\']) >= 0 && !Path.Exists(place))
                throw new UsageException($"--python-path: there is no '{TextInput.Short(place)}'.");
            var options = new VerificationOptions { Checks = [.. asked], Toolkit = parse.GetValue(toolkit), Python = parse.GetValue(python) };
            var report = parse.GetValue(file) is { } name
                ? await Verifier.VerifyAsync(DocumentReader.Plan(TextInput.Read("PLAN", name)), options, cancel).ConfigureAwait(false)
                : await Verifier.VerifyAsync(options, cancel).ConfigureAwait(false);
            if (output.Json(parse))
                Console.Out.WriteLine(System.Text.Encoding.UTF8.GetString(report.ToJson()));
            else
                ExecutionText.Write(Console.Out, report, new Paint(output.Color(parse)));
            // What is asked for by name has to be ok; else everything that is there.
            var isMet = parse.GetValue(checks) is null || parse.GetValue(file) is not null || asked.All(report.Proves.Contains);
            return report.Succeeded && isMet ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
