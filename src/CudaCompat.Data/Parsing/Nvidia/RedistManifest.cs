using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>One archive that a redistributable manifest names.</summary>
/// <param name="Component">The key in the manifest: cuda_nvcc, cudnn.</param>
/// <param name="Platform">linux-x86_64, windows-x86_64, source …</param>
/// <param name="Variant">cuda12, where the platform holds an archive a CUDA major; else null.</param>
internal sealed record RedistArchive(string Component, string Version, string Platform, string? Variant, string Path, string Sha256, long Size)
{
    /// <summary>The place in the manifest, which also is its key.</summary>
    public string Place => Variant is null ? $"$.{Component}.{Platform}" : $"$.{Component}.{Platform}.{Variant}";
}

/// <summary>
/// A redistributable manifest (redistrib_X.Y.Z.json) of CUDA or cuDNN. A platform holds one archive, or one a CUDA variant, or both at
/// once (windows-arm64 of cuDNN 9.27.0); sizes are texts; the order of the keys is not fixed.
/// </summary>
internal static partial class RedistManifest
{
    private static readonly string[] Head0 = ["release_date", "release_label", "release_product"];
    private static readonly string[] ComponentTexts = ["name", "license", "license_path", "version"];

    /// <summary>The release and its date.</summary>
    public static (string Version, string Date) Head(string name, string text)
    {
        using var document = StrictJson.Parse(name, text);
        var date = StrictJson.Text(name, "$", document.RootElement, "release_date");
        var label = document.RootElement.TryGetProperty("release_label", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : FromName(name);
        return Day().IsMatch(date) ? (label, date) : throw new SourceFormatException(name, "$.release_date", $"'{date}' is no day.");
    }

    /// <summary>Every archive.</summary>
    public static IReadOnlyList<RedistArchive> Parse(string name, string text)
    {
        using var document = StrictJson.Parse(name, text);
        var archives = new List<RedistArchive>();
        foreach (var component in document.RootElement.EnumerateObject().Where(p => !Head0.Contains(p.Name)))
        {
            if (component.Value.ValueKind != JsonValueKind.Object)
                throw new SourceFormatException(name, "$." + component.Name, $"expected a component, found {component.Value.ValueKind}.");
            var version = StrictJson.Text(name, "$." + component.Name, component.Value, "version");
            foreach (var member in component.Value.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.Object)
                    Platform(name, component.Name, version, member, archives);
                else if (!ComponentTexts.Contains(member.Name) && member.Name != "cuda_variant")
                    throw new SourceFormatException(name, $"$.{component.Name}.{member.Name}", "this member is not known.");
            }
        }

        return archives.Count > 0 ? archives : throw new SourceFormatException(name, "$", "no archive.");
    }

    private static void Platform(string name, string component, string version, JsonProperty platform, List<RedistArchive> archives)
    {
        if (!PlatformName().IsMatch(platform.Name))
            throw new SourceFormatException(name, $"$.{component}.{platform.Name}", "this platform is not known.");
        foreach (var variant in platform.Value.EnumerateObject().Where(v => v.Value.ValueKind == JsonValueKind.Object))
        {
            if (!VariantName().IsMatch(variant.Name))
                throw new SourceFormatException(name, $"$.{component}.{platform.Name}.{variant.Name}", "this variant is not known.");
            archives.Add(Archive(name, component, version, platform.Name, variant.Name, variant.Value));
        }

        if (platform.Value.TryGetProperty("relative_path", out _))
            archives.Add(Archive(name, component, version, platform.Name, null, platform.Value));
        else if (!platform.Value.EnumerateObject().Any())
            throw new SourceFormatException(name, $"$.{component}.{platform.Name}", "is empty.");
    }

    private static RedistArchive Archive(string name, string component, string version, string platform, string? variant, JsonElement value)
    {
        var place = $"$.{component}.{platform}" + (variant is null ? "" : "." + variant);
        var path = StrictJson.Text(name, place, value, "relative_path");
        var sha256 = StrictJson.Text(name, place, value, "sha256");
        var size = StrictJson.Text(name, place, value, "size");
        if (!Sha256().IsMatch(sha256))
            throw new SourceFormatException(name, place + ".sha256", $"'{sha256}' is no SHA-256.");
        return long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? new RedistArchive(component, version, platform, variant, path, sha256, bytes)
            : throw new SourceFormatException(name, place + ".size", $"'{size}' is no size.");
    }

    private static string FromName(string name) => ManifestName().Match(name) is { Success: true } match
        ? match.Groups[1].Value
        : throw new SourceFormatException(name, "$", "neither release_label nor the name gives the release.");

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d\z", RegexOptions.CultureInvariant)]
    private static partial Regex Day();

    [GeneratedRegex(@"redistrib_(\d+\.\d+\.\d+)\.json\z", RegexOptions.CultureInvariant)]
    private static partial Regex ManifestName();

    [GeneratedRegex(@"^(?:linux-(?:x86_64|sbsa|aarch64|ppc64le|all)|windows-(?:x86_64|arm64)|source)\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlatformName();

    [GeneratedRegex(@"^cuda\d+\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariantName();

    [GeneratedRegex("^[0-9a-f]{64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sha256();
}
