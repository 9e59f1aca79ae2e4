using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>A capability of NVIDIA's toolkit, driver and architecture matrix.</summary>
/// <param name="Complete">False where the copy is cut inside the row.</param>
internal sealed record ArchitectureMatrixRow(int Line, string Architecture, ComputeCapability Capability, bool Complete);

/// <summary>
/// NVIDIA's matrix: architecture, capabilities, first and last toolkit, last driver. Several capabilities stand in one cell
/// ("10.0 12.0") and their toolkits pairwise in the next ones.
/// </summary>
internal static class ArchitectureMatrix
{
    private const int Columns = 5;

    /// <summary>Reads the table.</summary>
    public static IReadOnlyList<ArchitectureMatrixRow> Parse(string name, string text)
    {
        var rows = new List<ArchitectureMatrixRow>();
        var inTable = false;
        foreach (var (number, line) in TextLines.Of(text))
        {
            var cells = TextLines.Cells(line);
            if (!line.Contains('|', StringComparison.Ordinal))
            {
                inTable = false;
                continue;
            }

            if (cells[0] == "Architecture")
                inTable = true;
            else if (inTable)
            {
                foreach (var capability in cells[1].Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
                {
                    if (!ComputeCapability.TryParse(capability, out var parsed))
                        throw new SourceFormatException(name, TextLines.Place(number), $"'{capability}' is no compute capability.");
                    rows.Add(new ArchitectureMatrixRow(number, cells[0], parsed, cells.Length == Columns));
                }
            }
        }

        return rows.Count > 0 ? rows : throw new SourceFormatException(name, "text", "no table.");
    }
}
