using System.Text.RegularExpressions;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Resolution;

/// <summary>
/// What the spelling of a value alone does not say and the data does: the toolkit whose nvcc prints a number, and which facts of a machine cannot both be
/// true. Before any rule looks.
/// </summary>
internal static partial class GivenValues
{
    // The third number of a release counts its updates; that of nvcc counts builds and starts far above.
    private const int HighestUpdate = 9;

    /// <summary>The stack with its toolkit as a release, and a torch of conda-forge as the release that it is built from.</summary>
    public static StackDocument Settle(CompatibilityMatrix matrix, StackDocument stack)
    {
        if (stack.Torch is { } torch && stack.Packaging is null or Packaging.CondaForge && CondaForgePost().Match(torch.ToString()) is { Success: true } post && !matrix.Builds.KnowsTorch(torch))
        {
            var release = post.Groups["v"].Value + post.Groups["label"].Value;
            stack = stack with
            {
                Torch = PackageVersion.Parse(release),
                Packaging = Packaging.CondaForge,
                Readings = [.. stack.Readings, ReadingNote.Of("torch", torch.ToString(), $"torch {release} of conda-forge", "its packages print a post number of three digits")],
            };
        }

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

    // https://github.com/conda-forge/pytorch-cpu-feedstock/issues/315 shows 2.4.1.post300; PyTorch's own post numbers have one digit.
    [GeneratedRegex(@"^(?<v>\d+(?:\.\d+)+)\.post\d{3}(?<label>\+.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex CondaForgePost();

    /// <summary>The release that a toolkit's number means, and what to tell of it; the number itself, untold, where it is one or nothing is known of it.</summary>
    private static (CudaVersion Toolkit, ReadingNote? Note) ReleaseOf(CompatibilityMatrix matrix, CudaVersion given)
    {
        if (given.IsMajorOnly)
        {
            return Array.Find(matrix.Toolkits, t => t.Major == given.Major) is { Major: > 0 } of
                ? (of, ReadingNote.Of("toolkit", given.ToString(), $"CUDA toolkit {of}", $"the newest of CUDA {given}"))
                : (new CudaVersion(given.Major, 0), null);
        }

        if (given.Patch is not > HighestUpdate || matrix.FindToolkit(given) is not null)
            return (given, null);
        if (matrix.NvccNumbers.Find(DottedVersion.Parse(given.ToString())).ToArray() is [var newest, ..] printing)
        {
            var shared = printing.Length == 1 ? "" : $"; {Words.Or(printing[1..].Select(p => p.Toolkit).ToArray())} prints the same number";
            return (newest.Toolkit, ReadingNote.Of("toolkit", given.ToString(), $"CUDA toolkit {newest.Toolkit}", $"its nvcc prints {given}{shared}", newest.Sources));
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
        if (machine.OperatingSystem is OperatingSystemFamily.Linux or OperatingSystemFamily.Windows && driver.Parts > 1 && !own.Knows(driver) && other.Knows(driver))
            yield return ReadingNote.Contradiction("driver", $"Driver {driver} is one for {Words.Os(other.Os)}, but the system is given as {Words.Os(machine.OperatingSystem)}.", weighs: true);
        if (machine is { OperatingSystem: OperatingSystemFamily.Windows, MaxCuda: { } above } && own.Knows(driver) && own.Reported(driver)?.Cuda is { } most && above.MajorMinor > most && above.MajorMinor <= own.NewestCuda)
            yield return ReadingNote.Contradiction("maxCuda", $"Driver {driver} runs CUDA up to {most}, but {above} is given: the number that is given counts.", weighs: true);
        if (machine.MaxCuda is { } max && own.Knows(driver) && own.Reported(driver)?.Cuda is { } reported && max.MajorMinor < reported)
            yield return ReadingNote.Contradiction("maxCuda", $"Driver {driver} runs CUDA up to {reported}, but {max} is given: the number that is given counts.");
    }
}
