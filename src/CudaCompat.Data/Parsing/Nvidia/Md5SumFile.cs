using System.Text.RegularExpressions;
using CudaCompat.Data.Live;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>A line of md5sum.txt.</summary>
internal sealed record Md5Line(string Md5, string FileName);

/// <summary>NVIDIA's md5sum.txt: 32 hexadecimal digits, one space, a file name without path.</summary>
internal static partial class Md5SumFile
{
    /// <summary>Reads the file; a line of another form is left out.</summary>
    public static IReadOnlyList<Md5Line> Parse(SourceFile file, LiveWork work)
    {
        if (!file.Text.EndsWith('\n'))
            throw file.Error("end", "the last line has no line end: it is cut.");
        var rows = new List<Md5Line>();
        foreach (var (_, line) in TextLines.Of(file.Text).Where(l => l.Text.Length > 0))
        {
            if (Form().Match(line) is not { Success: true } match)
                work.LeaveUnreadable(line, "not 'md5 name'");
            else if (rows.Any(r => r.FileName == match.Groups["name"].Value && !r.Md5.Equals(match.Groups["md5"].Value, StringComparison.OrdinalIgnoreCase)))
                throw file.Error(match.Groups["name"].Value, "two checksums of one name.");
            else
                rows.Add(new Md5Line(match.Groups["md5"].Value.ToLowerInvariant(), match.Groups["name"].Value));
        }

        return rows;
    }

    [GeneratedRegex(@"^(?<md5>[0-9a-fA-F]{32}) (?<name>[^ /*]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
