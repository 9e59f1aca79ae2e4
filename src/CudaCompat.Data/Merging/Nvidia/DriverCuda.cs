using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>
/// Derives, for each system, from which driver on nvidia-smi prints which CUDA version. A point is a driver whose CUDA version is
/// stated: it belongs to a toolkit, lies in an installer, or was seen to print it. A branch prints one version, so the step begins at
/// the lowest known driver of the branch. The steps must agree with every report but those listed as odd in the curated rows.
/// </summary>
internal static class DriverCuda
{
    private const string Corresponding = "corresponding", Bundled = "bundled", Report = "report";

    /// <summary>Adds the steps to <paramref name="facts"/>.</summary>
    /// <exception cref="SourceFormatException">The facts contradict each other.</exception>
    public static void Derive(FactStore facts, OddReports odd)
    {
        foreach (var os in new[] { OperatingSystemFamily.Linux, OperatingSystemFamily.Windows })
        {
            var points = Points(os, facts, odd).OrderBy(p => p.Driver).ThenBy(p => p.Cuda).ToList();
            var majors = facts.DriverRequirements.Rows.Where(r => r.Kind == "minor-version-minimum").Select(r => CudaOrder.Of(r.Cuda).Major).ToHashSet();
            var steps = Steps(points, [.. Known(os, facts).Where(d => !odd.Names(d))], majors);
            foreach (var step in steps)
                facts.DriverCuda.Add(new DriverCudaRow(os, step.Driver, step.Cuda, step.Basis, step.Sources, step.Evidence, step.Note));
            CheckReports(os, steps, facts, odd);
        }

        MarkOdd(facts, odd);
    }

    /// <summary>The CUDA version that a driver prints by these steps, null below the first.</summary>
    internal static CudaVersion? CudaOf(DriverVersion driver, IEnumerable<(DriverVersion Driver, CudaVersion Cuda)> steps) =>
        steps.Where(s => s.Driver <= driver).Select(s => (CudaVersion?)s.Cuda).LastOrDefault();

    private static IEnumerable<Point> Points(OperatingSystemFamily os, FactStore facts, OddReports odd)
    {
        foreach (var row in facts.DriverRequirements.Rows.Where(r => r.Os == os))
        {
            if (row.Kind is Corresponding or Bundled or "branch" && CudaVersion.TryParse(row.Cuda, out var cuda))
                yield return new Point(row.Minimum, cuda.MajorMinor, row.Kind == Bundled ? Bundled : Corresponding, row.Sources, row.Evidence, null);
        }

        foreach (var row in facts.DriverReports.Rows.Where(r => !r.Tegra && odd.Reason(r.Driver, r.Cuda) is null))
        {
            // A bare branch ("535") is seen on Linux or on an unnamed system: it holds for the system's own numbers of that branch.
            if (row.Os is null || OperatingSystemNames.Instance.NameOf(os) == row.Os)
                yield return new Point(row.Driver, row.Cuda, Report, row.Sources, row.Evidence, null);
        }
    }

    private static List<DriverVersion> Known(OperatingSystemFamily os, FactStore facts) =>
        [.. facts.Drivers.Rows.Where(r => r.Os == os).Select(r => r.Version).Distinct().Order()];

    // Without minor-version compatibility (before 11) a toolkit needs its own driver, and a beta of that branch is not known to do:
    // there the step begins at the driver that is stated.
    private static List<Point> Steps(List<Point> points, List<DriverVersion> known, HashSet<int> minorVersionMajors)
    {
        var starts = new List<Point>();
        foreach (var branch in points.GroupBy(p => p.Driver.Branch))
        {
            var first = branch.First();
            // A branch that was seen to print two versions (a beta before the release) tells nothing of its other drivers.
            var single = branch.All(p => p.Cuda == first.Cuda) && minorVersionMajors.Contains(first.Cuda.Major);
            var lowest = known.FirstOrDefault(d => d.Branch == branch.Key, first.Driver);
            if (single && lowest < first.Driver)
                starts.Add(first with { Driver = lowest, Note = $"the lowest known driver of branch {branch.Key}; the version is stated for {first.Driver}" });
            starts.AddRange(branch);
        }

        var steps = new List<Point>();
        foreach (var point in starts.OrderBy(p => p.Driver).ThenBy(p => p.Cuda))
        {
            if (steps.Count > 0 && point.Cuda < steps[^1].Cuda)
                throw new SourceFormatException("driver-cuda.json", point.Driver.ToString(), $"driver {point.Driver} prints {point.Cuda} ({point.Evidence}), but {steps[^1].Driver} already {steps[^1].Cuda} ({steps[^1].Evidence}).");
            if (steps.Count == 0 || point.Cuda > steps[^1].Cuda)
                steps.Add(point);
        }

        return steps;
    }

    private static void CheckReports(OperatingSystemFamily os, List<Point> steps, FactStore facts, OddReports odd)
    {
        var name = OperatingSystemNames.Instance.NameOf(os);
        foreach (var report in facts.DriverReports.Rows.Where(r => r.Os == name && !r.Tegra && odd.Reason(r.Driver, r.Cuda) is null))
        {
            var derived = CudaOf(report.Driver, steps.Select(s => (s.Driver, s.Cuda)));
            if (derived != report.Cuda)
                throw new SourceFormatException("driver-cuda.json", name, $"{name} driver {report.Driver} was seen to print {report.Cuda}, the steps say {derived}.");
        }
    }

    private static void MarkOdd(FactStore facts, OddReports odd)
    {
        foreach (var report in facts.DriverReports.Rows.Where(r => odd.Reason(r.Driver, r.Cuda) is not null))
        {
            var reason = odd.Reason(report.Driver, report.Cuda)!;
            if (report.Note?.EndsWith(reason, StringComparison.Ordinal) is not true)
                facts.DriverReports.Replace(report with { Note = report.Note is null ? reason : $"{report.Note}; {reason}" });
        }
    }

    private sealed record Point(DriverVersion Driver, CudaVersion Cuda, string Basis, string[] Sources, string? Evidence, string? Note);
}
