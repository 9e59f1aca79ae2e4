using System.Text.RegularExpressions;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>What the name of a toolkit installer says.</summary>
/// <param name="Kind">exe_local | exe_network | runfile.</param>
/// <param name="Driver">The driver number in the name.</param>
internal sealed partial record InstallerNames(CudaVersion Toolkit, OperatingSystemFamily Os, CpuArchitecture Arch, string Kind, DriverVersion? Driver)
{
    /// <summary>Reads cuda_13.4.2_windows_x86_64_network.exe and its kin; null for other files (deb, rpm).</summary>
    public static InstallerNames? Of(string fileName)
    {
        var match = Form().Match(fileName);
        if (!match.Success || !CudaVersion.TryParse(match.Groups["version"].Value, out var toolkit))
            return null;
        DriverVersion? driver = DriverVersion.TryParse(match.Groups["driver"].Value, out var d) ? d : null;
        var arm = match.Groups["cpu"].Value is "_sbsa" or "_arm64";
        var os = match.Groups["os"].Value == "linux" ? OperatingSystemFamily.Linux : OperatingSystemFamily.Windows;
        var kind = os == OperatingSystemFamily.Linux ? "runfile" : match.Groups["network"].Success ? "exe_network" : "exe_local";
        return new InstallerNames(toolkit, os, arm ? CpuArchitecture.Arm64 : CpuArchitecture.X64, kind, driver);
    }

    [GeneratedRegex(@"^cuda_(?<version>\d+\.\d+\.\d+)(?:_(?<driver>\d{3}\.[\d.]+))?_(?:(?<os>linux)(?<cpu>_sbsa)?\.run|(?<os>windows|win10)(?<cpu>_arm64|_x86_64)?(?<network>_network)?\.exe)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
