using System.CommandLine;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Diagnosis;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat audit</c>: what of an environment or a list of packages is known to be bad on a machine.</summary>
internal static class AuditCommand
{
    private static readonly string[] Formats = ["text", "json", "sarif"];

    public static Command Create()
    {
        var command = new Command("audit", "Known-bad releases in an environment, requirements.txt, pylock.toml or environment.yml; exit 1 where there are any.");
        var what = new Argument<string>("ENV|FILE") { Description = "An environment's folder, or a list of packages.", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("VIRTUAL_ENV") ?? Environment.GetEnvironmentVariable("CONDA_PREFIX") ?? "requirements.txt" };
        var machine = new MachineOptions();
        var format = new Option<string>("--format") { Description = "text, json or sarif (for code scanning).", HelpName = "NAME", DefaultValueFactory = _ => "text" };
        format.CompletionSources.Add(Formats);
        var output = new OutputOptions();
        command.Arguments.Add(what);
        machine.AddTo(command);
        command.Options.Add(format);
        output.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var form = output.Json(parse) ? "json" : parse.GetValue(format)!;
            if (!Formats.Contains(form))
                throw new UsageException($"--format: '{TextInput.Short(form)}' is not one of {string.Join(", ", Formats)}.");
            var path = parse.GetValue(what)!;
            var packages = Packages(path);
            if (await MachineSource.ReadAsync(machine, parse, cancel).ConfigureAwait(false) is not { } found)
                return ExitCode.Failed;
            var report = Audit.Of(packages, found, output.Matrix(parse));
            switch (form)
            {
                case "json":
                    AuditText.WriteJson(Console.Out, report, path);
                    break;
                case "sarif":
                    AuditText.WriteSarif(Console.Out, report, path);
                    break;
                default:
                    AuditText.Write(Console.Out, report, new Paint(output.Color(parse)));
                    break;
            }

            return report.IsClean ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static IReadOnlyList<ListedPackage> Packages(string path)
    {
        try
        {
            return PackageList.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"ENV|FILE: {e.Message}");
        }
    }
}
