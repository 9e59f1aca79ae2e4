using System.Text.RegularExpressions;
using CudaCompat.Detection.Host;
using CudaCompat.Detection.Text;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>Reads Windows' list of display adapters, which knows the card and its driver without NVIDIA's tools.</summary>
internal sealed partial class WindowsDisplayProbe(DetectionHost host) : IProbe
{
    public string Name => "Windows display adapters";

    public Task<IReadOnlyList<Findings>> RunAsync(CancellationToken cancellation)
    {
        if (!host.IsWindows)
            return Task.FromResult<IReadOnlyList<Findings>>([]);
        var gpus = new List<ListedGpu>();
        DriverVersion? driver = null;
        foreach (var adapter in host.DisplayAdapters())
        {
            if (NvidiaDevice().Match(adapter.DeviceId ?? "") is not { Success: true } device)
                continue;
            driver ??= DriverOf(adapter.DriverVersion);
            gpus.Add(new ListedGpu { Position = gpus.Count, Name = adapter.Description, PciDeviceId = device.Groups["device"].Value.ToLowerInvariant() });
        }

        return Task.FromResult<IReadOnlyList<Findings>>([new Findings("Windows registry (display adapters)") { Gpus = gpus, Driver = driver }]);
    }

    /// <summary>NVIDIA's number out of Windows' four-part one: the last five digits of 32.0.15.6094 are 560.94.</summary>
    internal static DriverVersion? DriverOf(string? windowsVersion)
    {
        if (windowsVersion is null || WindowsVersion().Match(windowsVersion) is not { Success: true } match)
            return null;
        var digits = match.Groups["third"].Value + match.Groups["fourth"].Value.PadLeft(4, '0');
        digits = digits.Length < 5 ? "" : digits[^5..];
        return digits.Length == 5 && DriverVersion.TryParse($"{digits[..3]}.{digits[3..]}", out var driver) ? driver : null;
    }

    [GeneratedRegex(@"ven_10de&dev_(?<device>[0-9a-f]{4})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NvidiaDevice();

    [GeneratedRegex(@"^\d{1,3}\.\d{1,3}\.(?<third>\d{1,3})\.(?<fourth>\d{1,4})$", RegexOptions.CultureInvariant)]
    private static partial Regex WindowsVersion();
}
