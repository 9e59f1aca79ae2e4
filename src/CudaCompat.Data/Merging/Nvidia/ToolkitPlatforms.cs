using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>For which platforms each toolkit can be had: those of its installers and of its manifest.</summary>
internal static class ToolkitPlatforms
{
    /// <summary>Writes them into the rows of <paramref name="facts"/>.</summary>
    public static void Derive(FactStore facts)
    {
        var platforms = facts.Redist.Rows.Select(r => (r.Toolkit, r.Platform))
            .Concat(facts.Installers.Rows.Select(r => (r.Toolkit, Platform: PlatformOf(r))))
            .Where(p => p.Platform != "linux-all")
            .ToLookup(p => p.Toolkit, p => p.Platform);
        foreach (var toolkit in facts.Toolkits.Rows)
            facts.Toolkits.Replace(toolkit with { Platforms = platforms.Contains(toolkit.Version) ? [.. platforms[toolkit.Version].Distinct().Order(StringComparer.Ordinal)] : null });
    }

    private static string PlatformOf(InstallerRow row) => (row.Os, row.Arch) switch
    {
        (OperatingSystemFamily.Windows, CpuArchitecture.X64) => "windows-x86_64",
        (OperatingSystemFamily.Windows, _) => "windows-arm64",
        (_, CpuArchitecture.X64) => "linux-x86_64",
        _ => "linux-sbsa",
    };
}
