using System.Globalization;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>Parts of sentences that several rules share.</summary>
internal static class Words
{
    private const int ShownSubject = 80;

    public static string Os(OperatingSystemFamily os) => os switch
    {
        OperatingSystemFamily.Windows => "Windows",
        OperatingSystemFamily.Wsl => "WSL",
        OperatingSystemFamily.MacOS => "macOS",
        _ => "Linux",
    };

    public static string Arch(CpuArchitecture arch) => CpuArchitectureNames.Instance.NameOf(arch);

    public static string Short(string text) => text.Length > ShownSubject ? text[..ShownSubject] + "…" : text;

    public static string Codes(IEnumerable<ComputeCapability> codes) => string.Join(", ", codes);

    /// <summary>"2.1, 3.0 or 3.5".</summary>
    public static string Or<T>(IReadOnlyList<T> items) => items.Count < 2 ? string.Join("", items) : $"{string.Join(", ", items.SkipLast(1))} or {items[^1]}";

    /// <summary>The first few of a list, and how many more there are.</summary>
    public static string Some(IReadOnlyList<string> items, int most = 4) => items.Count > most
        ? string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", items.Take(most))} and {items.Count - most} more")
        : Or(items).Replace(" or ", " and ", StringComparison.Ordinal);

    /// <summary>All of a short list; of a long one the ends and how many lie between.</summary>
    public static string Range(IReadOnlyList<PythonVersion> pythons) => pythons.Count > 8
        ? string.Create(CultureInfo.InvariantCulture, $"{pythons[0]}, … ({pythons.Count - 2} more), {pythons[^1]}")
        : string.Join(", ", pythons);
}

/// <summary>A driver that does not run something, and the one that would.</summary>
/// <param name="Driver">As a person knows it; null where only a CUDA version is known.</param>
/// <param name="Reported">The CUDA version that it reports.</param>
/// <param name="Minimum">The lowest that would do; null where the data has none.</param>
/// <param name="Os">Whose numbers these are.</param>
internal readonly record struct DriverGap(DriverVersion? Driver, CudaVersion? Reported, DriverVersion? Minimum, OperatingSystemFamily Os)
{
    public static DriverGap Of(MachineFacts machine, DriverVersion? minimum) => new(machine.StatedDriver, machine.ReportedCuda, minimum, machine.Drivers.Os);

    /// <summary>"… does not run with driver 470.82.01 (CUDA 11.4): it needs 525.60.13 or newer on Linux."</summary>
    public string English(string subject, string needs, string reason = "")
    {
        var has = Driver is { } d ? $"driver {d}" + (Reported is { } r ? $" (CUDA {r})" : "") : Reported is { } only ? $"a driver for CUDA {only}" : "this driver";
        var need = Minimum is { } m ? $"{m} or newer on {Words.Os(Os)}" : $"one that runs {needs}";
        return $"{subject} does not run with {has}: it needs {need}{reason}.";
    }
}
