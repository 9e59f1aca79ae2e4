using CudaCompat.Data.Parsing;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Versions;

namespace CudaCompat.Data.Report;

/// <summary>A machine whose plan is another one with the new data.</summary>
internal sealed record PlanDifference(string Machine, string Before, string After);

/// <summary>Plans a fixed set of machines (data/curated/machines.tsv: drivers by system, crossed with its cards) with the old and the new data.</summary>
internal static class PlanDifferences
{
    private const string FileName = "machines.tsv";

    /// <summary>The machines: every driver of a system with every card and Python of it.</summary>
    public static IReadOnlyList<DriverInfo> Machines(string curated)
    {
        var rows = TsvTable.Parse(FileName, File.ReadAllText(Path.Combine(curated, FileName)), ["os", "arch", "drivers", "cards", "python"]).ToList();
        var machines = new List<DriverInfo>();
        foreach (var (_, cells) in rows)
        {
            foreach (var driver in cells[2].Split(' '))
            {
                foreach (var card in cells[3].Split(' '))
                    machines.Add(Machine(cells, driver, card));
            }
        }

        return machines;
    }

    /// <summary>Every difference, and how many machines were planned.</summary>
    public static (IReadOnlyList<PlanDifference> Differences, int Machines) Between(string oldFolder, string newFolder, string curated)
    {
        var (before, after) = (CompatibilityMatrix.Load(oldFolder), CompatibilityMatrix.Load(newFolder));
        var machines = Machines(curated);
        var differences = new List<PlanDifference>();
        foreach (var machine in machines)
        {
            var (old, now) = (Say(machine, before), Say(machine, after));
            if (old != now)
                differences.Add(new PlanDifference(machine.Id!, old, now));
        }

        return (differences, machines.Count);
    }

    private static DriverInfo Machine(string[] cells, string driver, string card)
    {
        var os = OperatingSystemNames.Instance.TryParse(cells[0], out var system) ? system : throw new SourceFormatException(FileName, cells[0], "no system.");
        var arch = cells[1] == "aarch64" ? CpuArchitecture.Arm64 : CpuArchitecture.X64;
        return new DriverInfo
        {
            Id = $"{cells[0]} {cells[1]}, driver {driver}, compute capability {card}, Python {cells[4]}",
            OperatingSystem = os,
            Architecture = arch,
            Driver = DriverVersion.Parse(driver),
            Gpus = [new Gpu { ComputeCapability = ComputeCapability.Parse(card) }],
            Python = PythonVersion.Parse(cells[4]),
        };
    }

    private static string Say(DriverInfo machine, CompatibilityMatrix matrix)
    {
        var result = Resolver.TryPlan(machine, null, matrix);
        if (result.Plan is not { } plan)
            return $"{result.Verdict.ToString().ToLowerInvariant()} ({string.Join(", ", result.Findings.Take(2).Select(f => f.Rule))})";
        var stack = plan.Stack;
        return $"torch {stack.Torch}+{stack.CudaTag}, torchvision {stack.Torchvision}, torchaudio {stack.Torchaudio}, toolkit {stack.Toolkit}, cuDNN {stack.Cudnn}, {plan.Compatibility}";
    }
}
