using System.Text.Json;
using CudaCompat.Data.Live;
using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>One driver file of releases.json.</summary>
/// <param name="Date">yyyy-MM-dd, null where the file leaves it empty.</param>
internal sealed record DriverRelease(DriverVersion Version, string? Date, string Cpu, string Url);

/// <summary>releases.json of NVIDIA's data-centre drivers: an object by branch number, each with driver_info, newest first.</summary>
internal static class DriverReleases
{
    /// <summary>Reads the file; a release that has no file for any processor is left out, one that cannot be read is told.</summary>
    public static IReadOnlyList<DriverRelease> Parse(SourceFile file, LiveWork work)
    {
        using var document = StrictJson.Parse(file.Path, file.Text);
        var releases = new List<DriverRelease>();
        foreach (var branch in document.RootElement.EnumerateObject())
        {
            if (branch.Value.ValueKind != JsonValueKind.Object || !branch.Value.TryGetProperty("driver_info", out var list) || list.ValueKind != JsonValueKind.Array)
            {
                work.LeaveUnreadable("branch " + branch.Name, "no list of releases");
                continue;
            }

            foreach (var info in list.EnumerateArray())
            {
                if (Text(info, "release_version") is not { } number || !DriverVersion.TryParse(number, out var version))
                    work.LeaveUnreadable($"branch {branch.Name}, {Text(info, "release_version")}", "no number of a driver");
                else if (!info.TryGetProperty("runfile_url", out var files) || files.ValueKind != JsonValueKind.Object)
                    work.Leave("a release without a file to run");
                else
                    releases.AddRange(files.EnumerateObject().Where(f => f.Value.ValueKind == JsonValueKind.String).Select(f => new DriverRelease(version, Text(info, "release_date"), f.Name, f.Value.GetString()!)));
            }
        }

        return releases.Count > 0 ? releases : throw file.Error("$", "no driver.");
    }

    private static string? Text(JsonElement parent, string member) => parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
