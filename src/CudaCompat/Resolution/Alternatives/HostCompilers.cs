using System.Globalization;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Alternatives;

/// <summary>Another host compiler of the same name.</summary>
internal static class HostCompilers
{
    /// <summary>For each compiler that is there, the newest that nvcc of the toolkit takes.</summary>
    public static IEnumerable<Option> Options(Question question)
    {
        var present = question.Machine.HostCompilers.ToArray();
        if (present.Length == 0 || Choice.Solver.Solve(question.On(Without(question.Machine))) is not { Toolkit: { } toolkit })
            yield break;
        foreach (var (name, has) in present)
        {
            if (Newest(question.Machine, toolkit, name) is not { } newest || newest == has)
                continue;
            yield return new Option($"{name} {has}", $"{name} {newest}", question.On(question.Machine.WithCompiler(name, newest)),
                gives => $"Compile with {name} {newest}, the newest that CUDA {(gives.Toolkit ?? toolkit).MajorMinor} takes{Package(name, newest)}.");
        }
    }

    public static MachineFacts Without(MachineFacts machine) => machine.HostCompilers.ToArray().Aggregate(machine, (m, compiler) => m.WithCompiler(compiler.Name, null));

    private static DottedVersion? Newest(MachineFacts machine, CudaVersion toolkit, string name) =>
        machine.Matrix.HostCompiler(toolkit, machine.BuildOs, name) is { } row ? row.Max ?? Before(row.Below) : null;

    // "<12" in the source: every 11.y is accepted, so 11 names the newest series.
    private static DottedVersion? Before(DottedVersion? below) => below is { Parts: 1, Major: > 1 } b
        ? DottedVersion.Parse((b.Major - 1).ToString(CultureInfo.InvariantCulture))
        : below is { Parts: 2, Minor: > 0 } two ? DottedVersion.Parse(string.Create(CultureInfo.InvariantCulture, $"{two.Major}.{two.Minor - 1}")) : null;

    private static string Package(string name, DottedVersion version) =>
        name == "gcc" && version.Major >= 5 ? $" (Debian and Ubuntu: package g++-{version.Major}; then nvcc -ccbin g++-{version.Major})" : "";
}
