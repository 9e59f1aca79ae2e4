using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>
/// Which host compilers nvcc of a toolkit accepts. For each toolkit and compiler one row is used: NVIDIA's guide first, then curated
/// statements, then nixpkgs, then what spack's conflicts leave over; the others stay. A patch has a row of its own where it differs from its X.Y.
/// </summary>
internal sealed partial class HostCompilers : ISubject
{
    private const string Gcc = "gcc", Clang = "clang", Msvc = "msvc", Spack = "nvidia/host_compilers.spack_conflicts";
    private const int Reach = 2;
    private const int OfGuide = 0, OfCurated = 1, OfNixpkgs = 2, OfSpack = 3, OfHarvest = 4;

    /// <inheritdoc/>
    public string Name => "host compilers";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        var toolkits = facts.Toolkits.Rows.Where(t => t.Kind is "ga" or "update").Select(t => t.Version).ToList();
        var minors = toolkits.Select(t => t.MajorMinor).Distinct().ToList();
        List<Candidate> candidates = [.. FromConflicts(sources, toolkits), .. FromHarvest(sources), .. FromCurated(sources, minors)];
        foreach (var group in candidates.GroupBy(c => (c.Toolkit, c.Os, c.Compiler)))
        {
            var merged = group.GroupBy(c => (c.Min, c.Max, c.Below))
                .Select(same => same.OrderBy(c => c.Rank).First() with { Sources = same.Select(c => c.Sources).Aggregate(Evidence.Union) })
                .OrderBy(c => c.Rank).ToList();
            foreach (var row in merged)
                facts.HostCompilers.Add(new HostCompilerRow(row.Toolkit, row.Os, row.Compiler, row.Min, row.Max, row.Below, row == merged[0], row.Sources, row.Evidence, row.Note));
        }
    }

    private static IEnumerable<Candidate> FromConflicts(SourceFolder sources, List<CudaVersion> toolkits)
    {
        var conflicts = new List<SpackConflict>();
        string? evidence = null;
        foreach (var row in sources.Table(Spack + ".tsv", "", "cuda_range", "compiler_spec", "meaning", "os", "evidence"))
        {
            var conflict = SpackConflict.Parse(row, row.Required("cuda_range"), row.Required("compiler_spec"));
            if (conflict.Compiler is not (Gcc or Clang) || conflict.Target is not (null or "x86_64"))
            {
                row.Reject(conflict.Target is null or "x86_64" ? $"the compiler {conflict.Compiler} is not covered" : $"the processor {conflict.Target} is not covered");
                continue;
            }

            if (conflict.Below is null && conflict.Min is null)
            {
                row.Reject("a single version left out, not a bound");
                continue;
            }

            evidence ??= row.Required("evidence");
            conflicts.Add(conflict);
            row.Use();
        }

        foreach (var minor in toolkits.GroupBy(t => t.MajorMinor))
        {
            foreach (var compiler in new[] { Gcc, Clang })
            {
                var newest = Bounds(conflicts, compiler, minor.Max());
                if (newest.Below is null)
                    continue;
                yield return new Candidate(minor.Key, OperatingSystemFamily.Linux, compiler, newest.Min, null, newest.Below, OfSpack, [Spack], evidence, null);
                foreach (var patch in minor.Where(p => p.Patch is not null && Bounds(conflicts, compiler, p) != newest))
                {
                    var (min, below) = Bounds(conflicts, compiler, patch);
                    yield return new Candidate(patch, OperatingSystemFamily.Linux, compiler, min, null, below, OfSpack, [Spack], evidence, $"other than {minor.Key} as a whole");
                }
            }
        }
    }

    private static (DottedVersion? Min, DottedVersion? Below) Bounds(List<SpackConflict> conflicts, string compiler, CudaVersion toolkit)
    {
        var version = DottedVersion.Parse(toolkit.ToString());
        // A conflict that begins nowhere (":11.0.3") is written with the last majors in mind: it says nothing on much older toolkits.
        var own = conflicts.Where(c => c.Compiler == compiler && c.Cuda.Contains(version) && (c.Cuda.From is not null || c.Cuda.To!.Value.Major - version.Major <= Reach)).ToList();
        return (own.Max(c => c.Min), own.Min(c => c.Below));
    }

    private static IEnumerable<Candidate> FromHarvest(SourceFolder sources)
    {
        foreach (var row in sources.Table("nvidia/host_compilers.tsv", "", "cuda_version", "os", "compiler", "min", "max", "evidence"))
        {
            var evidence = row.Required("evidence");
            if (row["compiler"] == "visual-studio")
            {
                row.Reject("a year of Visual Studio; the curated rows say it by compiler version");
                continue;
            }

            if (row["compiler"] is not (Gcc or Clang or Msvc))
            {
                row.Reject($"the compiler {row["compiler"]} is not covered");
                continue;
            }

            var rank = evidence.StartsWith("docs/", StringComparison.Ordinal) ? OfGuide : evidence.Contains("nixpkgs", StringComparison.Ordinal) ? OfNixpkgs : OfHarvest;
            var (max, below) = Upper(row);
            DottedVersion? min = row.Text("min") is { } text ? DottedVersion.Parse(text.Split(' ')[0]) : null;
            row.Use();
            yield return new Candidate(row.Required<CudaVersion>("cuda_version"), Systems.Of(row, "os"), row["compiler"], min, max, below, rank, Evidence.Sources(sources, row, evidence), Evidence.Text(evidence), null);
        }
    }

    // "<12" is exclusive, "12" takes every 12.y, "19.5x" every 19.50 to 19.59.
    private static (DottedVersion? Max, DottedVersion? Below) Upper(TsvRow row)
    {
        var text = row.Required("max").Split(' ')[0];
        if (text[0] == '<')
            return (null, DottedVersion.Parse(text[1..]));
        if (Decade().Match(text) is { Success: true } decade)
        {
            var next = int.Parse(decade.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) + 1;
            return (null, DottedVersion.Parse(string.Create(CultureInfo.InvariantCulture, $"{decade.Groups[1].Value}.{next}0")));
        }

        return (DottedVersion.TryParse(text, out var max) ? max : throw row.Error($"column max: '{text}' is no version."), null);
    }

    private static IEnumerable<Candidate> FromCurated(SourceFolder sources, List<CudaVersion> minors)
    {
        foreach (var row in sources.Curated("host-compilers.tsv", "from to compiler", "from", "to", "os", "compiler", "min", "max", "below", "note", "evidence"))
        {
            var (from, to) = (row.Required<CudaVersion>("from"), row.Required<CudaVersion>("to"));
            var ids = Evidence.Sources(sources, row, row.Required("evidence"));
            foreach (var toolkit in from == to ? [from] : minors.Where(m => m >= from && m <= to))
                yield return new Candidate(toolkit, Systems.Of(row, "os"), row.Required("compiler"), row.Optional<DottedVersion>("min"), row.Optional<DottedVersion>("max"), row.Optional<DottedVersion>("below"), OfCurated, ids, Evidence.Text(row["evidence"]), row.Text("note"));
            row.Use();
        }
    }

    [GeneratedRegex(@"^(\d+)\.(\d)x\z", RegexOptions.CultureInvariant)]
    private static partial Regex Decade();

    private sealed record Candidate(CudaVersion Toolkit, OperatingSystemFamily Os, string Compiler, DottedVersion? Min, DottedVersion? Max, DottedVersion? Below, int Rank, string[] Sources, string? Evidence, string? Note);
}
