using CudaCompat.Environments;
using CudaCompat.Environments.Requirements;
using CudaCompat.Planning;
using CudaCompat.Resolution;

namespace CudaCompat.Diagnosis;

/// <summary>What <c>doctor --fix</c> would do: the acts of all findings in one order, none twice and none against another.</summary>
/// <param name="Plan">The steps; null where nothing can be done for the person.</param>
/// <param name="Commands">The same steps as a person would type them, one a step; the last step, the proof, has none.</param>
/// <param name="Mends">The findings that the steps are for.</param>
/// <param name="Left">The findings that only a person can mend.</param>
internal sealed record RepairPlan(InstallPlan? Plan, IReadOnlyList<string> Commands, IReadOnlyList<Finding> Mends, IReadOnlyList<Finding> Left)
{
    /// <summary>The plan for what a doctor found.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="environment">The environment as it was read; null where there is none.</param>
    /// <param name="index">An index in place of the default one and of PyTorch's own (a mirror that has both); null for these.</param>
    public static RepairPlan Of(DoctorReport report, EnvironmentReport? environment, string? index)
    {
        var troubles = report.Findings.Where(f => f.Severity != Severity.Info).ToArray();
        if (environment?.Pip is not { } pip)
            return new RepairPlan(null, [], [], troubles);
        var mended = troubles.Where(f => f.Mending is { Repairs.Count: > 0 }).ToArray();
        // Another build of torch for this machine answers every error that the machine has with the installed one.
        var build = troubles.Any(IsOfMachine) ? report.Remedies.FirstOrDefault(r => r.Mending is { Repairs.Count: > 0 }) : null;
        var repairs = Merged([.. build?.Mending!.Repairs ?? [], .. mended.SelectMany(f => f.Mending!.Repairs)]);
        if (repairs.Count == 0)
            return new RepairPlan(null, [], [], troubles);
        var steps = repairs.Select(r => Step(r, environment, index)).ToList<InstallStep>();
        string[] checks = [.. ((string?[])[environment.Torch is null ? null : "torch", environment.Torchvision is null ? null : "torchvision", environment.Torchaudio is null ? null : "torchaudio"]).OfType<string>()
            .Where(c => !repairs.OfType<UninstallPackages>().Any(u => u.Names.Contains(c)))];
        if (checks.Length > 0 && report.Stack is not null)
            steps.Add(new VerifyStep { Component = "stack", Checks = checks, Description = "Uses what was mended." });
        var plan = new InstallPlan
        {
            // What is expected afterwards is what the doctor reads then; the proof here is that it works.
            Stack = new StackDocument(),
            Compatibility = "cpu",
            Steps = [new PythonStep { Component = "python", Method = "existing", Environment = environment.Root }, .. steps],
            Machine = report.Machine,
            DataVersion = report.DataVersion,
        };
        // A Python that does not run cannot be checked before it is linked again.
        if (repairs[0] is RelinkPython)
            plan = plan with { Steps = [steps[0], plan.Steps[0], .. steps.Skip(1)] };
        string[] commands = [.. repairs.Select(r => pip.Text(index is not null && r is InstallPackages install ? install with { Index = index } : r))];
        Finding[] left = [.. troubles.Where(f => !mended.Contains(f) && !(build is not null && IsOfMachine(f)))];
        return new RepairPlan(plan, commands, [.. troubles.Except(left)], left);
    }

    // What the rules say of the machine and the installed build has no command of its own; another build is its remedy.
    private static bool IsOfMachine(Finding finding) => finding is { Severity: Severity.Error, Mending: null, Command: null, File: null };

    /// <summary>The acts in the order in which they are done. What decides a version goes before what puts the same package back.</summary>
    private static List<Repair> Merged(IReadOnlyList<Repair> repairs)
    {
        var merged = new List<Repair>();
        merged.AddRange(repairs.OfType<RelinkPython>().Take(1));
        string[] leftovers = [.. repairs.OfType<RemoveLeftovers>().SelectMany(r => r.Paths).Distinct(StringComparer.Ordinal)];
        if (leftovers.Length > 0)
            merged.Add(new RemoveLeftovers(leftovers));
        string[] names = [.. repairs.OfType<UninstallPackages>().SelectMany(r => r.Names).Distinct(StringComparer.Ordinal)];
        if (names.Length > 0)
            merged.Add(new UninstallPackages(names));

        // torch with its partners, then partners, then what is put back as it was; one that brings its dependencies anew mends those too.
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var chosen = new List<InstallPackages>();
        var installs = repairs.OfType<InstallPackages>().Where(i => !i.Requirements.All(r => names.Contains(NameOf(r)))).ToArray();
        foreach (var install in installs.Where(i => i is { Again: true, Alone: false }).Take(1).Concat(installs.Where(i => i is { Again: true, Alone: true })).Concat(installs.Where(i => !i.Again)))
        {
            string[] requirements = [.. install.Requirements.Where(r => !taken.Contains(KeyOf(r)))];
            if (requirements.Length == 0 || install is { Again: true, Alone: true } && chosen is [{ Alone: false }] && !requirements.Any(r => IsOfFamily(KeyOf(r))))
                continue;
            chosen.Add(install with { Requirements = requirements });
            taken.UnionWith(requirements.Select(KeyOf));
        }

        merged.AddRange(chosen.GroupBy(c => (c.Again, c.Alone, c.Index)).Select(g => g.First() with { Requirements = [.. g.SelectMany(c => c.Requirements)] }));
        return merged;
    }

    private static bool IsOfFamily(string key) => key is "torch" or "torchvision" or "torchaudio";

    private static string NameOf(string requirement) => Requirement.Parse(requirement)?.Name ?? requirement;

    private static string KeyOf(string requirement) => Requirement.KeyOf(NameOf(requirement));

    private static RepairStep Step(Repair repair, EnvironmentReport environment, string? index) => repair switch
    {
        InstallPackages install => new RepairStep
        {
            Component = "environment",
            Method = "install",
            Environment = environment.Root,
            Requirements = install.Requirements,
            Again = install.Again,
            Alone = install.Alone,
            IndexUrl = index ?? install.Index,
        },
        UninstallPackages uninstall => new RepairStep { Component = "environment", Method = "uninstall", Environment = environment.Root, Requirements = uninstall.Names },
        RemoveLeftovers remove => new RepairStep { Component = "environment", Method = "remove", Environment = environment.Root, Paths = remove.Paths },
        RelinkPython relink => new RepairStep { Component = "environment", Method = "relink", Environment = environment.Root, Version = relink.Version },
        _ => throw new InvalidOperationException($"{repair.GetType().Name} is no step."),
    };
}
