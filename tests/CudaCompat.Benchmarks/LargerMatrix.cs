using System.Globalization;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Benchmarks;

/// <summary>The matrix made larger by synthetic rows: every build, companion, list of code, toolkit, driver, cuDNN and GPU again under other numbers.</summary>
internal static class LargerMatrix
{
    private const int Step = 100;

    public static CompatibilityMatrix Times(int factor)
    {
        var data = CompatibilityMatrix.Load(DataFolder()).Data;
        if (factor > 1)
        {
            data = data with
            {
                Builds = Multiply(data.Builds, factor, (r, k) => r with { Version = Later(r.Version, k) }),
                ArchLists = Multiply(data.ArchLists, factor, (r, k) => r with { Torch = Later(r.Torch, k) }),
                Companions = Multiply(data.Companions, factor, (r, k) => r with { Torch = Later(r.Torch, k), Version = Later(r.Version, k) }),
                Toolkits = Multiply(data.Toolkits, factor, (r, k) => r.Version.Patch is { } patch && patch + Step * k <= 9999 ? r with { Version = new CudaVersion(r.Version.Major, r.Version.Minor, patch + Step * k) } : r),
                Drivers = Multiply(data.Drivers, factor, (r, k) => r with { Version = DriverVersion.Parse(Later(r.Version.ToString(), k)) }),
                Cudnn = Multiply(data.Cudnn, factor, (r, k) => r with { Version = DottedVersion.Parse(Later(r.Version.ToString(), k)) }),
                Gpus = Multiply(data.Gpus, factor, (r, k) => r with { Name = Text($"{r.Name} S{k}") }),
                PciGpus = Multiply(data.PciGpus, factor, (r, k) => r with { DeviceId = Text($"{r.DeviceId}-{k}"), Name = Text($"{r.Name} S{k}") }),
            };
        }

        return CompatibilityMatrix.Of(data, () => CompatibilityMatrix.Embedded.Install);
    }

    private static T[] Multiply<T>(IReadOnlyList<T> rows, int factor, Func<T, int, T> copy) =>
        [.. rows.SelectMany(row => Enumerable.Range(0, factor).Select(k => k == 0 ? row : copy(row, k)))];

    private static PackageVersion Later(PackageVersion version, int k) => PackageVersion.TryParse(Later(version.ToString(), k), out var later) ? later : version;

    // 2.8.0 becomes 2.8.100, 2.8.200 …; a number of two parts gets a third.
    private static string Later(string version, int k)
    {
        var parts = version.Split('.');
        if (parts.Length < 3)
            return Text($"{version}.{Step * k}");
        return int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? Text($"{string.Join('.', parts[..^1])}.{last + Step * k}")
            : Text($"{string.Join('.', parts[..^1])}.{parts[^1]}{Step * k}");
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static string DataFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CudaCompat.sln")))
                return Path.Combine(folder.FullName, "data");
        }

        throw new DirectoryNotFoundException("no folder above holds CudaCompat.sln.");
    }
}
