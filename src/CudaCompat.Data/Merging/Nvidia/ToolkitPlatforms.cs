using CudaCompat.Data.Refresh;
using CudaCompat.Matrix;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>What follows for each toolkit from the others and from its files.</summary>
internal static class ToolkitPlatforms
{
    /// <summary>Writes into the rows of <paramref name="facts"/> for which platforms each can be had, and which release of an X.Y is the general one: the first that is no preview.</summary>
    public static void Derive(FactStore facts)
    {
        var platforms = facts.Redist.Rows.Select(r => (r.Toolkit, r.Platform))
            .Concat(facts.Installers.Rows.Select(r => (r.Toolkit, Platform: CudnnTable.PlatformOf(r.Os, r.Arch))))
            .Where(p => p.Platform != "linux-all")
            .ToLookup(p => p.Toolkit, p => p.Platform);
        foreach (var line in facts.Toolkits.Rows.GroupBy(t => t.Version.MajorMinor))
        {
            var first = line.FirstOrDefault(t => t.Kind is "ga" or "update");
            foreach (var toolkit in line)
            {
                facts.Toolkits.Replace(toolkit with
                {
                    Kind = toolkit == first ? "ga" : toolkit.Kind is "ga" ? "update" : toolkit.Kind,
                    Platforms = platforms.Contains(toolkit.Version) ? [.. platforms[toolkit.Version].Distinct().Order(StringComparer.Ordinal)] : null,
                });
            }
        }
    }
}
