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
        var file = await work.GetAsync(work.Source.Url("list"), nameof(PreviousVersionsParser), "page", cancellation);
        foreach (var command in PreviousVersionsParser.Parse(HtmlOutline.ToMarkdown(file.Text), file.Path))
        {
            var record = file.Record($"line {command.Line}", $"{command.Torch} {command.Comment}", command);
            record.Use();
            CheckHeadings(record, command);
            var (row, text) = StatedCommands.Row(command, file.Id);
            if (work.Fresh.InstallCommands.Same(row) is null)
                work.Fresh.InstallCommands.Add(row);
            // ROCm commands are not looked at: 1.10.1 names another torchvision there.
            if (text is { Packaging: Packaging.Pip } && row.Tag is not null && text.Packages.GetValueOrDefault(PyTorchWork.Torch)?.Release == command.Torch.Release)
                AddCompanions(work, command, text, file);
        }
    }

    // What stands under another release's heading names another release; the page itself slips within a minor (1.9.0 under v1.9.1).
    private static void CheckHeadings(SourceRecord record, PageCommand command)
    {
        if (command.Packaging is not ("Wheel" or "Conda") || command.Os.Length == 0)
            throw record.Error($"the command stands under '{command.Packaging}', '{command.Os}': the page changed shape.");
        var text = InstallCommandText.Parse(command.Command);
        if (command.Os == "OSX" && text?.Tag is { IsCpu: false })
            throw record.Error($"'{command.Command}' stands under OSX.");
        if (text is not null && command.Packaging == "Conda" != (text.Packaging == Packaging.Conda))
            throw record.Error($"'{command.Command}' stands under {command.Packaging}.");
        if (text?.Packages.GetValueOrDefault(PyTorchWork.Torch) is { } torch && PyTorchWork.MinorOf(torch) != PyTorchWork.MinorOf(command.Torch))
            throw record.Error($"the command under v{command.Torch} installs torch {torch}.");
    }

    private static void AddCompanions(LiveWork work, PageCommand command, InstallCommandText text, SourceFile file)
    {
        foreach (var package in new[] { PyTorchWork.Vision, PyTorchWork.Audio })
        {
            if (text.Packages.GetValueOrDefault(package) is not { } pinned || work.Known.Companions.Rows.Any(c => c.Torch == command.Torch && c.Package == package))
                continue;
            var row = new CompanionRow(command.Torch, package, pinned.WithoutLabel, null, !work.Fresh.Companions.Rows.Any(c => c.Torch == command.Torch && c.Package == package), "command", [file.Id]);
            if (work.Fresh.Companions.Same(row) is null)
                work.Fresh.Companions.Add(row);
        }
    }
}
