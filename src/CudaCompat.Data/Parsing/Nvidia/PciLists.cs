using System.Text.Json;
using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>A device of a PCI list.</summary>
/// <param name="Place">Where in the document.</param>
/// <param name="DeviceId">Four hexadecimal digits, lower case.</param>
/// <param name="LegacyBranch">"470.xx" where the device is served by a legacy driver.</param>
internal sealed record PciDevice(string Place, string DeviceId, string Name, string? LegacyBranch);

/// <summary>Lists of PCI devices: supported-gpus.json of a driver, and the NVIDIA section of pci.ids.</summary>
internal static partial class PciLists
{
    /// <summary>supported-gpus.json: an array "chips" of devid ("0x2203"), name, sometimes subsystem ids and legacybranch.</summary>
    public static IReadOnlyList<PciDevice> SupportedGpus(string name, string text)
    {
        using var document = StrictJson.Parse(name, text);
        var devices = new List<PciDevice>();
        foreach (var chip in StrictJson.Member(name, "$", document.RootElement, "chips", JsonValueKind.Array).EnumerateArray())
        {
            var place = $"$.chips[{devices.Count}]";
            var id = StrictJson.Text(name, place, chip, "devid");
            if (!Hexadecimal().IsMatch(id))
                throw new SourceFormatException(name, place + ".devid", $"'{id}' is no device id.");
            var legacy = chip.TryGetProperty("legacybranch", out _) ? StrictJson.Text(name, place, chip, "legacybranch") : null;
            devices.Add(new PciDevice(place, id[2..].ToLowerInvariant(), StrictJson.Text(name, place, chip, "name"), legacy));
        }

        return devices.Count > 0 ? devices : throw new SourceFormatException(name, "$.chips", "is empty.");
    }

    /// <summary>pci.ids: a device a line, indented by one tab ("10de" section only); subsystems are indented by two and passed over.</summary>
    public static IReadOnlyList<PciDevice> PciIds(string name, string text)
    {
        var devices = new List<PciDevice>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 || lines[i][0] != '\t' || lines[i].StartsWith("\t\t", StringComparison.Ordinal))
                continue;
            var match = DeviceLine().Match(lines[i]);
            if (!match.Success)
                throw new SourceFormatException(name, TextLines.Place(i + 1), $"'{lines[i].Trim()}' is no device.");
            devices.Add(new PciDevice(TextLines.Place(i + 1), match.Groups["id"].Value, match.Groups["name"].Value.Trim(), null));
        }

        return devices.Count > 0 ? devices : throw new SourceFormatException(name, "text", "no device.");
    }

    [GeneratedRegex("^0x[0-9A-Fa-f]{4}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex("^\t(?<id>[0-9a-f]{4})  (?<name>.+)", RegexOptions.CultureInvariant)]
    private static partial Regex DeviceLine();
}
