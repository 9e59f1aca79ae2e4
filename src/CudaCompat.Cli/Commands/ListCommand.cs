using System.CommandLine;
using System.Text.Json;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat list</c>: the builds of torch for a machine, and the first rule that stops each.</summary>
internal static class ListCommand
{
    private const int ShownReleases = 12;

    public static Command Create()
    {
        var command = new Command("list", "The builds of torch, newest first: which run on a machine, and why the others do not.");
        var machine = new MachineOptions();
        var output = new OutputOptions();
        var torch = new Option<string?>("--torch") { Description = "Only these versions: exact 2.3.1, prefix 2.3, or a range.", HelpName = "SPEC" };
        var cuda = new Option<string?>("--cuda") { Description = "Only builds of this CUDA: 12.8, cu128, 12 or cpu.", HelpName = "X.Y|TAG" };
        var packaging = new Option<string?>("--packaging") { Description = "pip (default), conda or conda-forge.", HelpName = "NAME" };
        var all = new Option<bool>("--all") { Description = "Every release, not the newest dozen." };
        var format = new Option<string?>("--format") { Description = "text (default), json or markdown.", HelpName = "NAME" };
        packaging.CompletionSources.Add([.. PackagingNames.Instance.Names]);
        format.CompletionSources.Add("text", "json", "markdown");
        machine.AddTo(command);
        foreach (var option in (Option[])[torch, cuda, packaging, all, format])
            command.Options.Add(option);
        output.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var matrix = output.Matrix(parse);
            var name = output.Json(parse) ? "json" : parse.GetValue(format) ?? "text";
            if (name is not ("text" or "json" or "markdown"))
                throw new UsageException($"--format: '{TextInput.Short(name)}' is not one of text, json, markdown.");
            var spec = parse.Spec(torch, FieldSpelling.Torch);
            var tag = parse.Version<CudaTag>(cuda, FieldSpelling.CudaTag);
            var from = parse.Named(packaging, FieldSpelling.Packaging, PackagingNames.Instance) ?? Packaging.Pip;
            if (await MachineSource.ReadAsync(machine, parse, cancel).ConfigureAwait(false) is not { } found)
                return ExitCode.Failed;
            found = GivenValues.Settle(matrix, found);
            var every = parse.GetValue(all) || spec is not null;
            var list = TorchList.Of(matrix, found, from, spec, tag, every ? int.MaxValue : ShownReleases);
            if (name == "json")
                Console.Out.WriteLine(JsonSerializer.Serialize(list.Document, ListJson.Default.ListDocument));
            else
                ListText.Write(Console.Out, list, found, matrix, new Paint(output.Color(parse)), markdown: name == "markdown");
            return ExitCode.Done;
        });
        return command;
    }
}
