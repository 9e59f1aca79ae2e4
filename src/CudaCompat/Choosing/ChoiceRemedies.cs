using CudaCompat.Resolution;
using CudaCompat.Resolution.Alternatives;
using CudaCompat.Versions;

namespace CudaCompat.Choosing;

/// <summary>
/// What would make a build run, or a better one than the best: another driver, fewer GPUs, a build without CUDA. Each is judged again
/// before it is told.
/// </summary>
internal static class ChoiceRemedies
{
    public static IReadOnlyList<Remedy> Of(ChoiceContext context, ChoiceResult choice)
    {
        var remedies = new List<Remedy>();
        Drivers(context, choice, remedies);
        if (choice.Best is not null)
            return remedies;
        Cards(context, choice, remedies);
        foreach (var build in choice.Builds)
        {
            var name = build.Build.Name;
            if (build.Verdict == BuildVerdict.WithoutGpu)
                remedies.Add(new Remedy("candidate", null, name, name, $"Take {name}, which needs no CUDA."));
        }

        return remedies;
    }

    // The lowest driver with which any build runs and, where that is another, the lowest with which the best of all runs.
    private static void Drivers(ChoiceContext context, ChoiceResult choice, List<Remedy> remedies)
    {
        var machine = context.Machine;
        if (!machine.DriverCanChange || machine.Gpus is { Length: 0 } || !choice.Builds.Any(b => b.Verdict == BuildVerdict.Refused))
            return;
        var all = DriverCandidates.For(machine);
        var steps = Improvements(machine, choice, all.Where(d => !(d <= machine.Driver)));
        // Nobody goes back to an older driver where a newer one does, or where something runs.
        if (steps.Count == 0 && choice.Best is null)
            steps = Improvements(machine, choice, all.Where(d => d < machine.Driver));
        if (steps.Count == 0)
            return;
        remedies.Add(Tell(machine, steps[0].Driver, steps[0].Gives, choice.Best is null
            ? "the lowest with which a build runs" : "the lowest that gives a better build"));
        if (steps.Count > 1)
            remedies.Add(Tell(machine, steps[^1].Driver, steps[^1].Gives, "the lowest that gives the best build"));
    }

    private static List<(DriverVersion Driver, CudaBuild Gives)> Improvements(
        MachineFacts machine, ChoiceResult choice, IEnumerable<DriverVersion> drivers)
    {
        var steps = new List<(DriverVersion Driver, CudaBuild Gives)>();
        var had = choice.Best;
        foreach (var driver in drivers)
        {
            var there = new ChoiceContext(machine.WithDriver(driver));
            if (Best(there, choice) is not { } gives || had is not null && !IsBetter(gives, there.Judge(had)))
                continue;
            had = gives.Build;
            steps.Add((driver, had));
        }

        return steps;
    }

    // One card alone, and each kind once: what a program gets that is shown fewer of them.
    private static void Cards(ChoiceContext context, ChoiceResult choice, List<Remedy> remedies)
    {
        if (context.Machine.Gpus is not { Length: > 1 } gpus)
            return;
        foreach (var kind in gpus.GroupBy(g => g.Capability))
        {
            var cards = kind.ToArray();
            var alone = new ChoiceContext(context.Machine.WithGpus(cards));
            if (cards.Length < gpus.Length && Best(alone, choice) is { } gives)
            {
                var indexes = string.Join(',', cards.Select(c => c.Index));
                var message = $"Use {Words.Short(cards[0].Name)} only, with CUDA_VISIBLE_DEVICES={indexes}: {gives.Build}.";
                remedies.Add(new Remedy("gpu", null, indexes, gives.Build.Name, message));
            }
        }
    }

    private static JudgedBuild? Best(ChoiceContext context, ChoiceResult choice)
    {
        JudgedBuild? best = null;
        foreach (var other in choice.Builds)
        {
            if (other.Build.Cuda is not null && context.Judge(other.Build) is { Verdict: BuildVerdict.Runs } build && IsBetter(build, best))
                best = build;
        }

        return best;
    }

    private static bool IsBetter(JudgedBuild a, JudgedBuild? b) =>
        b is null || Judgement.Compare(a.Judgement, a.Build, b.Judgement, b.Build) < 0;

    private static Remedy Tell(MachineFacts machine, DriverVersion driver, CudaBuild gives, string which) => new(
        "driver",
        machine.Document.Driver?.ToString(),
        driver.ToString(),
        gives.Name,
        $"Install NVIDIA driver {driver} on {Words.Os(machine.Drivers.Os)} ({which}): {gives}.{OtherDrivers.Advice(machine, driver)}");
}
