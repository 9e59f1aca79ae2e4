using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>What a row of the driver tables states.</summary>
internal enum DriverTableKind
{
    /// <summary>The driver that belongs to a toolkit release.</summary>
    Corresponding,

    /// <summary>The driver branch that belongs to a toolkit X.Y.</summary>
    CorrespondingBranch,

    /// <summary>The lowest branch for minor-version compatibility of a major.</summary>
    MinorVersionBranch,

    /// <summary>The lowest driver for minor-version compatibility of a major.</summary>
    MinorVersionExact,
}

/// <summary>A row of the driver tables.</summary>
/// <param name="Line">Its line in the document.</param>
/// <param name="Label">The toolkit as printed: "12.8 Update 1", "12.x".</param>
/// <param name="Linux">The lowest Linux driver, null where none is printed.</param>
/// <param name="Windows">The lowest Windows driver, null where none is printed.</param>
internal sealed record DriverTableRow(int Line, DriverTableKind Kind, string Label, DriverVersion? Linux, DriverVersion? Windows);

/// <summary>
/// The driver section of the CUDA Toolkit release notes, as text with one table row a line, cells divided by bars.
/// Tables are found by their column titles; numbers and captions change with every edition.
/// </summary>
internal static partial class ReleaseNotesDrivers
{
    /// <summary>Reads the section.</summary>
    /// <exception cref="SourceFormatException">A table row is of no known form, or there is no table.</exception>
    public static IReadOnlyList<DriverTableRow> Parse(string name, string text)
    {
        var rows = new List<DriverTableRow>();
        var inTable = false;
        foreach (var (number, line) in TextLines.Of(text))
        {
            if (Exact().Match(line) is { Success: true } exact)
            {
                rows.Add(new DriverTableRow(number, DriverTableKind.MinorVersionExact, exact.Groups["major"].Value,
                    DriverVersion.Parse(exact.Groups["linux"].Value), DriverVersion.Parse(exact.Groups["windows"].Value)));
            }

            if (!line.Contains('|', StringComparison.Ordinal))
            {
                inTable = false;
                continue;
            }

            var cells = TextLines.Cells(line);
            if (cells[0] is "CUDA Toolkit" or "CTK Version")
                inTable = true;
            else if (inTable && cells[0].Length > 0)
                rows.Add(Row(name, number, cells));
        }

        return rows.Count > 0 ? rows : throw new SourceFormatException(name, "text", "no driver table was found.");
    }

    private static DriverTableRow Row(string name, int number, string[] cells)
    {
        var label = cells[0].StartsWith("CUDA ", StringComparison.Ordinal) ? cells[0]["CUDA ".Length..] : cells[0];
        if (cells.Length is not (2 or 3) || !Label().IsMatch(label))
            throw Bad(name, number, cells);
        if (label.EndsWith(".x", StringComparison.Ordinal))
            return new DriverTableRow(number, DriverTableKind.MinorVersionBranch, label, Driver(name, number, cells[1]), Driver(name, number, cells[1]));
        if (cells.Length == 2 && Branch().Match(cells[1]) is { Success: true } branch)
        {
            var driver = DriverVersion.Parse(branch.Groups[1].Value);
            return new DriverTableRow(number, DriverTableKind.CorrespondingBranch, label, driver, driver);
        }

        return new DriverTableRow(number, DriverTableKind.Corresponding, label, Driver(name, number, cells[1]), cells.Length == 3 ? Driver(name, number, cells[2]) : null);
    }

    private static DriverVersion? Driver(string name, int number, string cell)
    {
        if (cell.StartsWith("N/A", StringComparison.Ordinal))
            return Unbundled().Match(cell) is { Success: true } match ? DriverVersion.Parse(match.Groups[1].Value) : null;
        return DriverVersion.TryParse(cell.TrimStart('>', '=', ' '), out var driver) ? driver : throw Bad(name, number, [cell]);
    }

    private static SourceFormatException Bad(string name, int number, string[] cells) =>
        new(name, TextLines.Place(number), $"'{string.Join(" | ", cells)}' is no row of a driver table.");

    [GeneratedRegex(@"across the CUDA (?<major>\d+\.x) family requires driver version (?<linux>[\d.]+\d) or later on Linux, or (?<windows>[\d.]+\d) or later on Windows", RegexOptions.CultureInvariant)]
    private static partial Regex Exact();

    [GeneratedRegex(@"^\d+\.(?:x\z|\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    [GeneratedRegex(@"^R(\d+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Branch();

    [GeneratedRegex(@"unbundled; R\d+ >=([\d.]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Unbundled();
}
