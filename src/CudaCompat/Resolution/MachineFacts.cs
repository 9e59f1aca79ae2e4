using System.Collections.Immutable;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>
/// A machine as the rules see it: its system and processor as builds name them, its driver against the right table, its GPUs looked up.
/// </summary>
internal sealed class MachineFacts
{
    private List<(CudaVersion Cuda, Policy Policy, DriverFit Fit)>? _fits;

    private MachineFacts(CompatibilityMatrix matrix, DriverInfo document, GpuFacts[]? all, GpuFacts[]? gpus)
    {
        Matrix = matrix;
        Document = document;
        AllGpus = all;
        Gpus = gpus;
        BuildOs = document.OperatingSystem is OperatingSystemFamily.Wsl ? OperatingSystemFamily.Linux : document.OperatingSystem;
        Drivers = matrix.DriversOf(document.OperatingSystem);
        Tegra = document.Tegra ?? gpus?.Any(g => g.IsTegra) == true;
        Arch = document.Architecture ?? (Tegra ? CpuArchitecture.Arm64 : CpuArchitecture.X64);
        Python = document.Python;
        PythonMask = Python is { } python ? matrix.Builds.MaskOf(python) : 0;
        SetDriver(document.Driver, document.MaxCuda);
    }

    public CompatibilityMatrix Matrix { get; }

    public DriverInfo Document { get; }

    /// <summary>linux, windows or macos: what builds are named by.</summary>
    public OperatingSystemFamily BuildOs { get; }

    public CpuArchitecture Arch { get; }

    public bool Tegra { get; }

    public PythonVersion? Python { get; }

    /// <summary>The bit of the Python among those of all builds; 0 where no build is for it, or where it is not known.</summary>
    public ulong PythonMask { get; }

    /// <summary>The table of the machine's driver numbers: Windows' in WSL.</summary>
    public DriverTable Drivers { get; }

    /// <summary>The driver; where only <see cref="DriverInfo.MaxCuda"/> is known, the lowest that reports it.</summary>
    public DriverVersion? Driver { get; private set; }

    /// <summary>True where <see cref="Driver"/> stands for a CUDA version: good for CUDA floors, never for rules about GPUs or patches.</summary>
    public bool DriverIsStandIn { get; private set; }

    /// <summary>The driver as a person knows it; null where <see cref="Driver"/> is a stand-in.</summary>
    public DriverVersion? StatedDriver => DriverIsStandIn ? null : Driver;

    /// <summary>True where another driver can be advised: something is known of the one there is, and it is not part of a module's own system.</summary>
    public bool DriverCanChange => !Tegra && (Document.Driver is not null || Document.MaxCuda is not null);

    /// <summary>The host compilers that are there, by the names of the data: those of the machine's system.</summary>
    public IEnumerable<(string Name, DottedVersion Version)> HostCompilers
    {
        get
        {
            (string Name, DottedVersion? Version)[] all = BuildOs == OperatingSystemFamily.Windows ? [("msvc", Document.Msvc)] : [("gcc", Document.Gcc), ("clang", Document.Clang)];
            return all.Where(compiler => compiler.Version is not null).Select(compiler => (compiler.Name, compiler.Version!.Value));
        }
    }

    /// <summary>The highest CUDA version that the driver runs natively; null where unknown.</summary>
    public CudaVersion? ReportedCuda { get; private set; }

    /// <summary>All GPUs of the machine; null where unknown.</summary>
    public GpuFacts[]? AllGpus { get; }

    /// <summary>The GPUs to be served: all, or those chosen.</summary>
    public GpuFacts[]? Gpus { get; }

    public bool NothingKnown => Document.Driver is null && Document.MaxCuda is null && (Gpus is null || Gpus is { Length: > 0 } && Gpus.All(g => g.Capability is null && g.Alternatives.IsEmpty));

    /// <summary>The facts of a machine document.</summary>
    /// <param name="matrix">What is known.</param>
    /// <param name="document">The machine.</param>
    /// <param name="chosen">The indexes of the GPUs to serve, or null for all.</param>
    public static MachineFacts Of(CompatibilityMatrix matrix, DriverInfo document, IReadOnlyList<int>? chosen = null)
    {
        GpuFacts[]? gpus = null;
        if (document.Gpus is { } list)
        {
            gpus = new GpuFacts[list.Count];
            for (var i = 0; i < gpus.Length; i++)
                gpus[i] = Look(matrix, list[i], i);
        }

        return new MachineFacts(matrix, document, gpus, chosen is null ? gpus : [.. chosen.Select(i => gpus![i])]);
    }

    /// <summary>The same machine with another driver; rules see it as measured.</summary>
    public MachineFacts WithDriver(DriverVersion driver) => With(Document with { Driver = driver, MaxCuda = null }, AllGpus, Gpus);

    /// <summary>The same machine, its driver not known: no driver rule stops anything.</summary>
    public MachineFacts WithoutDriver() => With(Document with { Driver = null, MaxCuda = null }, AllGpus, Gpus);

    /// <summary>The same machine serving other GPUs.</summary>
    public MachineFacts WithGpus(GpuFacts[] gpus) => With(Document, AllGpus, gpus);

    /// <summary>The same machine where one GPU of several chips is taken for one of them.</summary>
    public MachineFacts WithCapability(GpuFacts gpu, ComputeCapability capability)
    {
        GpuFacts Replace(GpuFacts g) => ReferenceEquals(g, gpu) ? Resolve(Matrix, g, capability) with { Alternatives = g.Alternatives } : g;
        return With(Document, [.. AllGpus!.Select(Replace)], [.. Gpus!.Select(Replace)]);
    }

    /// <summary>The same machine, its Python and C library not known: neither stops anything.</summary>
    public MachineFacts WithAnyPython() => With(Document with { Python = null, Glibc = null }, AllGpus, Gpus);

    /// <summary>The same machine with another Python.</summary>
    public MachineFacts WithPython(PythonVersion python) => With(Document with { Python = python }, AllGpus, Gpus);

    /// <summary>The same machine with another host compiler of a name, or with none.</summary>
    public MachineFacts WithCompiler(string name, DottedVersion? version) => With(
        name switch
        {
            "gcc" => Document with { Gcc = version },
            "clang" => Document with { Clang = version },
            _ => Document with { Msvc = version },
        },
        AllGpus,
        Gpus);

    /// <summary>True where the driver is not older than <paramref name="minimum"/>; a driver given short counts as the newest of its series.</summary>
    public bool DriverMeets(DriverVersion minimum) => Driver is { } driver && (driver >= minimum || minimum.StartsWith(driver));

    /// <summary>How the driver runs code of a CUDA version. Versions are few and candidates many, so each is worked out once.</summary>
    public DriverFit FitOf(CudaVersion cuda, Policy policy)
    {
        foreach (var (known, under, fit) in _fits ??= new(4))
        {
            if (known == cuda && under == policy)
                return fit;
        }

        var found = DriverFit.Of(this, cuda, policy);
        _fits.Add((cuda, policy, found));
        return found;
    }

    private static GpuFacts Look(CompatibilityMatrix matrix, Gpu gpu, int index)
    {
        var name = gpu.Name is { Length: > 0 } given ? given : $"GPU {index}";
        var entry = gpu.PciDeviceId is { } id ? matrix.Gpus.FindPci(id) : null;
        if (gpu.ComputeCapability is { } stated)
        {
            // A capability that is given decides; the name is only asked whether forward compatibility serves the card.
            var facts = new GpuFacts(index, name, null, [], null, -1, null, gpu.Uuid);
            return Resolve(matrix, facts, matrix.Architectures.Canonical(stated));
        }

        entry ??= gpu.Name is { Length: > 0 } text ? matrix.Gpus.Find(text) : null;
        var found = new GpuFacts(index, name, null, [], null, -1, entry?.ForwardCompat, gpu.Uuid);
        return entry is null ? found
            : entry.Capabilities.Length > 1 ? found with { Alternatives = entry.Capabilities }
            : Resolve(matrix, found, matrix.Architectures.Canonical(entry.Capabilities[0]));
    }

    private static GpuFacts Resolve(CompatibilityMatrix matrix, GpuFacts gpu, ComputeCapability capability) => gpu with
    {
        Capability = capability,
        Architecture = matrix.Architectures.Find(capability),
        ArchitectureIndex = matrix.Architectures.IndexOf(capability),
        Alternatives = [capability],
    };

    private MachineFacts With(DriverInfo document, GpuFacts[]? all, GpuFacts[]? gpus) => new(Matrix, document, all, gpus);

    private void SetDriver(DriverVersion? driver, CudaVersion? maxCuda)
    {
        if (Tegra)
        {
            // Tegra drivers are a series of their own; only the CUDA version that they print says something.
            ReportedCuda = maxCuda?.MajorMinor;
            Driver = driver;
            DriverIsStandIn = true;
            return;
        }

        if (driver is { } known)
        {
            Driver = known;
            ReportedCuda = maxCuda?.MajorMinor ?? Drivers.Reported(Drivers.HighestOfSeries(known))?.Cuda;
        }
        else if (maxCuda is { } max)
        {
            // One newer than the data stands for the newest branch: which cards that drives counts where none is known.
            Driver = (Drivers.LowestReporting(max) ?? Drivers.LowestReporting(Drivers.NewestCuda)) is { } standIn ? Drivers.LowestKnown(standIn.From) : null;
            DriverIsStandIn = true;
            ReportedCuda = max.MajorMinor;
        }
    }
}
