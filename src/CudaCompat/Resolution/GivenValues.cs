using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Resolution;

/// <summary>
/// What the spelling of a value alone does not say and the data does: the toolkit whose nvcc prints a number, the builds that a tag given short
/// or a range stands for, and which facts of a machine cannot both be true. Before any rule looks.
/// </summary>
internal static class GivenValues
{
    // The third number of a release counts its updates; that of nvcc counts builds and starts far above.
    private const int HighestUpdate = 9;

    /// <summary>The stack with its toolkit as a release.</summary>
    public static StackDocument Settle(CompatibilityMatrix matrix, StackDocument stack)
    {
        if (stack.Toolkit is not { } given)
            return stack;
        var (toolkit, note) = ReleaseOf(matrix, given);
        return note is null ? stack : stack with { Toolkit = toolkit, Readings = [.. stack.Readings, note] };
    }

    /// <summary>The request with its toolkit as a release.</summary>
    public static PlanRequest Settle(CompatibilityMatrix matrix, PlanRequest request)
    {
        if (request.Toolkit?.Exact is not { } exact || !CudaVersion.TryParse(exact.ToString(), out var given))
            return request;
        var (toolkit, note) = ReleaseOf(matrix, given);
        return note is null ? request : request with { Toolkit = VersionSpec.Parse(toolkit.ToString()), Readings = [.. request.Readings, note] };
    }

    /// <summary>The machine with the notes of what is asked of it, with its GPUs by names that say which, and with what contradicts itself. Twice is as good as once.</summary>
    public static DriverInfo Settle(CompatibilityMatrix matrix, DriverInfo machine, IReadOnlyList<ReadingNote>? asked = null)
    {
        var (gpus, read) = GivenGpus.Settle(matrix, machine.Gpus);
        var settled = ReferenceEquals(gpus, machine.Gpus) ? machine : machine with { Gpus = gpus };
        var told = machine.Readings.Select(r => r.Message).ToHashSet(StringComparer.Ordinal);
        ReadingNote[] notes = [.. (asked ?? []).Concat(read).Concat(Contradictions(matrix, settled)).Where(note => told.Add(note.Message))];
        return notes.Length == 0 ? settled : settled with { Readings = [.. machine.Readings, .. notes] };
    }

    /// <summary>The note that every card of the machine is of another maker, which ends a question about CUDA; null where that is not so.</summary>
    public static ReadingNote? OnlyOtherMakers(DriverInfo machine, bool wantsCpu) =>
        !wantsCpu && machine.Gpus is { Count: 0 } ? machine.Readings.FirstOrDefault(r => r.Rule == GivenGpus.OtherMaker) : null;

    /// <summary>The stacks that a tag given short or a range stands for, newest first; none where the stack names one.</summary>
    public static IReadOnlyList<StackDocument> Meant(CompatibilityMatrix matrix, DriverInfo machine, StackDocument stack)
    {
        if (stack.CudaTag is not { IsSeries: true } && stack.TorchRange is null)
            return [];
        if (stack is { Torch: null, TorchRange: null, CudaTag: { } series })
            return [.. matrix.ToolkitCudas.Select(CudaTag.Of).Where(series.Includes).Select(tag => stack with { CudaTag = tag, Readings = [] })];
        var os = machine.OperatingSystem is OperatingSystemFamily.Wsl ? OperatingSystemFamily.Linux : machine.OperatingSystem;
        return
        [
            .. matrix.Builds.For(stack.Packaging ?? Packaging.Pip, os, machine.Architecture ?? CpuArchitecture.X64)
                .Where(build => IsMeant(stack, build))
                .Select(build => stack with { Torch = build.Version.WithoutLabel, CudaTag = build.Tag, TorchRange = null, Readings = [] }),
        ];
    }

    /// <summary>
    /// One verdict on all that a stack may mean. A CUDA given without its minor means any of them; of a range, one verdict for all is the verdict,
    /// else which of them work is told and nothing decided.
    /// </summary>
    public static CheckResult Judge(IReadOnlyList<StackDocument> meant, StackDocument stack, Func<StackDocument, CheckResult> check)
    {
        var results = meant.Select(m => (Stack: m, Result: check(m))).ToArray();
        var best = results.FirstOrDefault(r => r.Result.Verdict == CheckVerdict.Compatible, results[0]);
        if (stack.TorchRange is not { } range || results.All(r => r.Result.Verdict == best.Result.Verdict))
            return best.Result;
        var working = string.Join(", ", results.Where(r => r.Result.Verdict == CheckVerdict.Compatible).Select(r => $"{r.Stack.Torch}+{r.Stack.CudaTag}"));
        var finding = new Finding(ReadingNote.ReadAs, Severity.Info, $"torch {range}", $"'{range}' is several builds, and not all of them work here; these do: {working}.", []);
        return best.Result with { Verdict = CheckVerdict.Unknown, Findings = [finding, .. best.Result.Findings], Remedies = [] };
    }

    /// <summary>The finding of each note.</summary>
    public static IEnumerable<Cause> Causes(IEnumerable<ReadingNote> notes) => notes.Select(note => new Rules.Assumed(note.Rule)
    {
        Subject = note.Subject,
        Severity = note.Weighs ? Severity.Warning : Severity.Info,
        Text = note.Message,
        Sources = note.Sources,
    });

    private static bool IsMeant(StackDocument stack, TorchBuild build) =>
        (stack.CudaTag is { } tag ? tag.Includes(build.Tag) : !build.Tag.IsCpu)
        && (stack.TorchRange is { } range ? range.Matches(build.Version) : stack.Torch is { } torch && build.Version.CompareTo(torch) == 0);

    /// <summary>The release that a toolkit's number means, and what to tell of it; the number itself, untold, where it is one or nothing is known of it.</summary>
    private static (CudaVersion Toolkit, ReadingNote? Note) ReleaseOf(CompatibilityMatrix matrix, CudaVersion given)
    {
        if (given.IsMajorOnly)
        {
            return Array.Find(matrix.Toolkits, t => t.Major == given.Major) is { Major: > 0 } newest
                ? (newest, ReadingNote.Of("toolkit", given.ToString(), $"CUDA toolkit {newest}", $"the newest of CUDA {given}"))
                : (new CudaVersion(given.Major, 0), null);
        }

        if (given.Patch is not > HighestUpdate || matrix.FindToolkit(given) is not null)
            return (given, null);
        if (matrix.ToolkitsPrinting(given) is { Count: > 0 } printing)
        {
            var shared = printing.Count == 1 ? "" : $"; {string.Join(" and ", printing.Skip(1).Select(p => p.Toolkit.ToString()))} print{(printing.Count == 2 ? "s" : "")} the same number";
            return (printing[0].Toolkit, ReadingNote.Of("toolkit", given.ToString(), $"CUDA toolkit {printing[0].Toolkit}", $"its nvcc prints {given}{shared}", printing[0].Sources));
        }

        return matrix.ToolkitsOf(given).Length > 0
            ? (given.MajorMinor, ReadingNote.Of("toolkit", given.ToString(), $"CUDA toolkit {given.MajorMinor}", "it is the number of no release's nvcc that is known, so only X.Y counts"))
            : (given, null);
    }

    private static IEnumerable<ReadingNote> Contradictions(CompatibilityMatrix matrix, DriverInfo machine)
    {
        foreach (var gpu in machine.Gpus ?? [])
        {
            if (gpu is { Name: { Length: > 0 } name, ComputeCapability: { } given } && matrix.Gpus.Find(name) is { } known
                && !known.Capabilities.Any(c => matrix.Architectures.Canonical(c) == matrix.Architectures.Canonical(given)))
            {
                yield return ReadingNote.Contradiction(
                    "gpus", $"{ReadingNote.Short(name)} has compute capability {string.Join(" or ", known.Capabilities)}, but {given} is given: the number that is given counts.", known.Sources, weighs: true);
            }
        }

        if (machine.Driver is not { } driver || machine.Tegra == true)
            yield break;
        var (own, other) = (matrix.DriversOf(machine.OperatingSystem), machine.OperatingSystem == OperatingSystemFamily.Linux ? matrix.WindowsDrivers : matrix.LinuxDrivers);
        var system = OperatingSystemNames.Instance.NameOf(machine.OperatingSystem);
        if (machine.OperatingSystem is OperatingSystemFamily.Linux or OperatingSystemFamily.Windows && driver.Parts > 1 && !own.Knows(driver) && other.Knows(driver))
            yield return ReadingNote.Contradiction("driver", $"Driver {driver} is one for {OperatingSystemNames.Instance.NameOf(other.Os)}, but the system is given as {system}.", weighs: true);
        if (machine.MaxCuda is { } max && own.Knows(driver) && own.Reported(driver)?.Cuda is { } reported && max.MajorMinor < reported)
            yield return ReadingNote.Contradiction("maxCuda", $"Driver {driver} runs CUDA up to {reported}, but {max} is given: the number that is given counts.");
    }
}
