using CudaCompat.Machines;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Remedies;

/// <summary>Changes of the machine that are not its driver: host compilers, and which of its GPUs are used.</summary>
internal static class RemedyMachines
{
    /// <summary>Another host compiler of the same name, where the toolkit stays.</summary>
    public static IEnumerable<Change> Compilers(MachineFacts machine, StackDocument stack, Func<MachineFacts, StackDocument, bool> works)
    {
        if (stack.Toolkit is not { } toolkit)
            yield break;
        foreach (var (name, has) in machine.HostCompilers)
        {
            if (Newest(machine, toolkit, name) is not { } newest || machine.WithCompiler(name, newest) is var changed && !works(changed, stack))
                continue;
            yield return new Change(Compiler(name, has, newest, toolkit, StackNames.Of(stack, null)), changed, stack);
        }
    }

    /// <summary>Another host compiler of the same name, for whatever toolkit is then chosen.</summary>
    public static IEnumerable<Remedy> Compilers(MachineFacts machine, Func<MachineFacts, Choice?> solve)
    {
        var present = machine.HostCompilers.ToArray();
        var without = present.Aggregate(machine, (m, compiler) => m.WithCompiler(compiler.Name, null));
        if (present.Length == 0 || solve(without) is not { Toolkit: { } toolkit })
            yield break;
        foreach (var (name, has) in present)
        {
            if (Newest(machine, toolkit, name) is { } newest && solve(machine.WithCompiler(name, newest)) is { Toolkit: { } given } choice)
                yield return Compiler(name, has, newest, given, StackNames.Of(choice));
        }
    }

    private static DottedVersion? Newest(MachineFacts machine, CudaVersion toolkit, string name) =>
        machine.Matrix.HostCompiler(toolkit, machine.BuildOs, name) is { } row ? row.Max ?? Before(row.Below) : null;

    private static Remedy Compiler(string name, DottedVersion has, DottedVersion newest, CudaVersion toolkit, string gives) =>
        new("compiler", $"{name} {has}", $"{name} {newest}", gives, $"Compile with {name} {newest}, the newest that CUDA {toolkit.MajorMinor} takes{Package(name, newest)}.");

    /// <summary>The ways to leave GPUs out, the fewest left out first; cards of the same architecture stay together.</summary>
    public static IEnumerable<GpuFacts[]> Subsets(GpuFacts[] gpus)
    {
        var groups = gpus.GroupBy(g => g.Capability?.ToString() ?? g.Name).Select(g => g.ToArray()).ToArray();
        if (groups.Length is < 2 or > 12)
            return groups.Length < 2 ? [] : groups;
        return Enumerable.Range(1, (1 << groups.Length) - 2)
            .Select(mask => groups.Where((_, i) => (mask >> i & 1) != 0).SelectMany(g => g).OrderBy(g => g.Index).ToArray())
            .OrderByDescending(s => s.Length);
    }

    public static Remedy GpuRemedy(GpuFacts[] all, GpuFacts[] kept, string gives)
    {
        var visible = Visible(kept);
        return new Remedy("gpu", Names(all), Names(kept), gives, $"Use {Names(kept)} only, with CUDA_VISIBLE_DEVICES={visible}: {gives}.");
    }

    /// <summary>The value of CUDA_VISIBLE_DEVICES that leaves these GPUs: their UUIDs where known, since indexes change with the order.</summary>
    public static string Visible(IEnumerable<GpuFacts> gpus) => string.Join(',', gpus.Select(g => g.Uuid ?? g.Index.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private static string Names(GpuFacts[] gpus) => string.Join(" + ", gpus.Select(g => ExplanationWriter.Short(g.Name)));

    // "<12" in the source: every 11.y is accepted, so 11 names the newest series.
    private static DottedVersion? Before(DottedVersion? below) => below is { Parts: 1, Major: > 1 } b
        ? DottedVersion.Parse((b.Major - 1).ToString(System.Globalization.CultureInfo.InvariantCulture))
        : below is { Parts: 2, Minor: > 0 } two ? DottedVersion.Parse($"{two.Major}.{two.Minor - 1}") : null;

    private static string Package(string name, DottedVersion version) => name == "gcc" && version.Major >= 5 ? $" (Debian and Ubuntu: package g++-{version.Major}; then nvcc -ccbin g++-{version.Major})" : "";
}
