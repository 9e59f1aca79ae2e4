using System.Text.Json;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing.PyTorch;

/// <summary>One package of a conda channel.</summary>
/// <param name="Subdir">linux-64, win-64.</param>
internal sealed record CondaPackage(string Name, string Version, string Build, string Subdir, string FileName, string? Sha256, IReadOnlyList<string> Depends);

/// <summary>A channel's repodata.json.</summary>
internal static class RepodataParser
{
    /// <summary>Reads the packages of both archive forms; unknown keys are ignored, as conda does.</summary>
    public static IReadOnlyList<CondaPackage> Parse(string json, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var subdir = document.RootElement.GetProperty("info").GetProperty("subdir").GetString()!;
            var packages = new List<CondaPackage>();
            foreach (var group in new[] { "packages", "packages.conda" })
            {
                foreach (var entry in document.RootElement.GetProperty(group).EnumerateObject())
                {
                    var p = entry.Value;
                    packages.Add(new CondaPackage(
                        p.GetProperty("name").GetString()!,
                        p.GetProperty("version").GetString()!,
                        p.GetProperty("build").GetString()!,
                        subdir,
                        entry.Name,
                        p.TryGetProperty("sha256", out var sha256) ? sha256.GetString() : null,
                        [.. p.GetProperty("depends").EnumerateArray().Select(d => d.GetString()!)]));
                }
            }

            return packages.Count > 0 ? packages : throw new SourceFormatException(file, "packages", "there are none.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new SourceFormatException(file, "JSON", e.Message, e);
        }
    }
}
