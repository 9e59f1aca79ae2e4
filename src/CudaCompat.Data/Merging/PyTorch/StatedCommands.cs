using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>The commands that pytorch.org prints: the page of previous versions and the selector's data. Gives install-commands.json.</summary>
internal static class StatedCommands
{
    private const string PagePath = "pytorch/pytorch-org/previous-versions.pytorch-kr.md";
    private const string SelectorPath = "pytorch/pytorch-org/published_versions.json";
    private const string CudaHeading = "CUDA ";

    public static void Read(PyTorchWork work)
    {
        ReadPage(work);
        ReadSelector(work);
    }

    private static void ReadPage(PyTorchWork work)
    {
        var page = work.Sources.Open(PagePath, nameof(PreviousVersionsParser), "page");
        var commands = PreviousVersionsParser.Parse(page.Text, page.Path);
        var seen = new HashSet<(string, string, string, string, string)>();
        foreach (var command in commands)
        {
            var record = page.Record($"line {command.Line}", $"{command.Torch} {command.Comment}", command);
            record.Use();
            seen.Add((command.Torch.ToString(), command.Packaging, command.Os, command.Comment, command.Command));
            var (row, text) = Row(command, page.Id);
            if (work.Facts.InstallCommands.Same(row) is null)
                work.Facts.InstallCommands.Add(row);
            if (text is not null && command.Os == "Linux and Windows")
                work.Commands.Add(new StatedCommand(command.Torch, row.Packaging, [OperatingSystemFamily.Linux, OperatingSystemFamily.Windows], row.Tag, text, PerOs: false, page.Id));
        }

        // The harvest was made from the same page: it proves that the parser misses nothing.
        foreach (var row in work.Sources.Table("pytorch/tables/install_commands.tsv", "", "torch", "packaging", "os", "comment", "command"))
        {
            if (seen.Contains((row["torch"], row["packaging"], row["os"], row["comment"], row["command"])))
                row.Use();
            else
                row.Reject("not on the page that it was taken from");
        }
    }

    /// <summary>The row of a command of the page, and what the command says; null where it installs nothing.</summary>
    public static (InstallCommandRow Row, InstallCommandText? Text) Row(PageCommand command, string source)
    {
        var text = InstallCommandText.Parse(command.Command);
        var packaging = command.Packaging == "Conda" ? Packaging.Conda : Packaging.Pip;
        var note = text is null || !text.Packages.ContainsKey(PyTorchWork.Torch) ? "does not install torch" : null;
        return (new InstallCommandRow(command.Torch, packaging, command.Os, command.Comment, text?.Tag ?? TagOfHeading(command.Comment), command.Command, [source], note), text);
    }

    private static CudaTag? TagOfHeading(string heading) =>
        heading.StartsWith(CudaHeading, StringComparison.Ordinal) && CudaVersion.TryParse(heading[CudaHeading.Length..].Split(' ')[0], out var cuda) ? CudaTag.Of(cuda)
            : heading.StartsWith("CPU ", StringComparison.OrdinalIgnoreCase) ? CudaTag.Cpu
            : null;

    private static void ReadSelector(PyTorchWork work)
    {
        var file = work.Sources.Open(SelectorPath, nameof(PublishedVersionsParser), "page");
        foreach (var choice in PublishedVersionsParser.Parse(file.Text, file.Path))
        {
            var record = file.Record(choice.Key, choice.Command ?? choice.Note ?? "", choice);
            if (Refusal(choice) is { } reason)
            {
                record.Reject(reason);
                continue;
            }

            var os = choice.Os == "windows" ? OperatingSystemFamily.Windows : OperatingSystemFamily.Linux;
            var packaging = choice.Packaging == "conda" ? Packaging.Conda : Packaging.Pip;
            if (choice.Command is null)
            {
                record.Use();
                // "CUDA-10.2 PyTorch builds are no longer available for Windows": the slot's name carries the version only here.
                CudaTag? denied = choice.Slot.StartsWith("cuda", StringComparison.Ordinal) && CudaVersion.TryParse(choice.Slot[4..], out var cuda) ? CudaTag.Of(cuda) : null;
                work.Commands.Add(new StatedCommand(choice.Torch!.Value, packaging, [os], denied, null, PerOs: true, file.Id));
                continue;
            }

            var text = InstallCommandText.Parse(choice.Command);
            if (text is null)
            {
                record.Reject("no pip or conda command");
                continue;
            }

            record.Use();
            var tag = text.Tag ?? work.DefaultBuild(choice.Torch!.Value, os, CpuArchitecture.X64, packageIndex: true)?.Tag;
            work.Commands.Add(new StatedCommand(choice.Torch!.Value, packaging, [os], tag, text, PerOs: true, file.Id));
        }
    }

    private static string? Refusal(SelectorChoice choice) =>
        choice.Torch is null ? "nightly builds are not covered"
        : choice.Os == "macos" ? "macOS: no CUDA"
        : choice.Packaging == "libtorch" ? "libtorch is not covered"
        : choice.Slot.StartsWith("rocm", StringComparison.Ordinal) ? "ROCm is not covered"
        : null;
}
