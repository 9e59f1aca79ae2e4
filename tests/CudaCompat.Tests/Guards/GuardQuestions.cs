using CudaCompat.Tests.Oracle;

namespace CudaCompat.Tests.Guards;

/// <summary>
/// Questions drawn from a fixed seed and from lists that stand here, not in the data: new data and new code meet the same questions, so that what
/// differs is an answer.
/// </summary>
internal sealed class GuardQuestions(ulong seed)
{
    private static readonly string?[] Linux =
    [
        "580.95.05", "535.104.05", "550.54.15", "570.124.06", "470.82.01", "450.80.02", "525.60.13", "418.87.00", "390.157", "610.43.02", "615.71.09", "580", "565.57.01", "440.33.01", "999.10", null,
    ];

    private static readonly string?[] Windows = ["580.88", "527.41", "551.78", "566.36", "572.61", "474.44", "452.39", "591.44", "616.92", "441.22", "537.13", "531", null];
    private static readonly string?[] Maxima = [null, "12.2", "11.4", "13.0", "12.8", "10.2", "14.0"];
    private static readonly OGpu[] Easy = [Card("8.9"), Card("8.6"), Card("8.0"), Card("7.5"), Card("9.0"), Card("12.0"), Named("NVIDIA GeForce RTX 4090"), Named("Tesla T4")];
    private static readonly OGpu[] Mixed =
    [
        .. Easy, Card("3.7"), Card("5.0"), Card("5.2"), Card("6.1"), Card("7.0"), Card("10.0"), Card("10.3"), Card("12.1"), Card("13.0"), Card("2.1"), Named("Tesla K80"), Named("NVIDIA GeForce GT 730"),
        Named("NVIDIA GeForce GTX 1080 Ti"), Named("Tesla V100-SXM2-16GB"), Named("NVIDIA A100-SXM4-40GB"), Named("Frobnicator 9000"),
    ];

    private static readonly string?[] Pythons = ["3.12", "3.11", "3.10", "3.8", "3.13", "3.6", "3.14", "3.13t", "2.7", "3.16", null];
    private static readonly string?[] Glibcs = [null, "2.35", "2.17", "2.28", "2.12"];
    private static readonly string?[] Gccs = [null, null, "11.4", "13.2", "9.4", "5.4", "14"];

    private static readonly (string Torch, string? Tag, string? Packaging)[] Builds =
    [
        ("2.14.1", "cu130", "pip"), ("2.14.1", "cu126", "pip"), ("2.14.1", "cu132", "pip"), ("2.14.1", null, "pip"), ("2.13.0", "cu129", "pip"), ("2.9.1", "cu128", null), ("2.8.0", "cu128", "pip"),
        ("2.8.0", "cu126", null), ("2.8.0", "cu129", "pip"), ("2.8.0", "cpu", "pip"), ("2.8.0", null, null), ("2.7.1", "cu118", "pip"), ("2.7.1", "cu128", "pip"), ("2.6.0", "cu124", "pip"), ("2.5.1", "cu121", "pip"),
        ("2.5.1", "cu124", "conda"), ("2.4.1", "cu118", "pip"), ("2.3.1", "cu121", null), ("2.3.0", "cu118", "conda"), ("2.1.2", "cu121", "pip"), ("2.0.1", "cu117", "pip"), ("2.0.1", "cu118", "conda"),
        ("1.13.1", "cu117", "pip"), ("1.13.1", "cu116", "conda"), ("1.12.1", "cu113", "pip"), ("1.11.0", "cu115", "pip"), ("1.10.2", "cu102", "pip"), ("1.9.1", "cu111", "pip"), ("1.8.1", "cu102", "conda"),
        ("1.7.1", "cu110", "pip"), ("1.7.1", null, "pip"), ("1.6.0", "cu101", "pip"), ("1.4.0", "cu92", "pip"), ("1.2.0", "cu100", "conda"), ("1.0.0", "cu90", "pip"), ("0.4.1", "cu80", "pip"),
        ("2.10.0", "cu126", "conda-forge"), ("2.4.1", "cu120", "conda-forge"), ("2.8.0", "cu118", "pip"), ("2.99.0", "cu130", "pip"), ("2.5.9", "cu121", "pip"),
    ];

    private static readonly string[] Toolkits = ["12.4.1", "12.8.1", "13.0.2", "11.8.0", "12.1", "11.2.2", "10.2", "12.6.3", "12.7.0", "14.1.0"];
    private static readonly string[] Cudnns = ["9.10.2", "8.9.7", "9.1.0", "8.2.4", "7.6.5", "9.17.0", "9.99.0", "8.2.3"];
    private static readonly string[] Visions = ["0.29.1", "0.23.0", "0.20.1", "0.15.2", "0.1.9"];
    private static readonly string[] Audios = ["2.11.0", "2.8.0", "2.5.1", "0.13.1"];
    private ulong _state = seed;

    /// <summary>A machine as most people have it: one known card, a known driver.</summary>
    public OMachine EasyMachine() => Machine(Easy, known: true);

    /// <summary>Any machine: several cards, two chips under one name, facts missing, other systems.</summary>
    public OMachine MixedMachine() => Machine(Mixed, known: false);

    /// <summary>A request with one to four wishes.</summary>
    public ORequest Request() => new()
    {
        Torch = Some(3, "2.8.0", "2.14", "2.3.1", "1.13", ">=2.4,<2.6", "1.7.1", "<2.0"),
        Cuda = Some(3, "cu126", "11.8", "cu128", "cu130", "cpu", "12.1", "10.2"),
        Torchvision = Some(8, Visions),
        Torchaudio = Some(8, Audios),
        Toolkit = Some(5, "12.4", "11.8.0", "12.8", "13.0", ">=12.2,<12.7", "12.7"),
        Cudnn = Some(6, "9.10", "8.9.7", "9.1.0", ">=9.5,<9.11", "8.2.3"),
        Components = Next(3) switch { 0 => null, 1 => ["torch"], _ => Pick<string[]>(["torch", "torchvision"], ["torch", "torchvision", "torchaudio"], ["torch", "toolkit"], ["toolkit"], ["toolkit", "cudnn"], ["cudnn"]) },
        Packaging = Some(3, "pip", "uv", "conda", "conda-forge"),
        Policy = Some(3, "strict", "minor", "forward"),
        Compiles = Next(4) == 0,
    };

    /// <summary>An exact build, as a combination and as a request that pins it.</summary>
    public (OStack Stack, ORequest Request) Exact()
    {
        var (torch, tag, packaging) = Pick(Builds);
        var vision = Some(4, Visions);
        var audio = Some(5, Audios);
        var toolkit = Some(3, Toolkits);
        var cudnn = Some(4, Cudnns);
        var compiles = toolkit is not null && Next(2) == 0;
        string?[] components = ["torch", vision is null ? null : "torchvision", audio is null ? null : "torchaudio", toolkit is null ? null : "toolkit", cudnn is null ? null : "cudnn"];
        return (new OStack { Torch = torch, Tag = tag, Packaging = packaging, Torchvision = vision, Torchaudio = audio, Toolkit = toolkit, Cudnn = cudnn, Compiles = compiles },
            new ORequest { Torch = torch, Cuda = tag, Packaging = packaging, Torchvision = vision, Torchaudio = audio, Toolkit = toolkit, Cudnn = cudnn, Compiles = compiles, Components = [.. components.OfType<string>()] });
    }

    private OMachine Machine(OGpu[] cards, bool known)
    {
        var os = Pick("linux", "linux", "linux", "windows", "windows", "wsl");
        var driver = os == "linux" ? Pick(Linux) : Pick(Windows);
        var machine = new OMachine(os)
        {
            Arch = os == "linux" && Next(8) == 0 ? "aarch64" : "x86_64",
            Driver = known ? driver ?? "550.54.15" : driver,
            MaxCuda = driver is null && !known ? Pick(Maxima) : null,
            Gpus = [.. Enumerable.Range(0, known || Next(3) > 0 ? 1 : 2).Select(_ => Pick(cards))],
            Python = Pick(Pythons),
            Glibc = os == "windows" ? null : Pick(Glibcs),
            Gcc = os == "windows" ? null : Pick(Gccs),
            Msvc = os == "windows" ? Pick<string?>(null, null, "19.29", "19.38", "19.44") : null,
            KernelModule = os == "linux" && Next(6) == 0 ? "open" : null,
        };
        return known ? machine : Next(12) switch
        {
            0 or 1 => machine with { Gpus = null },
            2 => machine with { Gpus = [] },
            3 => machine with { Arch = null },
            4 when os == "linux" => machine with { Arch = "aarch64", Tegra = true, Driver = "540.4.0", Gpus = [Card(Pick("8.7", "11.0"))] },
            5 => new OMachine(Pick("macos", "linux", "windows")),
            _ => machine,
        };
    }

    private static OGpu Card(string capability) => new(null, capability);

    private static OGpu Named(string name) => new(name, null);

    private T Pick<T>(params T[] values) => values[Next(values.Length)];

    private string? Some(int oneIn, params string[] values) => Next(oneIn) == 0 ? Pick(values) : null;

    // SplitMix64: a few lines that give the same numbers on every machine and runtime.
    private int Next(int below)
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)below);
    }
}
