using CudaCompat.Execution.Downloads;
using System.Text;
using CudaCompat.Execution.Journals;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>
/// Installs the Python packages into the environment with pip, uv or conda. The environment is guarded: whatever the program does is known
/// to the byte afterwards and can be undone, even where it was killed half way.
/// </summary>
internal sealed class TorchRunner : IStepRunner
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(3);

    public string Describe(InstallStep step, StepContext context)
    {
        var torch = (TorchStep)step;
        var what = torch.Requirements.Count > 0 ? string.Join(' ', torch.Requirements) : string.Join(' ', torch.Command ?? []);
        return $"install {what} into {Folder(torch, context)} with {torch.Method}{(torch.IndexUrl is { } index ? $" from {SecretText.Mask(index)}" : "")}";
    }

    public async Task<string?> FindDoneAsync(InstallStep step, StepContext context)
    {
        var torch = (TorchStep)step;
        if (IsConda(torch))
            return CondaCommand.Of(torch).IsInstalled(Folder(torch, context)) ? $"{string.Join(", ", torch.Requirements)} are installed" : null;
        if (PythonPrograms.Of(Folder(torch, context)) is not { } python)
            return null;
        var wanted = Wanted(torch);
        var there = await PythonPrograms.PackagesAsync(python, context.Cancellation).ConfigureAwait(false);
        return wanted.All(w => there.GetValueOrDefault(w.Name) == w.Version) ? $"{string.Join<Requirement>(", ", wanted)} are installed" : null;
    }

    public async Task<string> RunAsync(InstallStep step, StepContext context)
    {
        var torch = (TorchStep)step;
        var folder = Folder(torch, context);
        var python = PythonPrograms.Of(folder);
        if (python is null && !IsConda(torch))
            throw new StepFailedException($"there is no Python in {folder}.", "let the plan make the environment, or name one.");
        if (python is not null && await PythonPrograms.IsExternallyManagedAsync(python, context.Cancellation).ConfigureAwait(false))
            throw new StepFailedException($"{python} is managed by its system (PEP 668); it is never forced.", "use a virtual environment.");
        var before = await PackagesAsync(python, context).ConfigureAwait(false);
        var guard = TreeGuard.Keep(folder, context.Journal);
        context.Record(guard);
        if (IsConda(torch))
            await CondaAsync(torch, folder, context).ConfigureAwait(false);
        var after = IsConda(torch)
            ? await PackagesAsync(PythonPrograms.Of(folder), context).ConfigureAwait(false)
            : await PipAsync(torch, python!, before, context).ConfigureAwait(false);
        DurableFiles.FlushFileSystem(folder);
        var changed = TreeGuard.Difference(guard, context.Journal) with
        {
            Packages = Changes(before, after),
        };
        context.Record(changed);
        TreeGuard.DropUnused(changed, context.Journal);
        return IsConda(torch) ? "installed by conda" : $"{string.Join<Requirement>(", ", Wanted(torch))} installed";
    }

    internal static IReadOnlyList<PackageChange> Changes(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        [.. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal).Select(n => new PackageChange(n, before.GetValueOrDefault(n), after.GetValueOrDefault(n))).Where(c => c.Before != c.After)];

    private static async Task<IReadOnlyDictionary<string, string>> PackagesAsync(string? python, StepContext context) => python is null
        ? new Dictionary<string, string>()
        : await PythonPrograms.PackagesAsync(python, context.Cancellation).ConfigureAwait(false);

    private static bool IsConda(TorchStep step) => step.Method is "conda" or "conda-forge";

    private static string Folder(TorchStep step, StepContext context) => step.Environment
        ?? context.EnvironmentFolder ?? throw new StepFailedException("the plan names no Python environment.", "let the plan make one, or name one.");

    internal static Requirement[] Wanted(TorchStep step) => step.Requirements.Count > 0
        ? [.. step.Requirements.Select(Requirement.Parse)]
        : throw new StepFailedException("the plan names no packages.", "make the plan anew; this one is incomplete.");

    // What is installed afterwards. Whatever can be known to fail is asked before anything is taken away.
    internal static async Task<IReadOnlyDictionary<string, string>> PipAsync(TorchStep step, string python, IReadOnlyDictionary<string, string> there, StepContext context)
    {
        var wanted = Wanted(step);
        var command = PipCommand.Of(step);
        string[] pip = step.Method == "uv" ? [context.Programs.Require("uv"), "pip"] : [python, "-m", "pip"];
        RequireSource(wanted, context.Options);
        if (context.Options.Lock is null)
            command = command.From(step.IndexUrl, await PackageIndex.ChooseAsync(step, wanted[0], context).ConfigureAwait(false));
        var environment = await PipSettings.EnvironmentAsync(python, Path.Combine(context.Cache.Folder, "pip"), context.Note, context.Cancellation).ConfigureAwait(false);
        var broken = await BrokenAsync(python, environment, context).ConfigureAwait(false);
        // A +cpu build, or that of another CUDA, satisfies "torch==2.8.0" in pip's eyes and would stay; so it goes first.
        var wrong = wanted.Where(w => there.TryGetValue(w.Name, out var version) && version != w.Version).ToArray();
        if (wrong.Length > 0)
        {
            context.Note($"{string.Join(", ", wrong.Select(w => $"{w.Name} {there[w.Name]}"))} is replaced.");
            string[] uninstall = step.Method == "uv" ? ["uninstall", "--python", python] : ["uninstall", "--yes"];
            await RunAsync([.. pip, .. uninstall, .. wrong.Select(w => w.Name)], environment, context).ConfigureAwait(false);
        }

        var packages = context.Options.Lock is not null ? context.Options.Lock : step.Method == "uv" && !await HasPipAsync(python, context).ConfigureAwait(false)
            ? null
            : await PackageLock.ResolveAsync(python, command.Sources, step, command.Requirements, environment, context).ConfigureAwait(false);
        if (packages is { Count: > 0 })
            await LockedAsync(python, packages, environment, context).ConfigureAwait(false);
        else if (packages is null)
            await UnlockedAsync(step, python, pip, command, environment, context).ConfigureAwait(false);
        var now = await PythonPrograms.PackagesAsync(python, context.Cancellation).ConfigureAwait(false);
        if (wanted.FirstOrDefault(w => now.GetValueOrDefault(w.Name) != w.Version) is { } missing)
            throw new StepFailedException($"{missing.Name} is {now.GetValueOrDefault(missing.Name) ?? "not installed"} instead of {missing.Version}.", "the index is not what the plan says; choose another mirror.");
        var wrongNow = (await BrokenAsync(python, environment, context).ConfigureAwait(false)).Except(broken).ToArray();
        return wrongNow.Length == 0
            ? now
            : throw new StepFailedException($"after the installation the packages do not fit together: {string.Join("; ", wrongNow)}.", "use an environment of its own: let the plan make one.");
    }

    private static void RequireSource(Requirement[] wanted, ExecutionOptions options)
    {
        if (options.Lock is null && options.Offline)
            throw new StepFailedException("without a network nobody can say what the packages need.", "fetch a bundle where there is one: cudacompat fetch PLAN --to DIR, then cudacompat apply DIR here.");
        if (options.Lock is { } given && wanted.FirstOrDefault(w => !given.Any(p => p.Name == w.Name && p.Version == w.Version)) is { } lacking)
            throw new StepFailedException($"the bundle has no {lacking}.", "fetch the bundle anew for this plan.");
    }

    // Everything that is installed was fetched and checked by us; the installer has no network.
    private static async Task LockedAsync(string python, IReadOnlyList<LockedPackage> packages, Dictionary<string, string?> environment, StepContext context)
    {
        var folder = await PackageLock.FetchAsync(packages, context).ConfigureAwait(false);
        PackageLock.Keep(packages, context.Journal.Folder);
        var list = context.Journal.NewPath("requirements") + ".txt";
        DurableFiles.Write(list, Encoding.UTF8.GetBytes(PackageLock.Requirements(packages)));
        string[] from = ["--no-index", "--find-links", folder, "--no-deps", "--require-hashes"];
        // uv unpacks several times as fast as pip, and both install the same checked files.
        string[] install = context.Programs.Find("uv") is { } uv
            ? [uv, "pip", "install", "--python", python, .. from, "--requirement", list]
            : [python, "-m", "pip", "install", .. from, "--requirement", list];
        context.Note($"installing {packages.Count} packages, all fetched and checked by their hashes.");
        await RunAsync(install, environment, context).ConfigureAwait(false);
        FileState.Remove(folder);
    }

    private static async Task UnlockedAsync(TorchStep step, string python, string[] pip, PipCommand command, Dictionary<string, string?> environment, StepContext context)
    {
        string[] source = step.Method == "uv" ? ["--python", python, .. command.Sources] : [.. command.Sources];
        if (HashedFile(step, context) is { } hashed)
            await RunAsync([.. pip, "install", .. source, "--no-deps", "--require-hashes", "--requirement", hashed], environment, context).ConfigureAwait(false);
        // The rest: what the packages need and no source has listed. With all of it there, nothing is fetched.
        await RunAsync([.. pip, "install", .. source, .. command.Requirements], environment, context).ConfigureAwait(false);
    }

    private static async Task<bool> HasPipAsync(string python, StepContext context) =>
        (await context.RunAsync(new ProcessRequest(python, ["-m", "pip", "--version"]) { Environment = PythonPrograms.Environment(null) }).ConfigureAwait(false)).Succeeded;

    // What does not fit together, as pip tells it; what was so before is not this step's doing.
    private static async Task<IReadOnlyList<string>> BrokenAsync(string python, Dictionary<string, string?> environment, StepContext context)
    {
        var result = await ProcessRunner.RunAsync(new ProcessRequest(python, ["-m", "pip", "check"]) { Environment = environment, TimeLimit = TimeSpan.FromMinutes(5) }, context.Cancellation).ConfigureAwait(false);
        return result.ExitCode == 1 ? [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)] : [];
    }

    private static async Task CondaAsync(TorchStep step, string folder, StepContext context)
    {
        var arguments = CondaCommand.Of(step).Arguments(folder, context.Options);
        await RunAsync([context.Programs.Require(step.Command![0]), .. arguments], context).ConfigureAwait(false);
    }

    // A requirements file with the hash of each known wheel; null where one of the packages asked for has none.
    private static string? HashedFile(TorchStep step, StepContext context)
    {
        if (HashedRequirements.Of(step) is not { } lines)
            return null;
        var path = context.Journal.NewPath("requirements") + ".txt";
        DurableFiles.Write(path, Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))));
        return path;
    }

    private static Task<ProcessResult> RunAsync(string[] command, StepContext context) =>
        RunAsync(command, PythonPrograms.Environment(Path.Combine(context.Cache.Folder, "pip")), context);

    private static Task<ProcessResult> RunAsync(string[] command, IReadOnlyDictionary<string, string?> environment, StepContext context) => context.RunOrFailAsync(
        new ProcessRequest(command[0], command[1..])
        {
            Environment = environment,
            TimeLimit = Limit,
            WorkingFolder = context.Journal.Folder, // not the current folder: pip would read its setup files
        },
        "look at the last lines, or choose another mirror.");
}
