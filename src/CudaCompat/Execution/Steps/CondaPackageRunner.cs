using CudaCompat.Execution.Journals;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>Installs toolkit or cuDNN as conda packages into the plan's environment, which is guarded as for torch.</summary>
internal sealed class CondaPackageRunner : IStepRunner
{
    public string Describe(InstallStep step, StepContext context) => $"install {string.Join(' ', CondaCommand.Of(step).Packages)} with conda into {Folder(step, context)}";

    public Task<string?> FindDoneAsync(InstallStep step, StepContext context)
    {
        var command = CondaCommand.Of(step);
        return Task.FromResult(command.IsInstalled(Folder(step, context)) ? $"{string.Join(", ", command.Packages)} are installed" : null);
    }

    public async Task<string> RunAsync(InstallStep step, StepContext context)
    {
        var folder = Folder(step, context);
        var arguments = CondaCommand.Of(step).Arguments(folder, context.Options);
        var environment = PythonPrograms.Environment(null);
        var conda = context.Programs.Require(step.Command![0]);
        await context.RunOrFailAsync(new ProcessRequest(conda, [.. arguments, "--dry-run"]) { Environment = environment, TimeLimit = TimeSpan.FromMinutes(30) }, "look at the last lines; a channel may be missing.").ConfigureAwait(false);
        var guard = TreeGuard.Keep(folder, context.Journal);
        context.Record(guard);
        await context.RunOrFailAsync(new ProcessRequest(conda, arguments) { Environment = environment, TimeLimit = TimeSpan.FromHours(2) }, "look at the last lines.").ConfigureAwait(false);
        DurableFiles.FlushFileSystem(folder);
        var changed = TreeGuard.Difference(guard, context.Journal);
        context.Record(changed);
        TreeGuard.DropUnused(changed, context.Journal);
        return $"installed into {folder}";
    }

    private static string Folder(InstallStep step, StepContext context) => (step is ToolkitStep toolkit ? toolkit.Prefix : ((CudnnStep)step).Prefix)
        ?? context.EnvironmentFolder ?? throw new StepFailedException("the plan names no conda environment.", "let the plan make one.");
}
