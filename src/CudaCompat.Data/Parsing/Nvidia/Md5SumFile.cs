using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>A line of md5sum.txt.</summary>
internal sealed record Md5Line(int Line, string Md5, string FileName);

/// <summary>NVIDIA's md5sum.txt: 32 hexadecimal digits, one space, a file name without path.</summary>
internal static partial class Md5SumFile
{
    /// <summary>Reads the file; a line of another form is an error.</summary>
    public static IReadOnlyList<Md5Line> Parse(string name, string text)
    {
        var rows = new List<Md5Line>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (number, line) in TextLines.Of(text))
        {
            if (line.Length == 0)
                continue;
            var match = Form().Match(line);
            if (!match.Success)
                throw new SourceFormatException(name, TextLines.Place(number), $"'{line}' is not 'md5 name'.");
            if (!seen.Add(match.Groups["name"].Value))
                throw new SourceFormatException(name, TextLines.Place(number), $"duplicate key '{match.Groups["name"].Value}'.");
            rows.Add(new Md5Line(number, match.Groups["md5"].Value, match.Groups["name"].Value));
        }

        return rows.Count > 0 ? rows : throw new SourceFormatException(name, "text", "no line.");
    }

    [GeneratedRegex(@"^(?<md5>[0-9a-f]{32}) (?<name>[^ /*]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
