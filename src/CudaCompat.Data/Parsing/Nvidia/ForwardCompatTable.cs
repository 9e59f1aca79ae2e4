using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>One cell of the forward-compatibility table.</summary>
internal sealed record ForwardCompatCell(int Line, CudaVersion Cuda, int Branch, CudaVersion BranchCuda, string Status);

/// <summary>NVIDIA's table of packages (cuda-compat-13-4) against driver branches ("535+ (CUDA 12.2)"); cells are C, X or N/A.</summary>
internal static partial class ForwardCompatTable
{
    /// <summary>Reads the table.</summary>
    public static IReadOnlyList<ForwardCompatCell> Parse(string name, string text)
    {
        var cells = new List<ForwardCompatCell>();
        List<(int Branch, CudaVersion Cuda)>? branches = null;
        foreach (var (number, line) in TextLines.Of(text))
        {
            var columns = TextLines.Cells(line);
            if (columns.Length < 2)
                continue;
            if (branches is null)
            {
                branches = [.. columns.Skip(1).Select(c => Branch(name, number, c))];
                continue;
            }

            if (Package(columns[0]) is not { } cuda || columns.Length != branches.Count + 1)
                throw new SourceFormatException(name, TextLines.Place(number), $"'{line}' is no row of the table.");
            for (var i = 0; i < branches.Count; i++)
                cells.Add(new ForwardCompatCell(number, cuda, branches[i].Branch, branches[i].Cuda, Status(name, number, columns[i + 1])));
        }

        return cells.Count > 0 ? cells : throw new SourceFormatException(name, "text", "no table.");
    }

    /// <summary>13.4 of cuda-compat-13-4, null for another name.</summary>
    public static CudaVersion? Package(string name) => PackageName().Match(name) is { Success: true } m ? CudaVersion.Parse($"{m.Groups[1].Value}.{m.Groups[2].Value}") : null;

    private static (int, CudaVersion) Branch(string name, int line, string title) => BranchTitle().Match(title) is { Success: true } match
        ? (int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture), CudaVersion.Parse(match.Groups[2].Value))
        : throw new SourceFormatException(name, TextLines.Place(line), $"'{title}' is no branch.");

    private static string Status(string name, int line, string cell) => cell switch
    {
        "C" => "compatible",
        "X" => "not-compatible",
        "N/A" => "not-applicable",
        _ => throw new SourceFormatException(name, TextLines.Place(line), $"'{cell}' is neither C, X nor N/A."),
    };

    [GeneratedRegex(@"^cuda-compat-(\d+)-(\d+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex PackageName();

    [GeneratedRegex(@"^(\d+)\+ \(CUDA (\d+\.\d+)\)\z", RegexOptions.CultureInvariant)]
    private static partial Regex BranchTitle();
}
