using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Remedies;

/// <summary>What somebody should know who is told the lowest driver: which release surely knows the card, and how far up newer ones do.</summary>
internal static class DriverAdvice
{
    /// <summary>Sentences to go behind the remedy, each after a blank; empty where there is nothing to add.</summary>
    public static string Of(MachineFacts machine, DriverVersion driver)
    {
        var gpus = machine.Gpus ?? [];
        var latest = gpus.Select(g => (Gpu: g, First: DriverGpuRule.FirstDriver(machine, g))).Where(x => x.First > driver).OrderByDescending(x => x.First).FirstOrDefault();
        var known = latest.First is { } first ? $" {ExplanationWriter.Short(latest.Gpu.Name)} first appears in {first}, so that or a newer one is safer." : "";
        var isDowngrade = machine.Document.Driver > driver;
        return isDowngrade && gpus.Min(g => g.Architecture?.LastDriverBranch) is { } last ? $"{known} Any newer one up to branch {last} drives the GPU too." : known;
    }
}
