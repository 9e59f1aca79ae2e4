using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Environments;

/// <summary>Which builds of torchvision and torchaudio the data has for an installed torch, and the command that brings them.</summary>
internal sealed class PartnerBuilds(CompatibilityMatrix matrix)
{
    /// <summary>
    /// What puts the right partner beside the installed torch; where there is none for it, the newest torch that has one with the
    /// partners, or else the removal of the companion.
    /// </summary>
    public Mending? Mending(EnvironmentReading reading, PipCommand pip, string package)
    {
        if (reading.Torch.Version is not { } torch || reading.Torch.Tag is not { } tag)
            return null;
        var builds = matrix.Builds.For(Packaging.Pip, reading.Layout.IsWindows ? OperatingSystemFamily.Windows : OperatingSystemFamily.Linux, Arch(reading));
        PythonVersion? python = PythonVersion.TryParse(reading.Markers["python_version"], out var known) ? known : null;
        if (builds.Find(torch.WithoutLabel, tag) is { } build && Partner(build, package, python) is { } partner)
            return Pins(pip, [(package, partner)], tag, alone: true);
        string[] companions = [.. reading.Family.Select(m => m.Key).Where(k => k != "torch")];
        foreach (var version in builds.Versions.OrderDescending())
        {
            // Of the releases before it, the one for the nearest CUDA that is not newer; for a CPU build a CPU build.
            var others = builds.Of(version).Where(b => b.Tag.IsCpu == tag.IsCpu && b.Tag <= tag && Serves(b.Row, python)).OrderByDescending(b => b.Tag);
            foreach (var other in others)
            {
                var rows = companions.Select(c => (Package: c, Build: Partner(other, c, python))).ToArray();
                if (version <= torch && rows.All(r => r.Build is not null))
                    return Pins(pip, [("torch", other.Row), .. rows.Select(r => (r.Package, r.Build!))], other.Tag, alone: false);
            }
        }

        return pip.Uninstall(package);
    }

    private Mending Pins(PipCommand pip, IReadOnlyList<(string Package, BuildRow Row)> builds, CudaTag tag, bool alone)
    {
        string? index = null;
        if (builds.Any(b => b.Row.Label || !b.Row.Default))
        {
            var folder = builds[0].Row.Index ?? tag.ToString();
            index = folder.Length > 0 ? $"{matrix.Install.Place("wheels")}/{folder}" : matrix.Install.Place("wheels");
        }

        return pip.InstallAgain([.. builds.Select(b => $"{b.Package}=={b.Row.Version}{(b.Row.Label ? $"+{tag}" : "")}")], alone, index);
    }

    private static BuildRow? Partner(TorchBuild build, string package, PythonVersion? python) =>
        build.Companions(package).Select(c => c.Row).FirstOrDefault(r => Serves(r, python) && CompanionCuda.Judge(package, r.Version, r.Tag ?? build.Tag, build.Tag) is { ImportFails: false });

    private static bool Serves(BuildRow row, PythonVersion? python) => python is not { } known || row.Pythons.Length == 0 || row.Pythons.Contains(known);

    private static CpuArchitecture Arch(EnvironmentReading reading) => reading.Surroundings.Machine == "aarch64" ? CpuArchitecture.Arm64 : CpuArchitecture.X64;
}
