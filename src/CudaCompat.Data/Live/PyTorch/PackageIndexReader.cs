using System.Text.Json;
using System.Text.RegularExpressions;
using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Parsing;
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
    private static readonly string[] Companions = [PyTorchWork.Vision, PyTorchWork.Audio];

    /// <inheritdoc/>
    public string Name => "pypi";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var package = work.Source.Package!;
        var page = await work.GetAsync(work.Source.Url("list"), nameof(PackageIndexReader), "page", cancellation, SimpleJson);
        using var document = StrictJson.Parse(page.Path, page.Text);
        if (StrictJson.Text(page.Path, "$", document.RootElement, "name") != package)
            throw page.Error("$.name", $"not the page of {package}.");
        var builds = new ListedBuilds(work);
        var number = 0;
        foreach (var file in StrictJson.Member(page.Path, "$", document.RootElement, "files", JsonValueKind.Array).EnumerateArray())
        {
            var place = $"$.files[{number++}]";
            var name = StrictJson.Text(page.Path, place, file, "filename");
            if (!name.EndsWith(".whl", StringComparison.Ordinal) || IsYanked(file))
                continue;
            var hashes = StrictJson.Member(page.Path, place, file, "hashes", JsonValueKind.Object);
            builds.Add(page, place, name, null, StrictJson.Text(page.Path, place, file, "url"), StrictJson.Text(page.Path, place + ".hashes", hashes, "sha256"));
        }

        if (number == 0)
            throw page.Error("$.files", "the list is empty.");
        builds.Finish();
        foreach (var version in Versions(page, document).Where(v => IsNews(work, package, v)))
            await ReadReleaseAsync(work, package, version, cancellation);
        work.Complete(work.Known.BuildFiles, work.Fresh.BuildFiles, f => f.Packaging == Packaging.Pip && f.Package == package && f.Index is null && f.Url.Contains("pythonhosted", StringComparison.Ordinal));
    }

    // The member is false, or the reason for taking the file back.
    private static bool IsYanked(JsonElement file) => file.TryGetProperty("yanked", out var yanked) && yanked.ValueKind is JsonValueKind.True or JsonValueKind.String;

    private static List<PackageVersion> Versions(SourceFile page, JsonDocument document) =>
    [
        .. StrictJson.Member(page.Path, "$", document.RootElement, "versions", JsonValueKind.Array).EnumerateArray()
            .Select(v => v.GetString()).Where(v => v is not null && Release().IsMatch(v)).Select(v => PackageVersion.Parse(v!)).Order(),
    ];

    private static bool IsNews(LiveWork work, string package, PackageVersion version) => package == PyTorchWork.Torch
        ? version > work.Known.DefaultBuilds.Rows.Where(r => !r.Sources.All(IsLive)).Select(r => r.To).DefaultIfEmpty().Max()
        : version > work.Known.Companions.Rows.Where(c => c.Package == package && !c.Sources.All(IsLive)).Select(c => c.Version).DefaultIfEmpty().Max();

    private static bool IsLive(string source) => source.StartsWith(Fetching.Recording.Top + "/", StringComparison.Ordinal);

    private static async Task ReadReleaseAsync(LiveWork work, string package, PackageVersion version, CancellationToken cancellation)
    {
        if (await work.TryGetAsync(work.Source.Url("item", ("version", version.ToString())), nameof(PackageIndexReader), "manifest", cancellation, PlainJson) is not { } page)
            return;
        using var document = StrictJson.Parse(page.Path, page.Text);
        var info = StrictJson.Member(page.Path, "$", document.RootElement, "info", JsonValueKind.Object);
        if (StrictJson.Text(page.Path, "$.info", info, "version") != version.ToString())
            throw page.Error("$.info.version", $"another release answered for {version}.");
        var requires = info.TryGetProperty("requires_dist", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(r => r.GetString() ?? "").ToList() : [];
        if (Companions.Contains(package))
            AddCompanion(work, package, version, requires, page);
        else
            AddDefault(work, version, requires, page);
    }

    private static void AddCompanion(LiveWork work, string package, PackageVersion version, List<string> requires, SourceFile page)
    {
        foreach (var require in requires)
        {
            if (Pin().Match(require) is not { Success: true } pin || pin.Groups["name"].Value != PyTorchWork.Torch || !PackageVersion.TryParse(pin.Groups["version"].Value, out var torch))
                continue;
            var preferred = !work.Known.Companions.Rows.Any(c => c.Torch == torch && c.Package == package && c.Preferred && c.Version != version);
            work.Fresh.Companions.Add(new CompanionRow(torch, package, version, null, preferred, "depends", [page.Id]));
            return;
        }

        work.Notes.Add($"{package} {version} names no exact torch");
    }

    // The CUDA runtime that the wheel pins is the CUDA that it was built for.
    private static void AddDefault(LiveWork work, PackageVersion torch, List<string> requires, SourceFile page)
    {
        work.Fresh.TorchReleases.Add(new TorchReleaseRow(torch, null, null, null, [page.Id]));
        var pins = requires.Select(r => Pin().Match(r)).Where(m => m.Success).ToList();
        var runtime = pins.FirstOrDefault(m => m.Groups["name"].Value is "nvidia-cuda-runtime" or "cuda-toolkit" || m.Groups["name"].Value.StartsWith("nvidia-cuda-runtime-cu", StringComparison.Ordinal));
        if (runtime is null || !CudaVersion.TryParse(string.Join('.', runtime.Groups["version"].Value.Split('.').Take(2)), out var cuda))
        {
            work.Notes.Add($"torch {torch}: its requirements name no CUDA runtime, so what the default index gives is not known");
            return;
        }

        var tag = CudaTag.Of(cuda);
        work.Fresh.DefaultBuilds.Add(new DefaultBuildRow(torch, torch, OperatingSystemFamily.Linux, CpuArchitecture.X64, "pypi", tag, [page.Id], $"the wheel requires {runtime.Value}"));
        foreach (var pin in pins.Where(m => m.Groups["name"].Value.StartsWith("nvidia-", StringComparison.Ordinal)).DistinctBy(m => m.Groups["name"].Value))
        {
            var row = new RequirementRow(torch, tag, pin.Groups["name"].Value, pin.Groups["version"].Value, "exact", true, pin.Groups["marker"] is { Success: true } marker ? marker.Value : null, [page.Id]);
            if (!work.Known.Requirements.Rows.Any(r => r.Torch == torch && r.Tag == tag && r.Requirement == row.Requirement && r.Used && r.Version != row.Version))
                work.Fresh.Requirements.Add(row);
        }
    }

    [GeneratedRegex(@"^\d+\.\d+(?:\.\d+)?(?:\.post\d+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Release();

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])? ?\(?==(?<version>[0-9][0-9.]*)(?:\.\*)?\)?(?: ?; ?(?<marker>.+))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pin();
}
