using CudaCompat.Detection.Text;
using CudaCompat.Machines;

namespace CudaCompat.Detection;

/// <summary>Makes one machine of what the probes found. The findings come in the order of belief; the first that states a field is believed.</summary>
internal static class Reconciliation
{
    public static DetectionReport Of(IReadOnlyList<Findings> findings)
    {
        var facts = new List<DetectedFact>();
        var disagreements = new List<Disagreement>();
        var pythons = findings.SelectMany(f => f.Pythons).ToArray();
        var chosen = pythons.FirstOrDefault(p => p.IsChosen);
        var toolkits = findings.SelectMany(f => f.Toolkits).OrderBy(t => t.PathOrder ?? int.MaxValue).ToArray();
        var cudnn = findings.SelectMany(f => f.Cudnn).OrderBy(c => c.IsBundled).ToArray();
        var (gpus, listed) = Gpus(findings, facts, disagreements);

        T? Choose<T>(string field, Func<Findings, T?> read, string why)
            where T : struct => Reconciliation.Choose(findings, field, read, why, facts, disagreements);

        var os = Choose("os", f => f.OperatingSystem, "The operating system's own probe is believed.") ?? OperatingSystemFamily.Linux;
        var machine = new DriverInfo
        {
            OperatingSystem = os,
            Architecture = Choose("arch", f => f.Architecture, "The processor that this process runs on is believed."),
            Tegra = Choose("tegra", f => f.Tegra, "The operating system's own probe is believed."),
            Glibc = Choose("glibc", f => f.Glibc, "The library of this process is believed."),
            Driver = Choose("driver", f => f.Driver, "The running driver is believed before files about it: NVML first, then the kernel module, then nvidia-smi, then lists."),
            KernelModule = Choose("kernelModule", f => f.KernelModule, "The kernel is believed."),
            MaxCuda = Choose("maxCuda", f => f.MaxCuda, "NVML is believed before nvidia-smi, which may be another driver's."),
            Gpus = gpus,
            GpusListedByDriver = listed,
            Python = chosen?.Version,
            Gcc = Choose("gcc", f => f.Gcc, "The first on PATH is believed."),
            Clang = Choose("clang", f => f.Clang, "The first on PATH is believed."),
            Msvc = Choose("msvc", f => f.Msvc, "Visual Studio's newest is believed."),
            Installed = new InstalledComponents
            {
                Toolkits = toolkits.Select(t => t.Version).ToArray(),
                Cudnn = cudnn.Where(c => !c.IsBundled).Select(c => c.Version).ToArray(),
                Torch = chosen?.Torch,
                Torchvision = chosen?.Torchvision,
                Torchaudio = chosen?.Torchaudio,
            },
        };
        AddInstalled(facts, chosen, toolkits, cudnn);
        disagreements.AddRange(findings.Select(f => f.Differs).OfType<Disagreement>());
        return new DetectionReport
        {
            Machine = machine,
            Facts = facts,
            Disagreements = disagreements,
            Failures = Failures(findings, noCard: os == OperatingSystemFamily.Linux && machine.Tegra != true && gpus is { Count: 0 }),
            Toolkits = toolkits,
            Cudnn = cudnn,
            Pythons = pythons,
            CompatLibraries = findings.SelectMany(f => f.CompatLibraries).ToArray(),
            PackageManagers = findings.SelectMany(f => f.PackageManagers).ToArray(),
            LinuxDriverFilesInWsl = findings.SelectMany(f => f.LinuxDriverFilesInWsl).ToArray(),
            IsContainer = findings.Any(f => f.IsContainer),
        };
    }

    private static T? Choose<T>(IReadOnlyList<Findings> findings, string field, Func<Findings, T?> read, string why, List<DetectedFact> facts, List<Disagreement> disagreements)
        where T : struct
    {
        T? believed = null;
        var stated = new List<DetectedFact>();
        var differ = false;
        foreach (var finding in findings)
        {
            if (read(finding) is not { } value)
                continue;
            believed ??= value;
            var agrees = value.Equals(believed.Value);
            differ |= !agrees;
            stated.Add(new DetectedFact(field, Name(value), finding.Source, agrees));
        }

        facts.AddRange(stated);
        if (differ)
            disagreements.Add(new Disagreement(field, stated, why));
        return believed;
    }

    private static (IReadOnlyList<Gpu>? Gpus, bool Listed) Gpus(IReadOnlyList<Findings> findings, List<DetectedFact> facts, List<Disagreement> disagreements)
    {
        var sources = findings.Where(f => f.Gpus is not null).ToArray();
        if (sources.Length == 0)
            return (null, false);

        // An empty list of the driver does not hide a card that the bus shows.
        var first = sources.FirstOrDefault(f => f.Gpus!.Count > 0) ?? sources[0];
        var stated = sources.Select(f => new DetectedFact("gpus", f.Gpus!.Count == 0 ? "none" : string.Join(", ", f.Gpus!.Select(g => g.Name ?? $"PCI {g.PciDeviceId}")), f.Source, f == first || f.Gpus!.Count == first.Gpus!.Count))
            .OrderByDescending(f => f.Source == first.Source)
            .ToArray();
        facts.AddRange(stated);
        if (Array.Exists(stated, f => !f.Believed))
            disagreements.Add(new Disagreement("gpus", stated, "The driver's list is believed before the bus, because only GPUs that the driver drives can be used; a card without a driver is still listed."));
        var gpus = first.Gpus!;
        foreach (var other in sources.Where(f => f != first))
            gpus = gpus.Select(g => other.Gpus!.FirstOrDefault(o => SameDevice(g, o)) is { } same ? Complete(g, same) : g).ToArray();
        return (gpus.Take(DriverInfo.MaximumGpus).Select(g => g.ToGpu()).ToArray(), first.IsDriver && first.Gpus!.Count > 0);
    }

    private static bool SameDevice(ListedGpu a, ListedGpu b) =>
        a.Uuid is not null && a.Uuid == b.Uuid
        || Address(a.BusId) is { } address && address == Address(b.BusId)
        || a.Uuid is null && a.BusId is null && a.PciDeviceId is not null && a.PciDeviceId == b.PciDeviceId;

    /// <summary>00000000:01:00.0 and 0000:01:00.0 are one address.</summary>
    private static string? Address(string? busId) =>
        busId?.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && int.TryParse(busId.AsSpan(0, colon), System.Globalization.NumberStyles.HexNumber, null, out var domain)
            ? $"{domain:x}{busId[colon..].ToLowerInvariant()}"
            : null;

    private static ListedGpu Complete(ListedGpu gpu, ListedGpu other) => gpu with
    {
        Name = gpu.Name is null || gpu.IsNameCut ? other.Name ?? gpu.Name : gpu.Name,
        Uuid = gpu.Uuid ?? other.Uuid,
        ComputeCapability = gpu.ComputeCapability ?? other.ComputeCapability,
        PciDeviceId = gpu.PciDeviceId ?? other.PciDeviceId,
    };

    /// <summary>
    /// One failure of each kind, with the facts of all who saw it; a timeout is each probe's own. Where the bus shows no card, a driver that is not
    /// loaded is no failure of the driver's library alone: a distribution's toolkit package brings it to machines that only build.
    /// </summary>
    private static DetectionFailure[] Failures(IReadOnlyList<Findings> findings, bool noCard)
    {
        var failures = findings.Where(f => f.Failure is not null && !(noCard && f.Failure.Kind == DetectionFailure.DriverNotLoaded && f.Source.StartsWith("NVML", StringComparison.Ordinal)))
            .Select(f => f.Failure! with { Probe = f.Source }).ToArray();
        return failures.GroupBy(f => f.Kind == DetectionFailure.TimedOut ? f.Kind + f.Probe : f.Kind)
            .Select(same => same.First() with { Details = same.SelectMany(f => f.Details).DistinctBy(d => d.Key).ToDictionary() })
            .ToArray();
    }

    private static void AddInstalled(List<DetectedFact> facts, FoundPython? chosen, FoundToolkit[] toolkits, FoundCudnn[] cudnn)
    {
        facts.AddRange(toolkits.Select(t => new DetectedFact("installed.toolkits", t.Version.ToString(), t.Package is null ? t.Source : $"{t.Source}; package {t.Package}")));
        facts.AddRange(cudnn.Select(c => new DetectedFact("installed.cudnn", c.Version.ToString(), c.Path, !c.IsBundled)));
        if (chosen is null)
            return;
        if (chosen.Version is { } python)
            facts.Add(new DetectedFact("python", python.ToString(), chosen.Path));
        foreach (var (field, version) in new[] { ("torch", chosen.Torch), ("torchvision", chosen.Torchvision), ("torchaudio", chosen.Torchaudio) })
        {
            if (version is { } found)
                facts.Add(new DetectedFact("installed." + field, found.ToString(), field == "torch" ? chosen.TorchSource ?? chosen.Path : chosen.Path));
        }
    }

    private static string Name<T>(T value)
        where T : struct => value switch
        {
            OperatingSystemFamily os => OperatingSystemNames.Instance.NameOf(os),
            CpuArchitecture arch => CpuArchitectureNames.Instance.NameOf(arch),
            KernelModuleFlavour module => KernelModuleFlavourNames.Instance.NameOf(module),
            bool flag => flag ? "true" : "false",
            _ => value.ToString() ?? "",
        };
}
