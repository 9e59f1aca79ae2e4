using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>The commands that the page of previous versions prints.</summary>
internal static class StatedCommands
{
    private const string CudaHeading = "CUDA ";

    /// <summary>The row of a command of the page, and what the command says; null where it installs nothing.</summary>
    public static (InstallCommandRow Row, InstallCommandText? Text) Row(PageCommand command, string source)
    {
        var text = InstallCommandText.Parse(command.Command);
        var packaging = command.Packaging == "Conda" ? Packaging.Conda : Packaging.Pip;
        var note = text is null || !text.Packages.ContainsKey(TorchNames.Torch) ? "does not install torch" : null;
        return (new InstallCommandRow(command.Torch, packaging, command.Os, command.Comment, text?.Tag ?? TagOfHeading(command.Comment), command.Command, [source], note), text);
    }

    private static CudaTag? TagOfHeading(string heading) =>
        heading.StartsWith(CudaHeading, StringComparison.Ordinal) && CudaVersion.TryParse(heading[CudaHeading.Length..].Split(' ')[0], out var cuda) ? CudaTag.Of(cuda)
            : heading.StartsWith("CPU ", StringComparison.OrdinalIgnoreCase) ? CudaTag.Cpu
            : null;
}
