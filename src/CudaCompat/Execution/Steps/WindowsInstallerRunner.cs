using CudaCompat.Execution.Journals;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>
/// Runs the Windows installer, silent, with the components of its release and never the display driver. Its exit codes say little (0 for
/// nothing installed, others for a whole install), so success is that nvcc is there.
/// </summary>
internal sealed class WindowsInstallerRunner : IStepRunner
{
    private const int RebootWanted = 3010;

    /// <summary>Seen on a whole install where the telemetry service is switched off: https://github.com/chtof/chocolatey-packages/issues/6.</summary>
    private const int TelemetryServiceOff = -2147023836;

    public string Describe(InstallStep step, StepContext context) =>
        $"run {File(step)} silently with {((ToolkitStep)step).Components.Count} components (no display driver), as administrator, into {Folder(step)}";

    public Task<string?> FindDoneAsync(InstallStep step, StepContext context) =>
        Task.FromResult(RedistToolkitRunner.NvccOf(Folder(step)) is { } nvcc ? $"{nvcc} is there" : null);

    public async Task<string> RunAsync(InstallStep step, StepContext context)
    {
        var components = ((ToolkitStep)step).Components;
        if (components.Count == 0)
            throw new StepFailedException("no component names are known for this release; without them the installer would also replace the display driver.", "take --toolkit-from redist, or run the installer by hand and choose 'custom'.");
        if (components.FirstOrDefault(c => c.StartsWith("Display.", StringComparison.OrdinalIgnoreCase) || !c.All(x => char.IsAsciiLetterOrDigit(x) || x is '_' or '.')) is { } bad)
            throw new StepFailedException($"the component {bad} is refused; a plan never installs the display driver.", "correct the plan.");
        if (OperatingSystem.IsWindows() && !Environment.IsPrivilegedProcess)
            throw new StepFailedException("NVIDIA's installer is only run by an administrator.", "start the terminal as administrator, or take --toolkit-from redist, which needs none.");
        var installer = Path.Combine(context.Journal.Folder, File(step));
        DurableFiles.Link((await context.ProgramFileAsync(File(step), step).ConfigureAwait(false)).Path, installer);
        context.Record(new UndoneByHand($"the CUDA toolkit {step.Version} was put there by NVIDIA's installer; remove it under Apps & features (entries \"NVIDIA CUDA … {step.Version}\")."));
        var result = await context.RunAsync(new ProcessRequest(installer, Arguments(step, components)) { TimeLimit = TimeSpan.FromHours(2) }).ConfigureAwait(false);
        System.IO.File.Delete(installer);
        if (RedistToolkitRunner.NvccOf(Folder(step)) is not { } nvcc)
        {
            throw new StepFailedException(
                $"the installer ended with {result.Outcome}, but nvcc is not in {Folder(step)}.",
                "a component may be unknown to this release, or Visual Studio or Windows Update was running; the installer's logs are in %TEMP% (LOG.setup.exe.log). Or take --toolkit-from redist.",
                result.ExitCode, result.Tail);
        }

        return result.ExitCode switch
        {
            0 => $"{nvcc} is there",
            RebootWanted => $"{nvcc} is there; Windows wants to be restarted",
            TelemetryServiceOff => $"{nvcc} is there (exit code {result.ExitCode}: the telemetry service is switched off)",
            _ => $"{nvcc} is there, though the installer ended with {result.Outcome}",
        };
    }

    // As the plan prints them, for the same components.
    private static string[] Arguments(InstallStep step, IReadOnlyList<string> components)
    {
        string[] usual = ["-s", .. components, "-n"];
        return step.Command is null || step.Command.Skip(1).Order(StringComparer.Ordinal).SequenceEqual(usual.Order(StringComparer.Ordinal))
            ? usual
            : throw new StepFailedException("the plan's command is not that of a silent installation of its components.", "make the plan anew; this one contradicts itself.");
    }

    private static string File(InstallStep step) => step.FileName ?? throw new StepFailedException("the plan names no installer file.", "make the plan anew; this one is incomplete.");

    private static string Folder(InstallStep step)
    {
        if (((ToolkitStep)step).Prefix is { } prefix)
            return Path.GetFullPath(prefix);
        var release = string.Join('.', (step.Version ?? "").Split('.').Take(2));
        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "NVIDIA GPU Computing Toolkit", "CUDA", "v" + release);
    }
}
