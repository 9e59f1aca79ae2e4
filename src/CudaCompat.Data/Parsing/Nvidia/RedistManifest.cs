using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CudaCompat.Data.Live;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>One archive that a redistributable manifest names.</summary>
/// <param name="Component">The key in the manifest: cuda_nvcc, cudnn.</param>
/// <param name="Platform">linux-x86_64, windows-x86_64, source …</param>
/// <param name="Variant">cuda12, where the platform holds an archive a CUDA major; else null.</param>
internal sealed record RedistArchive(string Component, string Version, string Platform, string? Variant, string Path, string? Sha256, long? Size);

/// <summary>
/// A redistributable manifest (redistrib_X.Y.Z.json) of CUDA or cuDNN. A platform holds one archive, or one a CUDA variant, or both at
/// once (windows-arm64 of cuDNN 9.27.0); sizes are texts; the order of the keys is not fixed. Members that say nothing of an archive are passed over, and a platform
/// that the data does not cover is left out and counted.
/// </summary>
/// <param name="Version">The release, by its label or the name of the file.</param>
/// <param name="Date">The day, null where the manifest gives none.</param>
internal sealed partial record RedistManifest(string Version, string? Date, IReadOnlyList<RedistArchive> Archives)
{
    /// <summary>Reads a manifest.</summary>
    public static RedistManifest Parse(SourceFile file, LiveWork work)
    {
        using var document = StrictJson.Parse(file.Path, file.Text);
        var date = Text(document.RootElement, "release_date") is { } day && Day().IsMatch(day) ? day : null;
        if (date is null)
            work.Notes.Add($"{file.Url} gives no day");
        var version = Text(document.RootElement, "release_label") ?? (ManifestName().Match(file.Path) is { Success: true } match ? match.Groups[1].Value : throw file.Error("$", "neither release_label nor the name gives the release."));
        var archives = new List<RedistArchive>();
        foreach (var component in document.RootElement.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Object))
        {
            if (Text(component.Value, "version") is not { } number)
            {
                work.LeaveUnreadable($"{file.Path}, {component.Name}", "a component without a version");
                continue;
            }

            foreach (var platform in component.Value.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Object))
            {
                if (!PlatformName().IsMatch(platform.Name))
                    work.Leave($"platform {platform.Name} is not covered");
                else
                    Platform(file, work, component.Name, number, platform, archives);
            }
        }

        return archives.Count > 0 ? new RedistManifest(version, date, archives) : throw file.Error("$", "no archive.");
    }

    private static void Platform(SourceFile file, LiveWork work, string component, string version, JsonProperty platform, List<RedistArchive> archives)
    {
        foreach (var variant in platform.Value.EnumerateObject().Where(v => v.Value.ValueKind == JsonValueKind.Object))
        {
            if (VariantName().IsMatch(variant.Name))
                Archive(variant.Name, variant.Value);
            else
                work.Leave($"variant {variant.Name} is not covered");
        }

        if (platform.Value.TryGetProperty("relative_path", out _))
            Archive(null, platform.Value);
        else if (!platform.Value.EnumerateObject().Any())
            work.LeaveUnreadable($"{file.Path}, {component}, {platform.Name}", "a platform without an archive");

        void Archive(string? variant, JsonElement value)
        {
            var sha256 = Text(value, "sha256")?.ToLowerInvariant();
            if (Text(value, "relative_path") is { } path && (sha256 is null || Sha256Form().IsMatch(sha256)))
                archives.Add(new RedistArchive(component, version, platform.Name, variant, path, sha256, Size(value)));
            else
                work.LeaveUnreadable($"{file.Path}, {component}, {platform.Name}", "an archive without its path, or with what is no SHA-256");
        }
    }

    private static long? Size(JsonElement archive) => !archive.TryGetProperty("size", out var size) ? null
        : size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var number) ? number
        : size.ValueKind == JsonValueKind.String && long.TryParse(size.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var text) ? text : null;

    private static string? Text(JsonElement parent, string member) => parent.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d\z", RegexOptions.CultureInvariant)]
    private static partial Regex Day();

    [GeneratedRegex(@"redistrib_(\d+\.\d+\.\d+)\.json\z", RegexOptions.CultureInvariant)]
    private static partial Regex ManifestName();

    [GeneratedRegex(@"^(?:linux-(?:x86_64|sbsa|aarch64|ppc64le|all)|windows-(?:x86_64|arm64)|source)\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlatformName();

    [GeneratedRegex(@"^cuda\d+\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariantName();

    [GeneratedRegex("^[0-9a-f]{64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sha256Form();
}
