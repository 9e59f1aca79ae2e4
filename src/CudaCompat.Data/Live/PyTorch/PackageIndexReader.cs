using System.Text.Json;
using System.Text.RegularExpressions;
using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live.PyTorch;

/// <summary>The default package index, in the JSON form of the simple index (PEP 691), and the requirements of releases that are not known yet.</summary>
internal sealed partial class PackageIndexReader : ILiveReader
{
    private const string SimpleJson = "application/vnd.pypi.simple.v1+json";
    private const string PlainJson = "application/json";

    /// <inheritdoc/>
    public string Name => "pypi";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var package = work.Source.Package!;
        var page = await work.GetAsync(work.Source.Url("list"), cancellation, SimpleJson);
        var builds = new ListedBuilds(work);
        var links = SimpleIndex.Parse(page, work.LeaveUnreadable).Where(l => l.FileName.EndsWith(".whl", StringComparison.Ordinal)).ToList();
        foreach (var link in links)
            builds.Add(link, null, link.Url.ToString());
        builds.Finish();
        var released = links.Where(l => !l.IsYanked && WheelName.TryParse(l.FileName, out _)).Select(l => WheelName.TryParse(l.FileName, out var name) ? name.Version : default).Where(v => !v.IsPrerelease).Distinct().Order();
        foreach (var version in released.Where(v => IsNews(work, package, v)).ToList())
            await ReadReleaseAsync(work, package, version, cancellation);
        work.Complete(work.Fresh.BuildFiles, f => f.Packaging == Packaging.Pip && f.Package == package && f.Index is null && f.Url.Contains("pythonhosted", StringComparison.Ordinal));
    }

    // What only this source has told is read again each time: else it would be lost.
    private static bool IsNews(LiveWork work, string package, PackageVersion version)
    {
        bool IsOthers(string[] sources) => !sources.All(s => s == work.Source.Id);
        return version > (package == TorchNames.Torch
            ? work.Known.DefaultBuilds.Rows.Where(r => IsOthers(r.Sources)).Select(r => r.To)
            : work.Known.CompanionRules.Rows.Where(r => r.Package == package && IsOthers(r.Sources)).Select(r => r.To ?? r.From)).DefaultIfEmpty().Max();
    }

    private static async Task ReadReleaseAsync(LiveWork work, string package, PackageVersion version, CancellationToken cancellation)
    {
        if (await work.TryGetAsync(work.Source.Url("item", ("version", version.ToString())), cancellation, PlainJson) is not { } page)
        {
            work.Notes.Add($"{package} {version}: no page tells its requirements");
            return;
        }

        using var document = StrictJson.Parse(page.Path, page.Text);
        var info = StrictJson.Member(page.Path, "$", document.RootElement, "info", JsonValueKind.Object);
        if (StrictJson.Text(page.Path, "$.info", info, "version") != version.ToString())
            throw page.Error("$.info.version", $"another release answered for {version}.");
        var requires = info.TryGetProperty("requires_dist", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(r => r.GetString() ?? "").ToList() : [];
        if (package == TorchNames.Torch)
            AddDefault(work, version, requires);
        else
            AddCompanion(work, package, version, requires);
    }

    // What the release states of torch, an exact one or a range or nothing. An exact one also makes a pair.
    private static void AddCompanion(LiveWork work, string package, PackageVersion version, List<string> requires)
    {
        var stated = requires.Select(r => Torch().Match(r)).FirstOrDefault(m => m.Success)?.Groups["spec"].Value.Replace(" ", "", StringComparison.Ordinal);
        if (stated is not null && !VersionSpec.TryParse(stated, out _))
        {
            work.Unread.Add($"{package} {version} requires torch {stated}");
            return;
        }

        work.Fresh.CompanionRules.Add(new CompanionRuleRow(package, version, version, stated, [work.Source.Id]));
        if (stated is null || !stated.StartsWith("==", StringComparison.Ordinal) || !PackageVersion.TryParse(stated[2..], out var torch))
            return;
        var preferred = !work.Known.Companions.Rows.Any(c => c.Torch == torch && c.Package == package && c.Preferred && c.Version != version && c.How != StatedCompanions.How);
        work.Fresh.Companions.Add(new CompanionRow(torch, package, version, null, preferred, "depends", [work.Source.Id]));
    }

    // The CUDA runtime that the wheel pins is the CUDA that it was built for.
    private static void AddDefault(LiveWork work, PackageVersion torch, List<string> requires)
    {
        work.Fresh.TorchReleases.Add(new TorchReleaseRow(torch, null, null, null, [work.Source.Id]));
        var pins = requires.Select(r => Pin().Match(r)).Where(m => m.Success).ToList();
        var runtime = pins.FirstOrDefault(m => m.Groups["name"].Value is "nvidia-cuda-runtime" or "cuda-toolkit" || m.Groups["name"].Value.StartsWith("nvidia-cuda-runtime-cu", StringComparison.Ordinal));
        if (runtime is null || !CudaVersion.TryParse(string.Join('.', runtime.Groups["version"].Value.Split('.').Take(2)), out var cuda))
        {
            work.Notes.Add($"torch {torch}: its requirements name no CUDA runtime, so what the default index gives is not known");
            return;
        }

        var tag = CudaTag.Of(cuda);
        work.Fresh.DefaultBuilds.Add(new DefaultBuildRow(torch, torch, OperatingSystemFamily.Linux, CpuArchitecture.X64, "pypi", tag, [work.Source.Id], $"the wheel requires {runtime.Value}"));
        foreach (var pin in pins.Where(m => m.Groups["name"].Value.StartsWith("nvidia-", StringComparison.Ordinal)).DistinctBy(m => m.Groups["name"].Value))
        {
            var row = new RequirementRow(torch, tag, pin.Groups["name"].Value, pin.Groups["version"].Value, "exact", true, pin.Groups["marker"] is { Success: true } marker ? marker.Value : null, [work.Source.Id]);
            if (!work.Known.Requirements.Rows.Any(r => r.Torch == torch && r.Tag == tag && r.Requirement == row.Requirement && r.Used && r.Version != row.Version))
                work.Fresh.Requirements.Add(row);
        }
    }

    [GeneratedRegex(@"^torch ?\(?(?<spec>[<>=!~][^;)]*)\)?(?: ?;.*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Torch();

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])? ?\(?==(?<version>[0-9][0-9.]*)(?:\.\*)?\)?(?: ?; ?(?<marker>.+))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pin();
}
