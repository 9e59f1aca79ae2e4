using System.Text.Json;
using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>One driver file of releases.json.</summary>
/// <param name="Date">yyyy-MM-dd, null where the file leaves it empty.</param>
internal sealed record DriverRelease(string Place, DriverVersion Version, string? Date, string Cpu, string Url);

/// <summary>releases.json of NVIDIA's data-centre drivers: an object by branch number, each with driver_info, newest first.</summary>
internal static class DriverReleases
{
    /// <summary>Reads the file.</summary>
    public static IReadOnlyList<DriverRelease> Parse(string name, string text)
    {
        using var document = StrictJson.Parse(name, text);
        var releases = new List<DriverRelease>();
        foreach (var branch in document.RootElement.EnumerateObject())
        {
            var place = "$." + branch.Name;
            foreach (var info in StrictJson.Member(name, place, branch.Value, "driver_info", JsonValueKind.Array).EnumerateArray())
            {
                var number = StrictJson.Text(name, place + ".driver_info", info, "release_version");
                if (!DriverVersion.TryParse(number, out var version))
                    throw new SourceFormatException(name, place + ".release_version", $"'{number}' is no driver.");
                var date = StrictJson.Member(name, place, info, "release_date", JsonValueKind.String).GetString();
                foreach (var file in StrictJson.Member(name, place, info, "runfile_url", JsonValueKind.Object).EnumerateObject())
                    releases.Add(new DriverRelease($"{place}.{number}.{file.Name}", version, date is { Length: > 0 } ? date : null, file.Name, StrictJson.Text(name, place, file.Value.ValueKind == JsonValueKind.String ? info.GetProperty("runfile_url") : info, file.Name)));
            }
        }

        return releases.Count > 0 ? releases : throw new SourceFormatException(name, "$", "no driver.");
    }
}
