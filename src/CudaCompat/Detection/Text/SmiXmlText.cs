using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Text;

/// <summary>
/// nvidia-smi -q -x. Read by scanning tags instead of by an XML reader: pastes are cut, prefixed and name a DTD that exists nowhere,
/// and the few facts needed are plain "tag, text, end tag" triples.
/// </summary>
internal static partial class SmiXmlText
{
    private const int MaximumDepth = 32;

    public static NvidiaSmiResult? Parse(string[] lines)
    {
        if (!Array.Exists(lines, l => l.Contains("<nvidia_smi_log", StringComparison.Ordinal) || l.Contains("<gpu id=", StringComparison.Ordinal)))
            return null;
        var result = new NvidiaSmiResult { Forms = NvidiaSmiForms.QueryXml };
        var gpus = new List<ListedGpu>();
        var path = new List<string>();
        string? kmd = null, umd = null;
        string? persistence = null;
        var wsl = false;
        foreach (var line in lines)
        {
            if (Schema().Match(line) is { Success: true } schema)
                result = result with { XmlSchema = schema.Groups["v"].Value };
            for (var tag = Tag().Match(line); tag.Success; tag = tag.NextMatch())
            {
                var name = tag.Groups["name"].Value;
                if (tag.Groups["end"].Length > 0)
                {
                    var at = path.LastIndexOf(name);
                    if (at >= 0)
                        path.RemoveRange(at, path.Count - at);
                    continue;
                }

                if (name == "gpu" && tag.Groups["rest"].Value.Contains("id=", StringComparison.Ordinal) && gpus.Count < Machines.DriverInfo.MaximumGpus)
                    gpus.Add(new ListedGpu { Index = gpus.Count, BusId = Id().Match(tag.Groups["rest"].Value).Groups["id"].Value, Position = gpus.Count });
                if (tag.Groups["self"].Length > 0)
                    continue;
                if (tag.Groups["text"] is { Success: true } text && tag.Groups["close"].Value == name)
                {
                    var value = text.Value.Trim();
                    var parent = path.Count > 0 ? path[^1] : "";
                    if (path.Contains("gpu") && gpus.Count > 0)
                    {
                        if (name == "persistence_mode")
                            persistence = value;
                        gpus[^1] = With(gpus[^1], parent, path.Contains("mig_device"), name, value);
                        wsl |= gpus[^1].DriverModel is not null && persistence is "Enabled" or "Disabled" && gpus[^1].DriverModel is not null;
                    }
                    else
                    {
                        (kmd, umd) = (name == "kmd_version" ? value : kmd, name == "cuda_umd_version" ? value : umd);
                        result = WithHead(result, name, value);
                    }
                }
                else if (path.Count < MaximumDepth)
                {
                    path.Add(name);
                }
            }
        }

        if (DriverVersion.TryParse(kmd, out var module))
            result = result with { Driver = module };
        if (CudaVersion.TryParse(umd, out var user))
            result = result with { MaxCuda = user };
        return result with
        {
            Gpus = gpus.Count > 0 ? gpus : null,
            ShowsWindows = gpus.Exists(g => g.DriverModel is not null),
            ShowsWsl = wsl,
        };
    }

    private static NvidiaSmiResult WithHead(NvidiaSmiResult result, string name, string value) => name switch
    {
        "driver_version" when DriverVersion.TryParse(FirstWord(value), out var driver) => result with { Driver = driver },
        "cuda_version" when CudaVersion.TryParse(FirstWord(value), out var cuda) => result with { MaxCuda = cuda },
        "attached_gpus" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) => result with { AttachedGpus = count },
        _ => result,
    };

    private static ListedGpu With(ListedGpu gpu, string parent, bool inMig, string name, string value) => (parent, name) switch
    {
        ("gpu", "product_name") => gpu with { Name = value.Replace("&amp;", "&", StringComparison.Ordinal) },
        ("gpu", "uuid") => gpu with { Uuid = value },
        ("pci", "pci_device_id") => gpu with { PciDeviceId = ListedGpu.DeviceIdOf(value) },
        ("driver_model", "current_dm") => gpu with { DriverModel = value is "WDDM" or "TCC" or "MCDM" ? value : null },
        ("fb_memory_usage", "total") when !inMig => gpu with
        {
            MemoryTotalMiB = int.TryParse(FirstWord(value), NumberStyles.None, CultureInfo.InvariantCulture, out var total) ? total : null,
        },
        _ => gpu,
    };

    private static string FirstWord(string value) => value.Split(' ', 2)[0];

    [GeneratedRegex(@"nvsmi_device_(?<v>v\d+)\.dtd", RegexOptions.CultureInvariant)]
    private static partial Regex Schema();

    [GeneratedRegex(@"<(?<end>/?)(?<name>[a-z][a-z0-9_]{0,63})(?<rest>[^<>/]{0,200})(?<self>/?)>(?:(?<text>[^<>]{0,400})</(?<close>[a-z0-9_]{1,64})>)?", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex(@"id=""(?<id>[^""]{1,32})""", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
