using System.Runtime.Versioning;
using System.Security;
using Microsoft.Win32;

namespace CudaCompat.Detection.Host;

/// <summary>A display adapter as the Windows registry has it.</summary>
/// <param name="Description">Its name.</param>
/// <param name="DriverVersion">Windows' four-part driver number, 32.0.15.6094.</param>
/// <param name="DeviceId">pci\ven_10de&amp;dev_2684….</param>
internal sealed record DisplayAdapter(string? Description, string? DriverVersion, string? DeviceId);

/// <summary>Reads the display adapters from the registry, without rights or processes.</summary>
internal static class WindowsRegistry
{
    private const string DisplayClass = @"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}";

    public static IReadOnlyList<DisplayAdapter> DisplayAdapters() => OperatingSystem.IsWindows() ? Read() : [];

    [SupportedOSPlatform("windows")]
    private static List<DisplayAdapter> Read()
    {
        var adapters = new List<DisplayAdapter>();
        try
        {
            using var adapterClass = Registry.LocalMachine.OpenSubKey(DisplayClass);
            foreach (var name in adapterClass?.GetSubKeyNames() ?? [])
            {
                if (name.Length != 4 || !name.All(char.IsAsciiDigit))
                    continue;
                using var adapter = adapterClass!.OpenSubKey(name);
                adapters.Add(new DisplayAdapter(
                    adapter?.GetValue("DriverDesc") as string,
                    adapter?.GetValue("DriverVersion") as string,
                    adapter?.GetValue("MatchingDeviceId") as string));
            }
        }
        catch (Exception e) when (e is IOException or SecurityException or UnauthorizedAccessException)
        {
            return adapters;
        }

        return adapters;
    }
}
