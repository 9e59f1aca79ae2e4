using CudaCompat.Resolution.Choice;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Alternatives;

/// <summary>Another driver: the lowest that gives anything and, for a plan, the lowest that gives the newest torch.</summary>
internal static class OtherDrivers
{
    /// <summary>For a stack, or a request that nothing serves.</summary>
    public static IEnumerable<Remedy> Of(Question question)
    {
        var machine = question.Machine;
        if (!machine.DriverCanChange)
            yield break;
        // What no driver stops is the best that any driver gives: where that is nothing, no driver helps. Without a GPU the driver itself is what decides.
        var most = Solver.Solve(question.On(machine.WithoutDriver()));
        if (most is null && machine.Gpus is not null)
            yield break;
        (DriverVersion Driver, Candidate Gives)? any = null, newest = null;
        foreach (var driver in DriverCandidates.NewerFirst(machine))
        {
            if (driver == machine.Document.Driver || ForwardLibraryRule.OutgrowsIt(machine, driver))
                continue;
            if (any?.Driver > driver)
                break;
            if (Solver.Solve(question.On(machine.WithDriver(driver)), machine.Gpus is null ? null : newest?.Gives.Build?.Version) is not { } gives)
                continue;
            any ??= (driver, gives);
            if (newest is not { } best || IsNewer(gives, best.Gives))
                newest = (driver, gives);
            if (question.IsCheck || most is not null && !IsNewer(most, newest.Value.Gives))
                break;
        }

        if (any is { } lowest)
            yield return Tell(machine, lowest.Driver, lowest.Gives, question.IsCheck ? "the lowest that does" : "the lowest that gives any plan");
        if (newest is { } last && last.Driver != any!.Value.Driver)
            yield return Tell(machine, last.Driver, last.Gives, question.Torch ? "the lowest that gives the newest torch" : "the lowest that gives the newest toolkit");
    }

    /// <summary>For a plan: the lowest driver that gives the newest torch, where a driver is what keeps it away.</summary>
    public static IReadOnlyList<Remedy> ForNewer(Question question, Candidate choice)
    {
        var machine = question.Machine;
        if (choice.Build is not { Cuda: not null } chosen || machine.Gpus is null || !machine.DriverCanChange || question.TorchSpec?.Exact is not null)
            return [];
        if (Solver.Solve(question.On(machine.WithoutDriver()))?.Build is not { } better || better.Version <= chosen.Version)
            return [];
        foreach (var driver in DriverCandidates.For(machine))
        {
            if (driver > machine.Driver && Solver.Solve(question.On(machine.WithDriver(driver)), better.Version) is { Build: { } given } gives && given.Version >= better.Version)
                return [Tell(machine, driver, gives, "the lowest that gives the newest torch")];
        }

        return [];
    }

    /// <summary>What somebody should know who is told a driver: which release surely knows the GPU, and how far up newer ones do.</summary>
    public static string Advice(MachineFacts machine, DriverVersion driver)
    {
        var gpus = machine.Gpus ?? [];
        var latest = gpus.Select(g => (Gpu: g, First: DriverGpuRule.FirstDriver(machine, g))).Where(x => x.First > driver).OrderByDescending(x => x.First).FirstOrDefault();
        var known = latest.First is { } first ? $" {Words.Short(latest.Gpu.Name)} first appears in {first}, so that or a newer one is safer." : "";
        var isDowngrade = machine.Document.Driver > driver;
        return isDowngrade && gpus.Min(g => g.Architecture?.LastDriverBranch) is { } last ? $"{known} Any newer one up to branch {last} drives the GPU too." : known;
    }

    private static bool IsNewer(Candidate candidate, Candidate than) => candidate.Build is { } build ? build.Version > than.Build!.Version : candidate.Toolkit > than.Toolkit;

    private static Remedy Tell(MachineFacts machine, DriverVersion driver, Candidate gives, string which) => new(
        "driver",
        machine.Document.Driver?.ToString(),
        driver.ToString(),
        gives.ToString(),
        $"Install NVIDIA driver {driver} on {Words.Os(machine.Drivers.Os)} ({which}): {gives}.{Advice(machine, driver)}");
}
