using CudaCompat.Execution.Journals;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>Makes a virtual environment, or checks the user's own. A Python that its system manages is never forced.</summary>
internal sealed class PythonRunner : IStepRunner
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public string Describe(InstallStep step, StepContext context)
    {
        var python = (PythonStep)step;
        return python.Method == "existing"
            ? $"check the Python environment {python.Environment ?? context.Options.Python ?? "of this machine"}"
            : $"make a Python {step.Version} environment ({python.Method}) in {Folder(python)}";
    }

    public async Task<string?> FindDoneAsync(InstallStep step, StepContext context)
    {
        var python = (PythonStep)step;
        if (python.Method == "existing" || PythonPrograms.Of(Folder(python)) is not { } program)
            return null;
        var version = await PythonPrograms.VersionAsync(program, context.Cancellation).ConfigureAwait(false);
        return version is not null && PythonPrograms.IsVersion(version, step.Version) ? $"{program} is Python {version}" : null;
    }

    public async Task<string> RunAsync(InstallStep step, StepContext context)
    {
        var python = (PythonStep)step;
        if (python.Method == "existing")
            return await CheckExistingAsync(python, context).ConfigureAwait(false);
        var folder = Folder(python);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new StepFailedException(
                $"{folder} is there and is no Python {step.Version} environment that runs.", "choose another folder for the environment, or remove this one yourself.");
        }

        var isNew = !Directory.Exists(folder);
        TreeGuarded? guard = null;
        if (!isNew)
        {
            context.Record(guard = TreeGuard.Keep(folder, context.Journal)); // empty, but the user's
        }
        else
        {
            context.CreateFolders(Path.GetDirectoryName(folder)!);
            context.Record(new TreeCreated(folder));
        }

        await context.RunOrFailAsync(await CommandAsync(python, folder, context).ConfigureAwait(false), Next(python)).ConfigureAwait(false);
        DurableFiles.FlushFileSystem(folder);
        var done = await FindDoneAsync(step, context).ConfigureAwait(false)
            ?? throw new StepFailedException($"{folder} holds no Python {step.Version} that runs.", Next(python));
        // From here on what the environment gains is the user's.
        context.Record(guard is null ? TreeGuard.Made(folder, context.Journal) : TreeGuard.Difference(guard, context.Journal));
        return done;
    }

    private static string Folder(PythonStep step) => step.Environment is { } folder
        ? Path.GetFullPath(folder)
        : throw new StepFailedException("the plan names no folder for the Python environment.", "make the plan anew; this one is incomplete.");

    private static string Next(PythonStep step) => step.Method == "venv"
        ? "on Debian and Ubuntu venv is a package of its own (python3-venv); else look at the last lines."
        : "look at the last lines.";

    private static async Task<ProcessRequest> CommandAsync(PythonStep step, string folder, StepContext context)
    {
        var environment = PythonPrograms.Environment(Path.Combine(context.Cache.Folder, "pip"));
        switch (step.Method)
        {
            case "uv":
                var python = context.Options.Python ?? step.Version;
                string[] choice = python is null ? [] : ["--python", python];
                return new ProcessRequest(context.Programs.Require("uv"), ["venv", .. choice, .. context.Options.Offline ? new[] { "--offline" } : [], folder]) { Environment = environment, TimeLimit = Limit };
            case "conda":
                string[] version = step.Version is null ? ["python"] : [$"python={step.Version}"];
                return new ProcessRequest(context.Programs.Require("conda"), ["create", "--yes", "--prefix", folder, .. version, .. CondaCommand.Bounds(context.Options)]) { Environment = environment, TimeLimit = Limit };
            default:
                var maker = await PythonPrograms.RequireAsync(context.Options.Python, step.Version, context.Programs, context.Cancellation).ConfigureAwait(false);
                return new ProcessRequest(maker, ["-m", "venv", folder]) { Environment = environment, TimeLimit = Limit };
        }
    }

    private static async Task<string> CheckExistingAsync(PythonStep step, StepContext context)
    {
        var program = step.Environment is { } folder ? PythonPrograms.Of(Path.GetFullPath(folder)) : context.Options.Python;
        program = program is null ? null : context.Programs.Find(program);
        if (program is null)
            throw new StepFailedException($"there is no Python in {step.Environment ?? "the place that the plan names"}.", "name the environment, or let the plan make one.");
        var version = await PythonPrograms.VersionAsync(program, context.Cancellation).ConfigureAwait(false)
            ?? throw new StepFailedException($"{program} does not run.", "choose another Python.");
        if (!PythonPrograms.IsVersion(version, step.Version))
            throw new StepFailedException($"{program} is Python {version}, the plan is for {step.Version}.", "make the plan for this Python, or use another.");
        if (await PythonPrograms.IsExternallyManagedAsync(program, context.Cancellation).ConfigureAwait(false))
        {
            throw new StepFailedException(
                $"{program} is managed by its system (PEP 668, externally-managed-environment); it is never forced.", "use a virtual environment: let the plan make one.");
        }

        return $"{program} is Python {version}";
    }
}
