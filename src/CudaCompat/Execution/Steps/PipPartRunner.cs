using CudaCompat.Execution.Downloads;
using CudaCompat.Execution.Journals;
using CudaCompat.Planning;
using CudaCompat.Planning.Steps;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>
/// A toolkit or cuDNN as packages of the Python environment: installed as torch is, then given the names that linkers and builders look for. What other
/// packages pin there is never moved.
/// </summary>
internal sealed class PipPartRunner : IStepRunner
{
    public string Describe(InstallStep step, StepContext context)
    {
        var packages = Packages(step);
        return $"install {string.Join(' ', packages.Requirements)} into {packages.Environment} with {packages.Method}"
            + (packages.IndexUrl is { } index ? $" from {SecretText.Mask(index)}" : "")
            + (PipToolkitSteps.PlaceOf(step) is { LinkerNames: not null } ? $", and give the libraries in {Prefix(step)} the names that linkers look for" : "");
    }

    public async Task<string?> FindDoneAsync(InstallStep step, StepContext context)
    {
        var packages = Packages(step);
        if (PythonPrograms.Of(packages.Environment!) is not { } python)
            return null;
        var there = await PythonPrograms.PackagesAsync(python, context.Cancellation).ConfigureAwait(false);
        return TorchRunner.Wanted(packages).All(w => there.GetValueOrDefault(w.Name) == w.Version) && Directory.Exists(Prefix(step)) && !Missing(step).Any()
            ? $"{string.Join(", ", packages.Requirements)} are installed"
            : null;
    }

    public async Task<string> RunAsync(InstallStep step, StepContext context)
    {
        var packages = Packages(step);
        var folder = packages.Environment!;
        var python = PythonPrograms.Of(folder) ?? throw new StepFailedException($"there is no Python in {folder}.", "let the plan make the environment, or name one.");
        var before = await PythonPrograms.PackagesAsync(python, context.Cancellation).ConfigureAwait(false);
        var wanted = TorchRunner.Wanted(packages);
        await RefusePinnedAsync(python, wanted, before, context).ConfigureAwait(false);
        var guard = TreeGuard.Keep(folder, context.Journal);
        context.Record(guard);
        if (!wanted.All(w => before.GetValueOrDefault(w.Name) == w.Version))
            await TorchRunner.PipAsync(packages, python, before, context).ConfigureAwait(false);
        if (!Directory.Exists(Prefix(step)))
            throw new StepFailedException($"the packages put nothing into {Prefix(step)}.", "the environment's packages lie elsewhere than the plan says; make the plan for its Python.");
        var links = Missing(step).ToArray();
        foreach (var (path, target) in links)
            File.CreateSymbolicLink(path, target);
        if (step is ToolkitStep && RedistToolkitRunner.NvccOf(Prefix(step)) is null)
            throw new StepFailedException($"nvcc is not in {Prefix(step)} after the installation.", "the packages are not what the plan says; make the plan anew.");
        DurableFiles.FlushFileSystem(folder);
        var after = await PythonPrograms.PackagesAsync(python, context.Cancellation).ConfigureAwait(false);
        var changed = TreeGuard.Difference(guard, context.Journal) with { Packages = TorchRunner.Changes(before, after) };
        context.Record(changed);
        TreeGuard.DropUnused(changed, context.Journal);
        return $"{string.Join(", ", wanted.Select(w => w.ToString()))} installed{(links.Length > 0 ? $"; {string.Join(", ", links.Select(l => Path.GetFileName(l.Path)))} made" : "")}";
    }

    /// <summary>The links that are to be and are not there: second names of folders, then of each library the name without its number.</summary>
    internal static IEnumerable<(string Path, string Target)> Missing(InstallStep step)
    {
        var prefix = Prefix(step);
        if (PipToolkitSteps.PlaceOf(step) is not { } place)
            yield break;
        foreach (var (name, target) in place.Links ?? new Dictionary<string, string>())
        {
            if (Directory.Exists(Path.Combine(prefix, target)) && FileState.Of(Path.Combine(prefix, name)) is null)
                yield return (Path.Combine(prefix, name), target);
        }

        if (place.LinkerNames is not { } names || !Directory.Exists(Path.Combine(prefix, names)))
            yield break;
        const string Ending = ".so.";
        // Not by a pattern with ".*", which takes names without the dot as well.
        var libraries = Directory.EnumerateFiles(Path.Combine(prefix, names), "lib*").Select(f => Path.GetFileName(f)).Where(l => l.Contains(Ending, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        foreach (var same in libraries.GroupBy(l => l[..(l.IndexOf(Ending, StringComparison.Ordinal) + Ending.Length - 1)], StringComparer.Ordinal))
        {
            var path = Path.Combine(prefix, names, same.Key);
            if (FileState.Of(path) is null)
                yield return (path, same.MinBy(l => l.Length)!);
        }
    }

    private static TorchStep Packages(InstallStep step) => PipToolkitSteps.AsPackages(step) is { Environment: { Length: > 0 } folder } packages
        ? packages with { Environment = Path.GetFullPath(folder) }
        : throw new StepFailedException("the plan names no Python environment.", "make the plan anew; this one is incomplete.");

    private static string Prefix(InstallStep step) => ((step as ToolkitStep)?.Prefix ?? (step as CudnnStep)?.Prefix) is { } prefix
        ? Path.GetFullPath(prefix)
        : throw new StepFailedException("the plan names no folder of the packages.", "make the plan anew; this one is incomplete.");

    // pip would move a package that is there in another version, and break what pins it.
    private static async Task RefusePinnedAsync(string python, Requirement[] wanted, IReadOnlyDictionary<string, string> there, StepContext context)
    {
        var moved = wanted.Where(w => there.TryGetValue(w.Name, out var version) && version != w.Version).ToArray();
        if (moved.Length == 0)
            return;
        foreach (var (package, requirement) in await PythonPrograms.RequirementsAsync(python, context.Cancellation).ConfigureAwait(false))
        {
            if (moved.FirstOrDefault(m => IsPinnedOtherwise(m, requirement)) is { } pinned)
            {
                throw new StepFailedException(
                    $"{package} requires {requirement}, so {pinned.Name} {there[pinned.Name]} stays, and the plan wants {pinned.Version}; what others pin is never moved.",
                    "plan the toolkit of torch's own CUDA, or take --toolkit-from redist.");
            }
        }
    }

    // name==13.0.96 or name==13.0.96.*
    private static bool IsPinnedOtherwise(Requirement wanted, string requirement)
    {
        var parts = requirement.Split("==", 2);
        if (parts.Length != 2 || Requirement.Normal(parts[0].Split('[')[0].Trim()) != wanted.Name)
            return false;
        var pin = parts[1].Trim();
        return pin.EndsWith(".*", StringComparison.Ordinal) ? !(wanted.Version + ".").StartsWith(pin[..^1], StringComparison.Ordinal) : pin != wanted.Version;
    }
}
