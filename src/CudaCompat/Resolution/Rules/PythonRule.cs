using CudaCompat.Matrix;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>Is there a package for the machine's Python?</summary>
internal static class PythonRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Build is { } build && !candidate.IsPrerelease)
            found.Add(Of(question.Machine, build));
        else if (candidate.Torch is null && candidate.Tag is { IsCpu: false } tag && question is { PackagingIsSaid: true, Machine.Python: { } python })
            found.Add(OfAll(question, tag, python));
    }

    public static Cause? Of(MachineFacts machine, TorchBuild build)
    {
        if (machine.Python is not { } python || (build.PythonMask & machine.PythonMask) != 0)
            return null;
        return IsNewer(machine, python) is { } newer ? newer : new PythonUnsupported { Subject = build.ToString(), Python = python, Supported = build.Row.Pythons, Sources = build.Row.Sources };
    }

    // A tag alone stands for every build that has it.
    private static Cause? OfAll(Question question, CudaTag tag, PythonVersion python)
    {
        var builds = question.Builds.Where(b => b.Tag == tag).ToArray();
        if (builds.Length == 0 || Array.Exists(builds, b => (b.PythonMask & question.Machine.PythonMask) != 0))
            return null;
        return IsNewer(question.Machine, python) is { } newer ? newer : new PythonUnsupported
        {
            Subject = $"torch+{tag}",
            Python = python,
            Supported = [.. builds.SelectMany(b => b.Row.Pythons).Distinct().Order()],
            Sources = builds[0].Row.Sources,
        };
    }

    /// <summary>A Python of which no source knows anything yet.</summary>
    public static NewerThanData? IsNewer(MachineFacts machine, PythonVersion python) =>
        machine.Matrix.Builds.NewestPython is var newest && new PythonVersion(python.Major, python.Minor) > newest ? NewerThanData.Of("Python", python.ToString(), newest.ToString()) : null;
}

internal sealed record PythonUnsupported : Cause
{
    public override string Rule => "python-unsupported";

    public required PythonVersion Python { get; init; }

    public required IReadOnlyList<PythonVersion> Supported { get; init; }

    public override string English() => Supported.Count == 0
        ? $"{Subject} has no package for Python {Python}."
        : $"{Subject} has no package for Python {Python}; it has them for {Words.Range(Supported)}.";
}
