using BenchmarkDotNet.Attributes;
using CudaCompat.Choosing;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Benchmarks;

/// <summary>A plan for a machine on a matrix that is in use: the aim is a median of 50 µs and 32 KB.</summary>
[MemoryDiagnoser]
public class WarmPlan
{
    private DriverInfo _machine = null!;

    [Params("RTX 4090", "V100 + T4", "K80", "Windows RTX 4090")]
    public string Machine { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _machine = BenchmarkMachines.Of(Machine);

    [Benchmark]
    public InstallPlan Plan() => Resolver.Plan(_machine);
}

/// <summary>A refusal with its remedies: the aim is 5 ms.</summary>
[MemoryDiagnoser]
public class Refusal
{
    private DriverInfo _machine = null!;

    [Params("A100, old driver", "RTX 5090 + GTX 1080 Ti")]
    public string Machine { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _machine = BenchmarkMachines.Of(Machine);

    [Benchmark]
    public PlanResult Refuse() => Resolver.TryPlan(_machine);
}

/// <summary>A combination that works, and one that does not, with its remedies.</summary>
[MemoryDiagnoser]
public class Check
{
    private readonly DriverInfo _machine = BenchmarkMachines.Of("RTX 4090");
    private readonly StackDocument _sound = Stack("2.8.0", "cu126");
    private readonly StackDocument _broken = Stack("2.11.0", "cu130");

    [Benchmark]
    public CheckResult Compatible() => Resolver.Check(_machine, _sound);

    [Benchmark]
    public CheckResult Incompatible() => Resolver.Check(_machine, _broken);

    private static StackDocument Stack(string torch, string tag) => new() { Torch = PackageVersion.Parse(torch), CudaTag = CudaTag.Parse(tag) };
}

/// <summary>The best of eight builds of a program: the aim is 5 µs and 2 KB.</summary>
[MemoryDiagnoser]
public class Choose
{
    private static readonly string[] Pascal = ["5.0", "6.1", "7.0", "7.5", "8.0"];
    private DriverInfo _machine = null!;

    private readonly CudaBuild[] _builds =
    [
        Build("cuda-13.3", "13.3", ["8.6", "8.9", "12.0a", "12.1a"], ["7.5", "8.0", "9.0"]),
        Build("cuda-13.0", "13.0", ["7.5", "8.0", "8.6", "8.9", "9.0", "10.0", "12.0"], []),
        Build("cuda-12.8", "12.8", ["7.5", "8.0", "8.6", "8.9", "9.0a", "12.0"], ["12.0"]),
        Build("cuda-12.6", "12.6", ["5.0", "6.0", "6.1", "7.0", "7.5", "8.0", "8.6", "9.0"], []),
        Build("cuda-12.4", "12.4", ["8.6", "8.9"], Pascal),
        Build("cuda-11.8", "11.8", ["3.5", "5.0", "6.0", "7.0", "7.5", "8.0", "8.6"], ["8.6"]),
        Build("windows", "12.4", ["8.6"], []) with { OperatingSystem = OperatingSystemFamily.Windows },
        new CudaBuild { Name = "cpu" },
    ];

    [Params("RTX 4090", "V100 + T4", "K80")]
    public string Machine { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _machine = BenchmarkMachines.Of(Machine);

    [Benchmark]
    public CudaBuild? Best() => Resolver.Choose(_machine, _builds).Best;

    private static CudaBuild Build(string name, string cuda, string[] sass, string[] ptx) => new()
    {
        Name = name,
        Cuda = CudaVersion.Parse(cuda),
        Sass = [.. sass.Select(ComputeCapability.Parse)],
        Ptx = [.. ptx.Select(ComputeCapability.Parse)],
        Cudnn = DottedVersion.Parse("9.5.1"),
    };
}

/// <summary>The embedded matrix from nothing to a first plan: the aim of the load is 10 ms.</summary>
[MemoryDiagnoser]
public class Load
{
    private readonly DriverInfo _machine = BenchmarkMachines.Of("RTX 4090");

    [Benchmark]
    public CompatibilityMatrix Open() => EmbeddedMatrix.Load();

    [Benchmark]
    public PlanResult OpenAndPlan() => Resolver.TryPlan(_machine, null, EmbeddedMatrix.Load());

    [Benchmark]
    public int OpenAndReadEveryRow()
    {
        var data = EmbeddedMatrix.Load().Data;
        return data.Builds.Count(b => b.Sources.Length > 0) + data.ArchLists.Count(a => a.Sources.Length > 0) + data.Drivers.Count(d => d.Sources.Length > 0)
            + data.Gpus.Count(g => g.Sources.Length > 0) + data.PciGpus.Count(p => p.Sources.Length > 0) + data.Cudnn.Count(c => c.Sources.Length > 0);
    }
}

/// <summary>A plan on a matrix of 1, 10 and 100 times the rows: the aim is that 100 times the rows take less than 3 times as long.</summary>
[MemoryDiagnoser]
public class Growth
{
    private CompatibilityMatrix _matrix = null!;
    private DriverInfo _machine = null!;

    [Params(1, 10, 100)]
    public int Rows { get; set; }

    [Params("RTX 4090", "K80", "A100, old driver")]
    public string Machine { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _matrix = LargerMatrix.Times(Rows);
        _machine = BenchmarkMachines.Of(Machine);
    }

    [Benchmark]
    public PlanResult Plan() => Resolver.TryPlan(_machine, null, _matrix);
}
