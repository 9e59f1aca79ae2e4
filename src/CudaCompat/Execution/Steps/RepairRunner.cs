using CudaCompat.Execution.Downloads;
using System.Text;
using CudaCompat.Execution.Journals;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>
/// Mends an environment that is there: packages by pip or uv, leftovers by removing them, the link to the base Python. The environment is
/// guarded as for an installation, so that every act is known to the byte and can be undone.
/// </summary>
internal sealed class RepairRunner : IStepRunner
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(3);

    public string Describe(InstallStep step, StepContext context)
    {
        var repair = (RepairStep)step;
        var from = repair.IndexUrl is { } index ? $" from {SecretText.Mask(index)}" : "";
        return repair.Method switch
        {
            "install" => $"install {string.Join(' ', repair.Requirements)} in {repair.Environment}{from}{(repair.Again ? ", over what is there" : "")}{(repair.Alone ? ", without dependencies" : "")}",
            "uninstall" => $"uninstall {string.Join(' ', repair.Requirements)} in {repair.Environment}",
            "remove" => $"remove {string.Join(' ', repair.Paths)}",
            _ => $"link {repair.Environment} to a Python {repair.Version} of this machine",
        };
    }

    // Whether something is whole shows in its files, and the doctor read them before it asked for this; only what this run did itself is not done again.
    public Task<string?> FindDoneAsync(InstallStep step, StepContext context) =>
        Task.FromResult(context.OpenJournal?.State.PhaseOf(context.Index) == StepPhase.Done ? "done in this run" : null);

    public async Task<string> RunAsync(InstallStep step, StepContext context)
    {
        var repair = (RepairStep)step;
        var folder = repair.Environment!;
        if (!Directory.Exists(folder) || repair.Method != "relink" && !File.Exists(Path.Combine(folder, "pyvenv.cfg")) && !Directory.Exists(Path.Combine(folder, "conda-meta")))
            throw new StepFailedException($"{folder} is no environment of its own.", "use a virtual environment: let a plan make one.");
        // Without an interpreter nobody can say what is installed; the files say what changed.
        var before = repair.Method == "relink" ? null : await PackagesAsync(folder, context).ConfigureAwait(false);
        var guard = TreeGuard.Keep(folder, context.Journal);
        context.Record(guard);
        var done = repair.Method switch
        {
            "install" => await InstallAsync(repair, Python(folder), context).ConfigureAwait(false),
            "uninstall" => await UninstallAsync(repair, Python(folder), context).ConfigureAwait(false),
            "remove" => Remove(repair, folder),
            _ => await RelinkAsync(repair, folder, context).ConfigureAwait(false),
        };
        DurableFiles.FlushFileSystem(folder);
        var after = before is null ? null : await PackagesAsync(folder, context).ConfigureAwait(false);
        var changed = TreeGuard.Difference(guard, context.Journal) with
        {
            Packages = before is null || after is null ? null : [.. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
                .Select(n => new PackageChange(n, before.GetValueOrDefault(n), after.GetValueOrDefault(n))).Where(c => c.Before != c.After)],
        };
        context.Record(changed);
        TreeGuard.DropUnused(changed, context.Journal);
        return done;
    }

    private static string Python(string folder) => PythonPrograms.Of(folder)
        ?? throw new StepFailedException($"there is no Python in {folder} that runs.", "link it to its base Python again first.");

    private static async Task<IReadOnlyDictionary<string, string>> PackagesAsync(string folder, StepContext context) => PythonPrograms.Of(folder) is { } python
        ? await PythonPrograms.PackagesAsync(python, context.Cancellation).ConfigureAwait(false)
        : new Dictionary<string, string>();

    private static async Task<string> InstallAsync(RepairStep repair, string python, StepContext context)
    {
        DropUnlisted(repair.Environment!, repair.Requirements.Select(NameOf), context);
        var environment = await PipSettings.EnvironmentAsync(python, PipFolder(context), context.Note, context.Cancellation).ConfigureAwait(false);
        string[] how = [.. repair.Again ? ["--force-reinstall"] : (string[])[], .. repair.Alone ? ["--no-deps"] : (string[])[]];
        string[] source = repair.IndexUrl is { } index ? ["--index-url", index] : [];
        if (context.Options.Offline)
            throw new StepFailedException("without a network nothing can be fetched.", "mend it where the index is in reach.");
        if (!await HasPipAsync(python, context).ConfigureAwait(false))
        {
            var uv = context.Programs.Require("uv");
            await RunAsync([uv, "pip", "install", "--python", python, .. how, .. source, .. repair.Requirements], environment, context).ConfigureAwait(false);
            return $"{string.Join(", ", repair.Requirements)} installed by uv";
        }

        // The same lock as for an installation: pip says what it would take, and what is installed was fetched and checked by us.
        var asked = new TorchStep { Component = repair.Component, Method = "pip", IndexUrl = repair.IndexUrl };
        var packages = await PackageLock.ResolveAsync(python, [.. how, .. source], asked, repair.Requirements, environment, context).ConfigureAwait(false);
        if (packages is null)
        {
            await RunAsync([python, "-m", "pip", "install", .. how, .. source, .. repair.Requirements], environment, context).ConfigureAwait(false);
        }
        else if (packages.Count > 0)
        {
            var wheels = await PackageLock.FetchAsync(packages, context).ConfigureAwait(false);
            var list = context.Journal.NewPath("requirements") + ".txt";
            DurableFiles.Write(list, Encoding.UTF8.GetBytes(PackageLock.Requirements(packages)));
            string[] again = repair.Again ? ["--force-reinstall"] : [];
            await RunAsync([python, "-m", "pip", "install", .. again, "--no-deps", "--no-index", "--find-links", wheels, "--require-hashes", "--requirement", list], environment, context).ConfigureAwait(false);
            FileState.Remove(wheels);
        }

        return packages is { Count: > 0 } ? $"{string.Join(", ", packages.Select(p => $"{p.Name} {p.Version}"))} installed" : $"{string.Join(", ", repair.Requirements)} installed";
    }

    private static async Task<string> UninstallAsync(RepairStep repair, string python, StepContext context)
    {
        var names = repair.Requirements;
        string[] pip = await HasPipAsync(python, context).ConfigureAwait(false)
            ? [python, "-m", "pip", "uninstall", "--yes"]
            : [context.Programs.Require("uv"), "pip", "uninstall", "--python", python];
        await RunAsync([.. pip, .. names], Environment(context), context).ConfigureAwait(false);
        return $"{string.Join(", ", names)} uninstalled";
    }

    private static string Remove(RepairStep repair, string folder)
    {
        foreach (var path in repair.Paths.Select(Path.GetFullPath))
        {
            // Only what lies directly in a folder of packages of this very environment.
            if (!path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal) || Path.GetFileName(Path.GetDirectoryName(path)) is not ("site-packages" or "dist-packages"))
                throw new StepFailedException($"{path} does not lie in the packages of {folder}; it is not removed.", "remove it yourself, if it is yours.");
            FileState.Remove(path);
        }

        return $"{string.Join(", ", repair.Paths.Select(Path.GetFileName))} removed";
    }

    private static async Task<string> RelinkAsync(RepairStep repair, string folder, StepContext context)
    {
        var maker = await PythonPrograms.RequireAsync(context.Options.Python, repair.Version, context.Programs, context.Cancellation).ConfigureAwait(false);
        // venv leaves a link that is there, be it to nowhere, and stumbles over it.
        foreach (var name in (string[])["python", "python3", "python" + repair.Version])
            FileState.Remove(Path.Combine(folder, "bin", name));
        await context.RunOrFailAsync(
            new ProcessRequest(maker, ["-m", "venv", "--upgrade", folder]) { Environment = PythonPrograms.Environment(Path.Combine(context.Cache.Folder, "pip")), TimeLimit = TimeSpan.FromMinutes(15) },
            "on Debian and Ubuntu venv is a package of its own (python3-venv); else look at the last lines.").ConfigureAwait(false);
        return $"linked to {maker}";
    }

    // pip cannot take away what it has no list of, and refuses; without its dist-info the package counts as not installed and is written over.
    private static void DropUnlisted(string folder, IEnumerable<string> names, StepContext context)
    {
        var wanted = names.Select(Requirement.Normal).ToHashSet(StringComparer.Ordinal);
        foreach (var info in SitesOf(folder).SelectMany(s => Directory.EnumerateDirectories(s, "*.dist-info")).ToArray())
        {
            var name = Requirement.Normal(Path.GetFileName(info).Split('-')[0]);
            if (!wanted.Contains(name) || File.Exists(Path.Combine(info, "RECORD")) && File.Exists(Path.Combine(info, "METADATA")))
                continue;
            context.Note($"{Path.GetFileName(info)} has no {(File.Exists(Path.Combine(info, "RECORD")) ? "METADATA" : "RECORD")}; it is removed, since pip can do nothing with it.");
            FileState.Remove(info);
        }
    }

    private static IEnumerable<string> SitesOf(string folder)
    {
        var windows = Path.Combine(folder, "Lib", "site-packages");
        if (OperatingSystem.IsWindows())
            return Directory.Exists(windows) ? [windows] : [];
        var lib = Path.Combine(folder, "lib");
        return Directory.Exists(lib) ? Directory.EnumerateDirectories(lib, "python3*").Select(p => Path.Combine(p, "site-packages")).Where(Directory.Exists) : [];
    }

    private static string NameOf(string requirement) => new([.. requirement.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')]);

    private static async Task<bool> HasPipAsync(string python, StepContext context) =>
        (await context.RunAsync(new ProcessRequest(python, ["-m", "pip", "--version"]) { Environment = PythonPrograms.Environment(null) }).ConfigureAwait(false)).Succeeded;

    private static string PipFolder(StepContext context) => Path.Combine(context.Cache.Folder, "pip");

    private static Dictionary<string, string?> Environment(StepContext context) => new(PythonPrograms.Environment(PipFolder(context)));

    private static Task<ProcessResult> RunAsync(string[] command, IReadOnlyDictionary<string, string?> environment, StepContext context) => context.RunOrFailAsync(
        new ProcessRequest(command[0], command[1..]) { Environment = environment, TimeLimit = Limit, WorkingFolder = context.Journal.Folder },
        "look at the last lines; where the index cannot be reached, name another with --index.");
}
