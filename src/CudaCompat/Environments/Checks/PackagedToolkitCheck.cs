using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Environments.Checks;

/// <summary>
/// A toolkit that is packages of the environment (nvidia-cuda-nvcc of CUDA 13 and later): what nvcc does not work without, packages of another release, and
/// the names that linkers look for.
/// </summary>
internal static class PackagedToolkitCheck
{
    private const string Compiler = "nvidia-cuda-nvcc";
    private const string Library = ".so.";

    public static IEnumerable<Finding> Run(EnvironmentReading reading, PipCommand pip, CompatibilityMatrix matrix)
    {
        if (reading.Packages.Find(Compiler) is not { } nvcc || !DottedVersion.TryParse(nvcc.Version, out var version))
            return [];
        var cuda = new CudaVersion(version.Major, version.Minor);
        var row = matrix.Install.WheelLayouts.FirstOrDefault(l => l.Component == "toolkit" && l.Os == (reading.Layout.IsWindows ? OperatingSystemFamily.Windows : OperatingSystemFamily.Linux)
            && (l.From is not { } from || from <= version) && (l.To is not { } to || version <= to));
        return row is null ? [] : [.. Packages(reading, pip, matrix, nvcc, cuda), .. Names(reading, row, nvcc, cuda)];
    }

    private static IEnumerable<Finding> Packages(EnvironmentReading reading, PipCommand pip, CompatibilityMatrix matrix, InstalledPackage nvcc, CudaVersion cuda)
    {
        foreach (var part in matrix.Install.WheelParts.Where(p => p.Use == "compiler" && p.Package != Compiler))
        {
            // Of the release of this nvcc: one number where they share it, else the number that the release gives.
            var wanted = PinBeside(matrix, nvcc.Version, part.Package);
            var command = pip.Install(wanted is null ? part.Package : $"{part.Package}=={wanted}");
            if (reading.Packages.Find(part.Package) is not { } installed)
            {
                yield return new Finding(
                    "dependency-missing", Severity.Warning, part.Package, $"{nvcc} is here without {part.Package}{(part.Note is { } note ? $" ({note})" : "")}: it does not compile.", part.Sources)
                { File = nvcc.Metadata ?? nvcc.Info, Mending = command };
            }
            else if (!part.OfTorch && wanted is not null && DottedVersion.TryParse(installed.Version, out var other) && IsNumberedAlike(wanted, nvcc.Version) && (other.Major, other.Minor) != (cuda.Major, cuda.Minor))
            {
                yield return new Finding(
                    "dependency-version", Severity.Warning, installed.ToString(), $"{installed} is of another CUDA than {nvcc}: what it makes is refused (\"Unsupported .version\").", part.Sources)
                { File = installed.Metadata ?? installed.Info, Mending = command };
            }
        }
    }

    private static IEnumerable<Finding> Names(EnvironmentReading reading, WheelLayoutRow row, InstalledPackage nvcc, CudaVersion cuda)
    {
        var prefix = Path.Combine([nvcc.Site, .. row.Folder.Replace("{major}", $"{cuda.Major}", StringComparison.Ordinal).Split('/')]);
        foreach (var (name, target) in row.Links ?? [])
        {
            if (Directory.Exists(Path.Combine(prefix, target)) && !Path.Exists(Path.Combine(prefix, name)))
            {
                yield return new Finding(
                    "library-missing", Severity.Warning, name, $"{nvcc} looks for its libraries in {name}, and the package has {target}: nothing links (cannot find -lcudadevrt).", row.Sources)
                { File = Path.Combine(prefix, target), Command = $"ln -s {target} {reading.Shown(Path.Combine(prefix, name))}" };
            }
        }

        if (row.LinkerNames is not { } names || !Directory.Exists(Path.Combine(prefix, names)))
            yield break;
        var runtime = Directory.EnumerateFiles(Path.Combine(prefix, names), "libcudart*").Select(f => Path.GetFileName(f)).Where(f => f.Contains(Library, StringComparison.Ordinal)).MinBy(f => f.Length);
        if (runtime is not null && runtime[..(runtime.IndexOf(Library, StringComparison.Ordinal) + Library.Length - 1)] is var linked && !Path.Exists(Path.Combine(prefix, names, linked)))
        {
            yield return new Finding(
                "library-missing", Severity.Warning, linked, $"Linkers look for {linked}, and the package has {runtime} alone: extensions do not link (cannot find -lcudart).", row.Sources)
            { File = Path.Combine(prefix, names, runtime), Command = $"ln -s {runtime} {reading.Shown(Path.Combine(prefix, names, linked))}" };
        }
    }

    private static bool IsNumberedAlike(string version, string nvcc) => version.Split('.').Take(2).SequenceEqual(nvcc.Split('.').Take(2));

    private static string? PinBeside(CompatibilityMatrix matrix, string nvcc, string package)
    {
        var release = matrix.Install.Wheels.All.LastOrDefault(w => w.Package == Compiler && w.Pin == nvcc)?.Version;
        return release is { } of ? Array.Find(matrix.Install.WheelsOf("toolkit", of), w => w.Package == package)?.Pin : null;
    }
}
