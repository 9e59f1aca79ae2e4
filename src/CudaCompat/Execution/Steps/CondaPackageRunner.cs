using CudaCompat.Execution.Journals;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>Installs toolkit or cuDNN as conda packages into the plan's environment, which is guarded as for torch.</summary>
internal sealed class CondaPackageRunner : IStepRunner
{
    public string Describe(InstallStep step, StepContext context) => $"run {string.Join(' ', step.Command ?? [])} for {Folder(step, context)}";

    public Task<string?> FindDoneAsync(InstallStep step, StepContext context) => Task.FromResult<string?>(null);

    public async Task<string> RunAsync(InstallStep step, StepContext context)
    {
        var folder = Folder(step, context);
        if (step.Command?.ToArray() is not [{ } program, "install", .. var rest])
            throw new StepFailedException("the plan has no conda command.", "make the plan anew; this one is incomplete.");
        var conda = context.Programs.Require(Path.GetFileName(program));
        string[] arguments = ["install", "--yes", "--prefix", folder, .. rest.Where(a => a is not ("-y" or "--yes"))];
        await context.RunOrFailAsync(new ProcessRequest(conda, [.. arguments, "--dry-run"]) { TimeLimit = TimeSpan.FromMinutes(30) }, "look at the last lines; a channel may be missing.").ConfigureAwait(false);
        var guard = TreeGuard.Keep(folder, context.Journal);
        context.Record(guard);
        await context.RunOrFailAsync(new ProcessRequest(conda, arguments) { TimeLimit = TimeSpan.FromHours(2) }, "look at the last lines; then run again with --resume.").ConfigureAwait(false);
        DurableFiles.FlushFileSystem(folder);
        var changed = TreeGuard.Difference(guard, context.Journal);
        context.Record(changed);
        TreeGuard.DropUnused(changed, context.Journal);
        return $"installed into {folder}";
    }

    private static string Folder(InstallStep step, StepContext context) =>
        (step is ToolkitStep toolkit ? toolkit.Prefix : ((CudnnStep)step).Prefix) is { } prefix ? Path.GetFullPath(prefix)
        : context.EnvironmentFolder ?? throw new StepFailedException("the plan names no conda environment.", "let the plan make one.");
}
