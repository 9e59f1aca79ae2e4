using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.PyTorch;

/// <summary>One row of the release compatibility matrix.</summary>
/// <param name="Minor">2.14.</param>
/// <param name="Python">As printed.</param>
/// <param name="Cudnn">CUDA X.Y → the cuDNN that its builds bring; null where the row names none.</param>
internal sealed record ReleaseMatrixRow(DottedVersion Minor, string Python, IReadOnlyDictionary<CudaVersion, DottedVersion?> Cudnn, int Line);

/// <summary>The matrix of RELEASE.md: pipe tables in Markdown whose set of columns has grown over the years.</summary>
internal static partial class ReleaseMatrixParser
{
    /// <summary>Reads the table that begins with "PyTorch version".</summary>
    public static IReadOnlyList<ReleaseMatrixRow> Parse(string markdown, string file)
    {
        var rows = new List<ReleaseMatrixRow>();
        string[]? header = null;
        var lines = markdown.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (!line.StartsWith('|'))
            {
                if (rows.Count > 0)
                    break;
                header = null;
                continue;
            }

            var cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
            if (cells[0] == "PyTorch version")
                header = cells;
            if (header is null || cells[0] == header[0] || cells[0].StartsWith('-'))
                continue;
            if (cells.Length != header.Length || !DottedVersion.TryParse(cells[0], out var minor))
                throw new SourceFormatException(file, $"line {i + 1}", "not a row of the release matrix.");
            rows.Add(new ReleaseMatrixRow(minor, Cell("Python"), Cudnn(Cell("Stable CUDA") + ", " + Cell("Experimental CUDA")), i + 1));

            string Cell(string column) => cells[Array.IndexOf(header, column) is >= 0 and var at ? at : throw new SourceFormatException(file, "header", $"no column '{column}'.")];
        }

        return rows.Count > 0 ? rows : throw new SourceFormatException(file, "table", "no release matrix: the page changed shape.");
    }

    // Three ways of writing: "CUDA 12.6 (CUDNN 9.10.2.21)", "CUDA 11.3, CUDNN 8.3.2.44", and one cuDNN behind several: "CUDA 11.8, CUDA 12.1, CUDNN 9.1.0.70".
    private static Dictionary<CudaVersion, DottedVersion?> Cudnn(string cell)
    {
        var found = new Dictionary<CudaVersion, DottedVersion?>();
        var waiting = new List<CudaVersion>();
        foreach (Match word in Word().Matches(cell))
        {
            if (word.Groups["cuda"] is { Success: true } cuda)
            {
                var version = CudaVersion.Parse(cuda.Value);
                found.TryAdd(version, null);
                waiting.Add(version);
                continue;
            }

            foreach (var version in waiting)
                found[version] = DottedVersion.Parse(word.Groups["cudnn"].Value);
            waiting.Clear();
        }

        return found;
    }

    [GeneratedRegex(@"CUDA (?<cuda>\d+\.\d+)|CUDNN (?<cudnn>[\d.]+\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
