using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>A GPU name in a list.</summary>
/// <param name="Segment">datacenter | workstation/consumer | jetson by the column it stands in.</param>
internal sealed record NamedGpu(string Name, ComputeCapability Capability, string Segment);

/// <summary>NVIDIA's list of GPUs with their compute capability.</summary>
internal static class GpuLists
{
    private static readonly string[] Segments = ["datacenter", "workstation/consumer", "jetson"];

    /// <summary>The page as text: "12.0 | data centre | workstation and consumer | Jetson", names divided by semicolons. A row may be cut ("...").</summary>
    /// <param name="isName">Whether a text is the name of a GPU: a name that was broken over two lines is put together where the whole is one and the second half is none.</param>
    public static IReadOnlyList<NamedGpu> ByCapability(string file, string text, Func<string, bool> isName)
    {
        var gpus = new List<NamedGpu>();
        foreach (var (number, line) in TextLines.Of(text))
        {
            var cells = TextLines.Cells(line);
            if (cells.Length < 4 || cells[0] == "Compute Capability")
                continue;
            if (!ComputeCapability.TryParse(cells[0], out var capability))
                throw new SourceFormatException(file, TextLines.Place(number), $"'{cells[0]}' is no compute capability.");
            for (var i = 0; i < Segments.Length; i++)
                gpus.AddRange(Names(cells[i + 1], isName).Select(n => new NamedGpu(n, capability, Segments[i])));
        }

        return gpus.Count > 0 ? gpus : throw new SourceFormatException(file, "text", "no GPU.");
    }

    private static List<string> Names(string cell, Func<string, bool> isName)
    {
        var names = new List<string>();
        foreach (var name in cell.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(n => n.EndsWith(" ...", StringComparison.Ordinal) ? n[..^4] : n))
        {
            if (names.Count > 0 && Endings.Any(e => name.Contains(e, StringComparison.Ordinal)) && !isName(name) && isName(names[^1] + " " + name))
                names[^1] += " " + name;
            else
                names.Add(name);
        }

        return names;
    }

    // What stands at the end of a name, never at its beginning.
    private static readonly string[] Endings = ["Edition", "Laptop GPU", "Generation", "Max-Q", "Mobile", "SUPER"];
}
