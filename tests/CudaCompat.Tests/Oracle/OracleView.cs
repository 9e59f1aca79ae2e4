namespace CudaCompat.Tests.Oracle;

/// <summary>How a driver runs a CUDA version.</summary>
internal enum OFit
{
    No,
    Minor,
    Full,
    Unknown,
}

/// <summary>A machine with one reading of its GPUs, and what the data says of its driver.</summary>
internal sealed class OracleView
{
    private readonly OracleFacts _facts;

    private OracleView(OracleFacts facts, OMachine machine, string?[] capabilities)
    {
        _facts = facts;
        Machine = machine;
        Capabilities = capabilities;
        DriverSystem = machine.Os is "windows" or "wsl" ? "windows" : "linux";
        BuildSystem = machine.Os == "wsl" ? "linux" : machine.Os;
        Arch = machine.Arch ?? "x86_64";
        Tegra = machine.Tegra ?? capabilities.Any(c => c is not null && facts.Architectures.TryGetValue(c, out var a) && a.Tegra);
        if (machine.Driver is { } text)
        {
            var given = new Num(text);
            var family = facts.Drivers.Where(d => d.Os == DriverSystem && d.Version.StartsWith(given)).Select(d => d.Version).ToArray();
            Driver = family.Length > 0 ? family.Max() : given;
            // NVIDIA's systems on a chip number their drivers apart: only what they print counts.
            Reported = Num.Of(machine.MaxCuda) ?? (Tegra ? null : facts.DriverCuda.Where(r => r.Os == DriverSystem && r.From <= Driver).Select(r => (Num?)r.Cuda).LastOrDefault() ?? new Num("1.0"));
        }
        else if (machine.MaxCuda is { } most)
        {
            // The lowest driver that reports it; newer than the data counts as the newest known.
            var row = facts.DriverCuda.Where(r => r.Os == DriverSystem && r.Cuda >= new Num(most).Minor).Concat(facts.DriverCuda.Where(r => r.Os == DriverSystem).TakeLast(1)).First();
            (Driver, Reported, OnlyMaxCuda) = (row.From.Parts > 1 ? row.From : facts.Drivers.First(d => d.Os == DriverSystem && d.Version >= row.From && d.Version.Parts > 1).Version, new Num(most) < row.Cuda ? new Num(most) : row.Cuda, true);
        }
    }

    public OMachine Machine { get; }

    public string DriverSystem { get; }

    public string BuildSystem { get; }

    public string Arch { get; }

    public bool Tegra { get; }

    /// <summary>Null where the name is not in the data.</summary>
    public string?[] Capabilities { get; }

    public Num? Driver { get; }

    public bool OnlyMaxCuda { get; }

    public Num? Reported { get; }

    public bool NothingKnown => Machine.Driver is null && Machine.MaxCuda is null && Machine.Gpus is null;

    /// <summary>Every reading of the machine: a name that is two chips makes two.</summary>
    public static IEnumerable<OracleView> Of(OracleFacts facts, OMachine machine)
    {
        IEnumerable<string?[]> readings = [[]];
        foreach (var gpu in machine.Gpus ?? [])
        {
            string?[] chips = gpu.Capability is { } known ? [known] : gpu.Name is { } name && facts.Gpus.TryGetValue(name, out var row) ? (string?[])row.Capabilities : [null];
            readings = [.. readings.SelectMany(r => chips.Select(c => (string?[])[.. r, c]))];
        }

        return readings.Select(r => new OracleView(facts, machine, r));
    }

    /// <summary>R470 also where a Windows driver of it is numbered 474.</summary>
    public int Branch => _facts.Branches.Where(b => b <= Driver!.Value.Major).DefaultIfEmpty(Driver!.Value.Major).Max();

    public Num? Floor(string cuda) => _facts.Requirements.Where(r => r.Os == DriverSystem && r.Cuda == cuda && r.Kind is ("minor-version-minimum" or "corresponding" or "bundled")).Select(r => (Num?)r.Minimum).FirstOrDefault();

    /// <summary>How the driver runs code built with CUDA X.Y.</summary>
    public OFit Runs(Num cuda)
    {
        if (Reported is not { } reported)
            return OFit.Unknown;
        if (reported >= cuda.Minor)
            return OFit.Full;
        if (Tegra)
            return OFit.No;
        return cuda.Major >= 11 && Floor(cuda.Major + ".x") is { } floor && Driver >= floor ? OFit.Minor : OFit.No;
    }

    /// <summary>Whether the driver runs a toolkit: its own row counts for a real driver, the CUDA version alone for one known by maxCuda.</summary>
    public bool RunsToolkit(Num toolkit)
    {
        var fit = Runs(toolkit);
        if (fit is OFit.Unknown or OFit.Minor || OnlyMaxCuda || Tegra)
            return fit != OFit.No;
        if (fit == OFit.No || toolkit.Major >= 11 && Floor(toolkit.Major + ".x") is { } floor && Driver >= floor)
            return fit != OFit.No;
        // The driver reports X.Y: its first release runs, an update may ask for more than the first release did.
        var first = _facts.Requirements.Where(r => r.Os == DriverSystem && r.Kind is ("corresponding" or "bundled") && new Num(r.Cuda).Minor.Same(toolkit.Minor)).Select(r => r.Minimum).DefaultIfEmpty().Min();
        return toolkit.Parts < 3 || Floor(toolkit.Text) is not { } own || own.Same(first) || Driver >= own;
    }
}
