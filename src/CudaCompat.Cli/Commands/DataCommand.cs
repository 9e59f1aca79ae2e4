using System.CommandLine;
using CudaCompat.Cli.Output;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat data</c>: what the matrix holds, how old it is, the evidence of one fact, and newer data.</summary>
internal static class DataCommand
{
    public static Command Create()
    {
        var command = new Command("data", "Version, age, counts and sources of the matrix.");
        var output = new OutputOptions();
        output.AddTo(command);
        command.SetAction(parse =>
        {
            DataText.Write(Console.Out, output.Matrix(parse), output.Json(parse));
            return ExitCode.Done;
        });
        var where = new Command("where", "The evidence of one fact.");
        var key = new Argument<string>("KEY") { Description = "torch:2.8.0+cu128, toolkit:12.8.1, cudnn:9.10.2, driver:570.26, gpu:RTX 3090, arch:2.8.0+cu128/linux/x86_64, advisory:adv-008." };
        key.CompletionSources.Add(_ => Input.KnownValues.Keys().Select(value => new System.CommandLine.Completions.CompletionItem(value)));
        where.Arguments.Add(key);
        var whereOutput = new OutputOptions();
        whereOutput.AddTo(where);
        where.SetAction(parse => DataWhere.Write(Console.Out, whereOutput.Matrix(parse), parse.GetValue(key)!, whereOutput.Json(parse)));
        command.Subcommands.Add(where);
        command.Subcommands.Add(DataUpdateCommand.Check());
        command.Subcommands.Add(DataUpdateCommand.Update());
        return command;
    }
}
