using System.Globalization;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Versions;

namespace CudaCompat.Data.Report;

/// <summary>Machines that get one and the same other plan with the new data.</summary>
/// <param name="What">What changes: "cuDNN 9.27.0.42 → 9.30.0.17".</param>
/// <param name="Machines">Them, by system and processor.</param>
internal sealed record PlanChange(string What, IReadOnlyList<string> Machines);

/// <summary>Plans a fixed set of machines (data/curated/machines.tsv: drivers by system, crossed with its cards) with the old and the new data.</summary>
/// <param name="Changes">Every change, that of most machines first.</param>
/// <param name="Machines">How many machines were planned.</param>
internal sealed record PlanDifferences(IReadOnlyList<PlanChange> Changes, int Machines)
{
    private const string FileName = "machines.tsv";

    /// <summary>Compares two data folders.</summary>
    public static PlanDifferences Between(string oldFolder, string newFolder, string curated)
    {
        var (before, after) = (CompatibilityMatrix.Load(oldFolder), CompatibilityMatrix.Load(newFolder));
        var machines = All(curated);
        var differences = machines.Select(m => (m.Id, What: Change(Say(m, before), Say(m, after)))).Where(d => d.What.Length > 0);
        return new PlanDifferences([.. differences.GroupBy(d => d.What, StringComparer.Ordinal).OrderByDescending(g => g.Count()).Select(g => new PlanChange(g.Key, [.. g.Select(d => d.Id!)]))], machines.Count);
    }

    /// <summary>A group of machines in a line: their systems, drivers and cards, each once.</summary>
    public static string Group(IEnumerable<string> machines)
    {
        var parts = machines.Select(m => m.Split(", ")).ToList();
        return string.Join("; ", Enumerable.Range(0, parts[0].Length).Select(i => parts.Select(p => p[i]).Distinct(StringComparer.Ordinal).ToList()).Select(values => string.Join(" ", values.Select((v, i) => i == 0 ? v : v[(v.LastIndexOf(' ') + 1)..]))));
    }

    // Every driver of a system with every card and Python of it.
    private static List<DriverInfo> All(string curated) =>
    [
        .. TsvTable.Parse(FileName, File.ReadAllText(Path.Combine(curated, FileName)), ["os", "arch", "drivers", "cards", "python"])
            .SelectMany(r => r.Cells[2].Split(' ').SelectMany(driver => r.Cells[3].Split(' ').Select(card => Machine(r.Cells, driver, card)))),
    ];

    private static DriverInfo Machine(string[] cells, string driver, string card) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{cells[0]}/{cells[1]}, driver {driver}, compute capability {card}, Python {cells[4]}"),
        OperatingSystem = OperatingSystemNames.Instance.TryParse(cells[0], out var system) ? system : throw new SourceFormatException(FileName, cells[0], "no system."),
        Architecture = cells[1] == "aarch64" ? CpuArchitecture.Arm64 : CpuArchitecture.X64,
        Driver = DriverVersion.Parse(driver),
        Gpus = [new Gpu { ComputeCapability = ComputeCapability.Parse(card) }],
        Python = PythonVersion.Parse(cells[4]),
    };

    private static string Change(Dictionary<string, string> before, Dictionary<string, string> after) =>
        string.Join(", ", before.Keys.Union(after.Keys).Where(k => before.GetValueOrDefault(k) != after.GetValueOrDefault(k)).Select(k => $"{k} {before.GetValueOrDefault(k, "none")} → {after.GetValueOrDefault(k, "none")}"));

    private static Dictionary<string, string> Say(DriverInfo machine, CompatibilityMatrix matrix)
    {
        var result = Resolver.TryPlan(machine, null, matrix);
        if (result.Plan is not { } plan)
            return new(StringComparer.Ordinal) { ["plan"] = $"{result.Verdict.ToString().ToLowerInvariant()} ({string.Join(", ", result.Findings.Take(2).Select(f => f.Rule))})" };
        var stack = plan.Stack;
        return new(StringComparer.Ordinal)
        {
            ["torch"] = $"{stack.Torch}+{stack.CudaTag}",
            ["torchvision"] = $"{stack.Torchvision}",
            ["torchaudio"] = $"{stack.Torchaudio}",
            ["toolkit"] = $"{stack.Toolkit}",
            ["cuDNN"] = $"{stack.Cudnn}",
            ["by"] = $"{plan.Compatibility}",
        };
    }
}
