using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live.PyTorch;

/// <summary>The page of previous versions: its commands, and for a torch of which nothing else is known the companions that they name.</summary>
internal sealed class PreviousVersionsReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "previous-versions";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.GetAsync(work.Source.Url("list"), cancellation);
        foreach (var command in PreviousVersionsParser.Parse(HtmlOutline.ToMarkdown(file.Text), file.Path))
        {
            CheckHeadings(file, command);
            var (row, text) = StatedCommands.Row(command, work.Source.Id);
            if (work.Fresh.InstallCommands.Same(row) is null)
                work.Fresh.InstallCommands.Add(row);
            // ROCm commands are not looked at: 1.10.1 names another torchvision there.
            if (text is { Packaging: Packaging.Pip } && row.Tag is not null && text.Packages.GetValueOrDefault(TorchNames.Torch)?.Release == command.Torch.Release)
                AddCompanions(work, command, text);
        }
    }

    // What stands under another release's heading names another release; the page itself slips within a minor (1.9.0 under v1.9.1).
    private static void CheckHeadings(SourceFile file, PageCommand command)
    {
        if (command.Packaging is not ("Wheel" or "Conda") || command.Os.Length == 0)
            throw file.Error($"line {command.Line}", $"the command stands under '{command.Packaging}', '{command.Os}': the page changed shape.");
        var text = InstallCommandText.Parse(command.Command);
        if (command.Os == "OSX" && text?.Tag is { IsCpu: false })
            throw file.Error($"line {command.Line}", $"'{command.Command}' stands under OSX.");
        if (text is not null && command.Packaging == "Conda" != (text.Packaging == Packaging.Conda))
            throw file.Error($"line {command.Line}", $"'{command.Command}' stands under {command.Packaging}.");
        if (text?.Packages.GetValueOrDefault(TorchNames.Torch) is { } torch && TorchNames.MinorOf(torch) != TorchNames.MinorOf(command.Torch))
            throw file.Error($"line {command.Line}", $"the command under v{command.Torch} installs torch {torch}.");
    }

    private static void AddCompanions(LiveWork work, PageCommand command, InstallCommandText text)
    {
        foreach (var package in TorchNames.Companions)
        {
            if (text.Packages.GetValueOrDefault(package) is not { } pinned || work.Known.Companions.Rows.Any(c => c.Torch == command.Torch && c.Package == package && c.How != StatedCompanions.How && !c.Sources.SequenceEqual([work.Source.Id])))
                continue;
            var row = new CompanionRow(command.Torch, package, pinned.WithoutLabel, null, !work.Fresh.Companions.Rows.Any(c => c.Torch == command.Torch && c.Package == package), "command", [work.Source.Id]);
            if (work.Fresh.Companions.Same(row) is null)
                work.Fresh.Companions.Add(row);
        }
    }
}
