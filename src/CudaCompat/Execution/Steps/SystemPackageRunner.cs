using CudaCompat.Execution.Journals;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>Installs packages of the distribution, simulated first; never a driver.</summary>
internal sealed class SystemPackageRunner : IStepRunner
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    public string Describe(InstallStep step, StepContext context) => $"install {string.Join(' ', Packages(step))} with {Manager(step).Name}, as administrator";

    public async Task<string?> FindDoneAsync(InstallStep step, StepContext context)
    {
        var manager = Manager(step);
        if (context.Programs.Find(manager.Query[0]) is not { } query)
            return null;
        var packages = Packages(step);
        var there = await InstalledAsync(query, manager, packages.Select(NameOf), context).ConfigureAwait(false);
        return packages.All(p => there.TryGetValue(NameOf(p), out var v) && (VersionOf(p, manager) is not { } wanted || wanted == v)) ? $"{string.Join(", ", packages)} are installed" : null;
    }

    public async Task<string> RunAsync(InstallStep step, StepContext context)
    {
        var manager = Manager(step);
        var packages = Packages(step);
        if (context.Options.Offline)
            throw new StepFailedException($"{manager.Name} takes its packages from a network.", "run it without --offline, or plan with --toolkit-from redist and apply a bundle (cudacompat fetch PLAN --to DIR).");
        var program = context.Programs.Require(manager.Program);
        var install = manager.InstallWords(step.Command, packages);
        var simulated = await context.RunAsync(new ProcessRequest(program, [.. manager.Simulate(install), .. packages]) { Environment = Language, TimeLimit = Limit }).ConfigureAwait(false);
        var simulation = manager.Parse(simulated.Output);
        if (simulation.Changes.Count == 0)
            throw new StepFailedException($"{manager.Name} would install nothing ({simulated.Outcome}).", "look at the last lines; the repository may be missing.", simulated.ExitCode, simulated.Tail);
        if (FirstTouched(simulation, context.Options.DriverIsThere ?? InstalledDriver.IsThere) is { } driver)
            throw new StepFailedException($"{manager.Name} would touch the driver package {driver}; drivers are never installed, changed or removed by a plan.", "take the redistributable archives (--toolkit-from redist).");
        if (simulation.Removed.Count > 0)
            throw new StepFailedException($"{manager.Name} would remove {string.Join(", ", simulation.Removed)}.", "solve that by hand first, or take the redistributable archives (--toolkit-from redist).");
        context.Record(new PackagesInstalled(manager.Name, simulation.Changes));
        await context.RunOrFailAsync(
            Elevated(Writing(program, [.. manager.Wait, .. install, .. packages], context.Journal.Folder), context.Options, context.Programs),
            "look at the last lines.").ConfigureAwait(false);
        context.Cancellation.ThrowIfCancellationRequested();
        return $"{simulation.Changes.Count} packages: {string.Join(", ", simulation.Changes.Select(c => c.Name))}";
    }

    /// <summary>The first package of a driver that would be touched; new libraries count only where there is a driver that they could hide.</summary>
    private static string? FirstTouched(PackageSimulation simulation, bool driverIsThere) =>
        simulation.Removed.FirstOrDefault(DriverPackages.Contains)
        ?? simulation.Changes.FirstOrDefault(c => DriverPackages.Contains(c.Name) && (driverIsThere || c.Before is not null || !DriverPackages.IsLibrary(c.Name)))?.Name;

    /// <summary>True for the name of a program that writes packages: it is never stopped.</summary>
    public static bool IsManager(string program) =>
        program is "apt-get" or "apt" or "dpkg" or "dpkg-deb" or "dnf" or "dnf5" or "dnf-3" or "rpm" or "zypper" or "sudo";

    /// <summary>Undoes an installation by exact names; what is left to do by hand, null for nothing.</summary>
    public static async Task<string?> RemoveAsync(PackagesInstalled installed, string journalFolder, ExecutionOptions options)
    {
        if (PackageManager.Of(installed.Manager) is not { } manager)
            return $"{VisibleText.Of(installed.Manager)} is no package manager that is known; remove {string.Join(", ", installed.Packages.Select(p => p.Name))} by hand.";
        var programs = options.ProgramPath is { } path ? TrustedPath.FromVariable(path) : TrustedPath.Current;
        if (programs.Find(manager.Program) is not { } program || programs.Find(manager.Query[0]) is not { } query)
            return $"{manager.Program} is not there; remove {string.Join(", ", installed.Packages.Select(p => p.Name))} by hand.";
        var names = installed.Packages.Select(p => p.Name).ToArray();
        var states = await StatesAsync(query, manager, names, null).ConfigureAwait(false);
        var left = new List<string>();
        if (manager.Repair is [var name, .. var words] && states.Values.Any(s => s.State is not "installed") && programs.Find(name) is { } repair)
        {
            // Interrupted half way: unpacked, half-configured. The manager refuses to work until that is mended.
            await RunAsync(repair, words).ConfigureAwait(false);
            states = await StatesAsync(query, manager, names, null).ConfigureAwait(false);
        }

        var added = installed.Packages.Where(p => p.Before is null && states.ContainsKey(p.Name)).Select(p => p.Name).ToArray();
        var changed = installed.Packages.Where(p => p.Before is { Length: > 0 } && states.GetValueOrDefault(p.Name).Version == p.After).Select(p => $"{p.Name}{manager.VersionMark}{p.Before}").ToArray();
        if (added.Length > 0)
            await RunAsync(program, [.. manager.Wait, .. manager.Remove, .. added]).ConfigureAwait(false);
        if (changed.Length > 0)
            await RunAsync(program, [.. manager.Wait, .. manager.Downgrade, .. changed]).ConfigureAwait(false);
        var still = await StatesAsync(query, manager, added, null).ConfigureAwait(false);
        if (still.Count > 0 && left.Count == 0)
            left.Add($"still there: {string.Join(", ", still.Select(s => $"{s.Key} ({s.Value.State})"))}");
        return left.Count == 0 ? null : string.Join("; ", left);

        async Task RunAsync(string what, string[] arguments)
        {
            var request = Elevated(Writing(what, arguments, journalFolder), options, programs);
            var result = await ProcessRunner.RunAsync(request, CancellationToken.None).ConfigureAwait(false);
            if (!result.Succeeded)
                left.Add($"{request}: {result.Outcome}; {string.Join(" | ", result.Tail.TakeLast(3))}");
        }
    }

    // Whatever happens to us, a package manager that writes comes to its end.
    private static ProcessRequest Writing(string program, string[] arguments, string journalFolder) =>
        new(program, arguments) { Environment = Language, TimeLimit = Limit, Unstopped = new UnstoppedProgram(Path.GetFileName(program), Path.Combine(journalFolder, "packages.log")) };

    /// <summary>The request as administrator: through sudo where we are not.</summary>
    internal static ProcessRequest Elevated(ProcessRequest request, ExecutionOptions options, TrustedPath programs)
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            return request;
        string[] ask = options.Unattended ? ["--non-interactive", "--"] : ["--"];
        return request with { Program = programs.Require("sudo"), Arguments = [.. ask, request.Program, .. request.Arguments] };
    }

    private static IReadOnlyDictionary<string, string?> Language { get; } = new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8", ["DEBIAN_FRONTEND"] = "noninteractive" };

    private static PackageManager Manager(InstallStep step) => PackageManager.Of(step is ToolkitStep toolkit ? toolkit.Method : ((CudnnStep)step).Method)!;

    private static string NameOf(string package) => package.Split('=')[0];

    private static string? VersionOf(string package, PackageManager manager) => manager.VersionMark == '=' && package.Contains('=', StringComparison.Ordinal) ? package.Split('=', 2)[1] : null;

    private static IReadOnlyList<string> Packages(InstallStep step)
    {
        var packages = step is ToolkitStep toolkit ? toolkit.Components : ((CudnnStep)step).Components;
        if (packages.Count == 0)
            throw new StepFailedException("the plan names no packages.", "make the plan anew; this one is incomplete.");
        foreach (var package in packages)
        {
            if (!char.IsAsciiLetterOrDigit(package[0]) || !package.All(c => char.IsAsciiLetterOrDigit(c) || "+-.=:~_^".Contains(c, StringComparison.Ordinal)))
                throw new StepFailedException($"'{package}' is not the name of a package.", "correct the plan.");
            if (DriverPackages.Contains(package))
                throw new StepFailedException($"{package} brings a driver; a plan never installs one.", "name the toolkit's own package (cuda-toolkit-X-Y).");
        }

        return packages;
    }

    private static async Task<Dictionary<string, string>> InstalledAsync(string query, PackageManager manager, IEnumerable<string> names, StepContext context) =>
        (await StatesAsync(query, manager, names, context).ConfigureAwait(false)).Where(s => s.Value.State == "installed").ToDictionary(s => s.Key, s => s.Value.Version);

    // Every state counts in which something of the package is there; of one that was removed only its settings are.
    private static async Task<Dictionary<string, (string Version, string State)>> StatesAsync(string query, PackageManager manager, IEnumerable<string> names, StepContext? context)
    {
        if (!names.Any())
            return [];
        var request = new ProcessRequest(query, [.. manager.Query[1..], .. names]) { Environment = Language };
        var result = context is null ? await ProcessRunner.RunAsync(request, CancellationToken.None).ConfigureAwait(false) : await context.RunAsync(request).ConfigureAwait(false);
        return result.Output.Split('\n').Select(l => l.Split('|')).Where(p => p.Length == 3 && p[2] is not ("not-installed" or "config-files"))
            .GroupBy(p => p[0].Split(':')[0]).ToDictionary(g => g.Key, g => (g.First()[1], g.First()[2]));
    }
}
