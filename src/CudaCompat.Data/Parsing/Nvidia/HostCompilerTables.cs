using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>The compilers that an installation guide states for its toolkit.</summary>
internal sealed record GuideCompiler(OperatingSystemFamily Os, string Compiler, DottedVersion Min, DottedVersion? Max, DottedVersion? Below);

/// <summary>
/// The compiler tables of NVIDIA's installation guides. Linux: "x86_64 | 6.x - 16.x | 7.x - 22.x". Windows: one row a "MSVC Version 193x". The toolkit
/// of the edition stands in the address of its checksums.
/// </summary>
internal static partial class HostCompilerTables
{
    private const string Processor = "x86_64";

    /// <summary>The X.Y of the edition: every address of checksums on the page names it.</summary>
    public static CudaVersion Edition(string name, string html)
    {
        var named = Sums().Matches(html).Select(m => CudaVersion.Parse(m.Groups["version"].Value).MajorMinor).Distinct().ToList();
        return named.Count == 1 ? named[0] : throw new SourceFormatException(name, "md5sum.txt", $"the edition cannot be told: {named.Count} releases are named.");
    }

    /// <summary>Reads the tables of either guide.</summary>
    public static IReadOnlyList<GuideCompiler> Parse(string name, IReadOnlyList<IReadOnlyList<string[]>> tables)
    {
        var policy = tables.Where(t => t.Count > 1 && t[0].Length > 2 && t[0][0] == "Distribution" && t[0].Contains("GCC") && t[0].Contains("Clang")).ToList();
        var windows = tables.Where(t => t.Count > 1 && t[0].Length > 2 && t[0][0].TrimEnd('*') == "Compiler" && t[0][2].StartsWith("Native", StringComparison.Ordinal)).ToList();
        return (policy.Count, windows.Count) switch
        {
            (1, 0) => Linux(name, policy[0]),
            (0, 1) => Windows(name, windows[0]),
            _ => throw new SourceFormatException(name, "tables", "no table of host compilers, or more than one: the page changed shape."),
        };
    }

    private static List<GuideCompiler> Linux(string name, IReadOnlyList<string[]> table)
    {
        var rows = table.Skip(1).Where(r => r[0] == Processor).ToList();
        if (rows.Count != 1 || rows[0].Length != table[0].Length)
            throw new SourceFormatException(name, "host compilers", $"not one row of {Processor}.");
        return [.. new[] { ("GCC", "gcc"), ("Clang", "clang") }.Select(c => Range(name, c.Item2, rows[0][Array.IndexOf(table[0], c.Item1)]))];
    }

    private static GuideCompiler Range(string name, string compiler, string cell) => Majors().Match(cell) is { Success: true } match
        ? new GuideCompiler(OperatingSystemFamily.Linux, compiler, DottedVersion.Parse(match.Groups["min"].Value), DottedVersion.Parse(match.Groups["max"].Value), null)
        : throw new SourceFormatException(name, compiler, $"'{cell}' is no range of major versions.");

    // "MSVC Version 193x" is every compiler 19.30 to 19.39; older rows may name one version.
    private static List<GuideCompiler> Windows(string name, IReadOnlyList<string[]> table)
    {
        var decades = new List<int>();
        foreach (var row in table.Skip(1))
        {
            if (!Decade().IsMatch(row[0]) || row.Length != table[0].Length || !row[1].StartsWith("Visual Studio ", StringComparison.Ordinal) || row[2] is not ("YES" or "NO"))
                throw new SourceFormatException(name, "host compilers", $"'{string.Join(" | ", row)}' is no row of the table.");
            if (row[2] == "YES")
                decades.Add(int.Parse(Decade().Match(row[0]).Groups["decade"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
        }

        return decades.Count == 0 ? throw new SourceFormatException(name, "host compilers", "no compiler is supported.")
            : [new GuideCompiler(OperatingSystemFamily.Windows, "msvc", Minor(decades.Min()), null, Minor(decades.Max() + 1))];
    }

    private static DottedVersion Minor(int decade) => DottedVersion.Parse(string.Create(CultureInfo.InvariantCulture, $"{decade / 10}.{decade % 10}0"));

    [GeneratedRegex(@"/compute/cuda/(?<version>\d+\.\d+\.\d+)/docs/sidebar/md5sum\.txt", RegexOptions.CultureInvariant)]
    private static partial Regex Sums();

    [GeneratedRegex(@"^(?<min>\d+)\.x - (?<max>\d+)\.x\z", RegexOptions.CultureInvariant)]
    private static partial Regex Majors();

    [GeneratedRegex(@"^MSVC Version (?<decade>19\d)x\z", RegexOptions.CultureInvariant)]
    private static partial Regex Decade();
}
