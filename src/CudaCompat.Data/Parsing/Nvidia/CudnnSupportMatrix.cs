using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>A row of a cuDNN support matrix.</summary>
/// <param name="Line">Its line.</param>
/// <param name="From">The release, or the first of a span.</param>
/// <param name="To">The last of a span ("8.2.0 - 8.2.1"), else the release.</param>
/// <param name="Major">11 of "for CUDA 11.x"; null where the package is not named so.</param>
/// <param name="Cuda">X.Y of the row; empty where it says "older".</param>
/// <param name="OlderOf">11 of "(older 11.x)": every 11.y that the package's other rows do not list.</param>
/// <param name="Unsupported">True for "9.1.85 (Not Supported)".</param>
/// <param name="Capabilities">Listed capabilities; "7.x" stands as the major 7 in <paramref name="CapabilityMajors"/>.</param>
internal sealed record CudnnSupportEntry(int Line, string Package, DottedVersion From, DottedVersion To, int? Major, IReadOnlyList<CudaVersion> Cuda, int? OlderOf, bool Unsupported, bool? StaticLinking, DriverVersion? Linux, DriverVersion? Windows, IReadOnlyList<ComputeCapability> Capabilities, IReadOnlyList<int> CapabilityMajors, ComputeCapability? CapabilitiesFrom);

/// <summary>
/// NVIDIA's cuDNN support matrices as text: package | CUDA | static linking | Linux driver | Windows driver | compute capabilities. Footnote
/// marks in brackets are dropped; drivers are ">=525.60.13", "r450" or several branches, of which the lowest counts.
/// </summary>
internal static partial class CudnnSupportMatrix
{
    /// <summary>Reads the six cells of one row.</summary>
    public static CudnnSupportEntry Entry(string name, int line, string[] cells)
    {
        var package = PackageForm().Match(cells[0]);
        if (!package.Success)
            throw Bad(name, line, cells[0], "package");
        var from = DottedVersion.Parse(package.Groups["from"].Value);
        var to = package.Groups["to"] is { Success: true } end ? DottedVersion.Parse(end.Value) : from;
        int? major = package.Groups["major"] is { Success: true } m ? DottedVersion.Parse(m.Value).Major : null;
        var unsupported = cells[1].Contains("(Not Supported)", StringComparison.Ordinal);
        int? older = Older().Match(cells[1]) is { Success: true } o ? DottedVersion.Parse(o.Groups[1].Value).Major : null;
        var cuda = older is null && !unsupported ? Cuda(name, line, cells[1]) : [];
        bool? linking = cells[2] switch { "Yes" => true, "No" => false, "" => null, _ => throw Bad(name, line, cells[2], "static linking") };
        var (listed, majors, lowest) = Capabilities(name, line, cells[5]);
        return new CudnnSupportEntry(line, cells[0], from, to, major, cuda, older, unsupported, linking, Driver(name, line, cells[3]), Driver(name, line, cells[4]), listed, majors, lowest);
    }

    private static List<CudaVersion> Cuda(string name, int line, string cell)
    {
        var text = Footnote().Replace(cell, "");
        text = Update().Replace(text, "");
        var versions = new List<CudaVersion>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var plain = word.EndsWith(".x", StringComparison.Ordinal) ? word[..^2] : word;
            versions.Add(CudaVersion.TryParse(plain, out var version) ? version.MajorMinor : throw Bad(name, line, word, "CUDA version"));
        }

        return versions.Count > 0 ? versions : throw Bad(name, line, cell, "CUDA version");
    }

    private static DriverVersion? Driver(string name, int line, string cell)
    {
        if (cell is "" or "N/A")
            return null;
        var drivers = cell.Split(',', StringSplitOptions.TrimEntries)
            .Select(c => DriverVersion.TryParse(c.TrimStart('>', '=', ' ', 'r'), out var driver) ? driver : throw Bad(name, line, cell, "driver"));
        return drivers.Min();
    }

    private static (List<ComputeCapability>, List<int>, ComputeCapability?) Capabilities(string name, int line, string cell)
    {
        if (AndLater().Match(cell) is { Success: true } later)
            return ([], [], ComputeCapability.Parse(later.Groups[1].Value));
        var listed = new List<ComputeCapability>();
        var majors = new List<int>();
        foreach (var word in Footnote().Replace(cell, "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ComputeCapability.TryParse(word, out var capability))
                listed.Add(capability);
            else if (word.EndsWith(".x", StringComparison.Ordinal) && DottedVersion.TryParse(word[..^2], out var major))
                majors.Add(major.Major);
            else
                throw Bad(name, line, word, "compute capability");
        }

        return (listed, majors, null);
    }

    private static SourceFormatException Bad(string name, int line, string cell, string what) => new(name, TextLines.Place(line), $"'{cell}' is no {what}.");

    [GeneratedRegex(@"^cuDNN (?<from>\d+\.\d+\.\d+)(?: - (?<to>\d+\.\d+\.\d+))?(?: Preview)?(?: for CUDA (?<major>\d+)\.x)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex PackageForm();

    [GeneratedRegex(@"^\(older (\d+)\.x\)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Older();

    [GeneratedRegex(@"\[\d+\]", RegexOptions.CultureInvariant)]
    private static partial Regex Footnote();

    [GeneratedRegex(@" [Uu]pdate \d+", RegexOptions.CultureInvariant)]
    private static partial Regex Update();

    [GeneratedRegex(@"^SM (\d+\.\d) and later\z", RegexOptions.CultureInvariant)]
    private static partial Regex AndLater();
}
