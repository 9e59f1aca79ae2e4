using System.Text.Json;
using System.Text.RegularExpressions;
using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live.PyTorch;

/// <summary>published_versions.json: which builds pytorch.org offers for each release. A build that no index lists yet is remarked, not believed: without files nothing is known of it.</summary>
internal sealed class PublishedVersionsReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "published-versions";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.GetAsync(work.Source.Url("list"), cancellation);
        var choices = PublishedVersionsParser.Parse(file.Text, file.Path);
        foreach (var torch in choices.Where(c => c.Torch is not null).Select(c => c.Torch!.Value).Distinct().Order())
        {
            var row = new TorchReleaseRow(torch, null, null, null, [file.Id]);
            if (work.Fresh.TorchReleases.Same(row) is null)
                work.Fresh.TorchReleases.Add(row);
        }

        if (work.Fresh.TorchReleases.Count == 0)
            throw file.Error("$.versions", "no release.");
        foreach (var choice in choices.Where(c => c.Torch is not null && c.Packaging == "pip" && c.Os is "linux" or "windows" && c.Command is not null))
        {
            if (InstallCommandText.Parse(choice.Command!)?.Tag is { IsCpu: false } tag)
                Selectors.RemarkUnlisted(work, choice.Torch!.Value, tag, choice.Os == "windows" ? OperatingSystemFamily.Windows : OperatingSystemFamily.Linux);
        }
    }
}

/// <summary>The script of the selector: the stable release and the CUDA versions offered for it.</summary>
internal sealed partial class QuickStartReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "quick-start";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.GetAsync(work.Source.Url("list"), cancellation);
        var (map, stable) = (VersionMap().Match(file.Text), Stable().Match(file.Text));
        if (!map.Success || !stable.Success || !PackageVersion.TryParse(stable.Groups["version"].Value, out var torch))
            throw file.Error("text", "no version_map and stable_version: the script changed shape.");
        using var document = JsonDocument.Parse(map.Groups["json"].Value);
        work.Fresh.TorchReleases.Add(new TorchReleaseRow(torch, null, null, null, [file.Id]));
        var slots = document.RootElement.GetProperty("release").EnumerateObject().Where(s => s.Name.StartsWith("cuda", StringComparison.Ordinal)).ToList();
        if (slots.Count == 0)
            throw file.Error("version_map.release", "no CUDA version.");
        foreach (var slot in slots)
            Selectors.RemarkUnlisted(work, torch, CudaTag.Of(CudaVersion.Parse(slot.Value[1].GetString()!)), OperatingSystemFamily.Linux);
    }

    [GeneratedRegex(@"^\s*let version_map\s*=\s*(?<json>\{.*\})\s*;?\s*$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex VersionMap();

    [GeneratedRegex(@"stable_version\s*=\s*""Stable \((?<version>[^)]+)\)""", RegexOptions.CultureInvariant)]
    private static partial Regex Stable();
}

/// <summary>What the selectors share.</summary>
internal static class Selectors
{
    /// <summary>Remarks a build that is offered but not in the data.</summary>
    public static void RemarkUnlisted(LiveWork work, PackageVersion torch, CudaTag tag, OperatingSystemFamily os)
    {
        if (!work.Known.Builds.Rows.Any(b => b.Package == TorchNames.Torch && b.Packaging == Packaging.Pip && b.Version.Release == torch.Release && b.Tag == tag && b.Os == os))
            work.Notes.Add($"offers torch {torch} for {tag} on {OperatingSystemNames.Instance.NameOf(os)}, of which no file is listed");
    }
}
