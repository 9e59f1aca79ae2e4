using System.Runtime.InteropServices;
using CudaCompat.Execution.Downloads;
using CudaCompat.Execution.Journals;
using CudaCompat.Execution.Steps;
using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution;

/// <summary>
/// Everything that the Python packages of a plan need, by name, version, file and hash: pip itself says it from the index's metadata, in an
/// environment of the plan's Python that is gone afterwards.
/// </summary>
internal static class PlanLock
{
    private static readonly TimeSpan VenvLimit = TimeSpan.FromMinutes(15);

    /// <summary>The lock of a plan; empty where it has no Python packages.</summary>
    /// <exception cref="StepFailedException">The packages come from conda, are those of another system, or the index cannot say it.</exception>
    public static async Task<IReadOnlyList<LockedPackage>> ResolveAsync(InstallPlan plan, ExecutionOptions options, CancellationToken cancellation)
    {
        // A toolkit that comes as packages is locked with torch: what both pin are the same packages.
        TorchStep[] steps = [.. plan.Steps.OfType<TorchStep>(), .. plan.Steps.Select(Planning.Steps.PipToolkitSteps.AsPackages).OfType<TorchStep>()];
        if (steps.Length == 0)
            return [];
        if (steps.Any(s => s.Method is "conda" or "conda-forge"))
            throw new StepFailedException("the packages of this plan come from conda, which locks them itself.", "plan with --packaging pip or uv.");
        if (plan.Machine is { } machine && !IsHere(machine))
            throw new StepFailedException("what packages of another system need is only told there.", "run this on such a machine, with the plan's Python.");
        var work = Directory.CreateTempSubdirectory("cudacompat-lock-").FullName;
        try
        {
            using var client = Downloader.CreateClient();
            using var journal = Journal.Open(Path.Combine(work, "journal"), options.Clock);
            var cache = new DownloadCache(Path.Combine(work, "cache"));
            var downloader = new Downloader(client, cache, options.Retry, options.Events ?? new Progress<ExecutionEvent>(), options.Clock);
            var context = new StepContext(plan, 0, options, journal, downloader, cache, cancellation);
            var maker = await PythonPrograms.RequireAsync(options.Python, plan.Steps.OfType<PythonStep>().FirstOrDefault()?.Version, context.Programs, cancellation).ConfigureAwait(false);
            var (pip, venv) = (Path.Combine(work, "pip"), Path.Combine(work, "venv"));
            await context.RunOrFailAsync(new ProcessRequest(maker, ["-m", "venv", venv]) { Environment = PythonPrograms.Environment(pip), TimeLimit = VenvLimit }, "look at the last lines.").ConfigureAwait(false);
            var python = PythonPrograms.Of(venv) ?? throw new StepFailedException("no environment could be made.", "look at the last lines.");
            var environment = await PipSettings.EnvironmentAsync(python, pip, note: null, cancellation).ConfigureAwait(false);
            List<LockedPackage> locked = [];
            foreach (var step in steps)
            {
                var command = PipCommand.Of(step);
                command = command.From(step.IndexUrl, await PackageIndex.ChooseAsync(step, Requirement.Parse(step.Requirements[0]), context).ConfigureAwait(false));
                var packages = await PackageLock.ResolveAsync(python, command.Sources, step, command.Requirements, environment, context).ConfigureAwait(false)
                    ?? throw new StepFailedException("the closure of the Python packages cannot be locked.", "choose another index, or a newer Python.");
                if (packages.FirstOrDefault(m => locked.Exists(p => p.Name == m.Name && p.Version != m.Version)) is { } other)
                    throw new StepFailedException($"the {step.Component} would bring {other.Name} {other.Version}, and torch another version.", "take --toolkit-from redist.");
                locked.AddRange(packages.Where(m => !locked.Exists(p => p.Name == m.Name)));
            }

            return locked;
        }
        finally
        {
            FileState.Remove(work);
        }
    }

    private static bool IsHere(DriverInfo machine) => machine.OperatingSystem switch
    {
        OperatingSystemFamily.Windows => OperatingSystem.IsWindows(),
        OperatingSystemFamily.Linux or OperatingSystemFamily.Wsl => OperatingSystem.IsLinux(),
        _ => true,
    } && machine.Architecture switch
    {
        CpuArchitecture.X64 => RuntimeInformation.OSArchitecture == Architecture.X64,
        CpuArchitecture.Arm64 => RuntimeInformation.OSArchitecture == Architecture.Arm64,
        _ => true,
    };
}
