using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>A GPU name in a list.</summary>
/// <param name="Segment">datacenter | workstation/consumer | jetson by the column it stands in, null where the list has none.</param>
internal sealed record NamedGpu(int Line, string Name, ComputeCapability Capability, string? Segment);

/// <summary>The lists that name GPUs with their compute capability: NVIDIA's page in its two shapes, and the table in ollama's documentation.</summary>
internal static partial class GpuLists
{
    private static readonly string[] Segments = ["datacenter", "workstation/consumer", "jetson"];

    /// <summary>NVIDIA's page since 2025 as text: "12.0 | data centre | workstation and consumer | Jetson", names divided by semicolons. A row may be cut ("...").</summary>
    public static IReadOnlyList<NamedGpu> ByCapability(string name, string text)
    {
        var gpus = new List<NamedGpu>();
        foreach (var (number, line) in TextLines.Of(text))
        {
            var cells = TextLines.Cells(line);
            if (cells.Length < 4 || cells[0] == "Compute Capability")
                continue;
            var capability = Capability(name, number, cells[0]);
            for (var i = 0; i < Segments.Length; i++)
            {
                foreach (var gpu in cells[i + 1].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    gpus.Add(new NamedGpu(number, gpu.EndsWith(" ...", StringComparison.Ordinal) ? gpu[..^4] : gpu, capability, Segments[i]));
            }
        }

        return NotEmpty(name, gpus);
    }

    /// <summary>The page of 2022 and before as text: "name | capability"; the capability may lack its zero ("7").</summary>
    public static IReadOnlyList<NamedGpu> ByName(string name, string text)
    {
        var gpus = new List<NamedGpu>();
        foreach (var (number, line) in TextLines.Of(text))
        {
            var cells = TextLines.Cells(line);
            if (cells.Length == 2)
                gpus.Add(new NamedGpu(number, cells[0], Capability(name, number, cells[1].Contains('.', StringComparison.Ordinal) ? cells[1] : cells[1] + ".0"), null));
        }

        return NotEmpty(name, gpus);
    }

    /// <summary>The Markdown table "| capability | family | `card` `card` |"; an empty capability repeats the one above.</summary>
    public static IReadOnlyList<NamedGpu> Cards(string name, string text)
    {
        var gpus = new List<NamedGpu>();
        ComputeCapability? current = null;
        var inTable = false;
        foreach (var (number, line) in TextLines.Of(text))
        {
            var cells = TextLines.Cells(line);
            if (cells.Length != 5)
            {
                if (inTable)
                    break;
                continue;
            }

            if (cells[1] == "Compute Capability")
                inTable = true;
            else if (inTable && !cells[1].StartsWith('-'))
            {
                if (cells[1].Length > 0)
                    current = Capability(name, number, cells[1]);
                var capability = current ?? throw new SourceFormatException(name, TextLines.Place(number), "no compute capability.");
                gpus.AddRange(Code().Matches(cells[3]).Select(m => new NamedGpu(number, m.Groups[1].Value, capability, null)));
            }
        }

        return NotEmpty(name, gpus);
    }

    /// <summary>The list of the open kernel modules: "| name | PCI id[ subsystem vendor, subsystem] |".</summary>
    public static IReadOnlyList<(int Line, string Name, string DeviceId)> OpenModules(string name, string text)
    {
        var gpus = new List<(int, string, string)>();
        foreach (var (number, line) in TextLines.Of(text))
        {
            var cells = TextLines.Cells(line);
            if (cells.Length == 4 && cells[1] != "Product Name" && !cells[1].StartsWith('-'))
                gpus.Add((number, cells[1], PciId().Match(cells[2]) is { Success: true } id ? id.Groups[1].Value.ToLowerInvariant() : throw new SourceFormatException(name, TextLines.Place(number), $"'{cells[2]}' is no PCI id.")));
        }

        return gpus.Count > 0 ? gpus : throw new SourceFormatException(name, "text", "no GPU.");
    }

    private static ComputeCapability Capability(string name, int line, string cell) => ComputeCapability.TryParse(cell, out var capability)
        ? capability
        : throw new SourceFormatException(name, TextLines.Place(line), $"'{cell}' is no compute capability.");

    private static List<NamedGpu> NotEmpty(string name, List<NamedGpu> gpus) => gpus.Count > 0 ? gpus : throw new SourceFormatException(name, "text", "no GPU.");

    [GeneratedRegex("`([^`]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    [GeneratedRegex("^([0-9A-Fa-f]{4})(?: [0-9A-Fa-f]{4} [0-9A-Fa-f]{4})?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex PciId();
}
