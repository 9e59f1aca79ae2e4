using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>What the brand in a GPU's name tells: its segment and whether the forward-compatibility package serves it. The patterns are curated data.</summary>
internal sealed class GpuSegments
{
    /// <summary>The segment of entries that are no names at all ("Graphics Device").</summary>
    public const string NoName = "-";

    private readonly List<(Regex Pattern, string Segment, bool? ForwardCompat)> _patterns = [];

    /// <summary>Reads data/curated/gpu-segments.tsv; the first pattern that fits counts.</summary>
    public static GpuSegments Read(SourceFolder sources)
    {
        var segments = new GpuSegments();
        foreach (var row in sources.Curated("gpu-segments.tsv", "pattern", "pattern", "segment", "forward_compat", "evidence"))
        {
            bool? forward = row["forward_compat"] switch { "true" => true, "false" => false, "" => null, var other => throw row.Error($"'{other}' is neither true nor false.") };
            segments._patterns.Add((new Regex(row.Required("pattern"), RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)), row.Required("segment"), forward));
            row.Use();
        }

        return segments;
    }

    /// <summary>Segment and forward compatibility of a name; nulls where no pattern fits.</summary>
    public (string? Segment, bool? ForwardCompat) Of(string name)
    {
        foreach (var (pattern, segment, forward) in _patterns)
        {
            if (pattern.IsMatch(name))
                return (segment, forward);
        }

        return (null, null);
    }
}
