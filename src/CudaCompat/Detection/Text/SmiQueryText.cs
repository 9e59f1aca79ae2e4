using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Text;

/// <summary>nvidia-smi -q (and -a): "name : value" lines in sections told by their headings.</summary>
internal static partial class SmiQueryText
{
    public static NvidiaSmiResult? Parse(string[] lines)
    {
        if (!Array.Exists(lines, l => l.Contains("Version", StringComparison.Ordinal) || l.Contains("NVSMI LOG", StringComparison.Ordinal)
            || l.Contains("Attached GPUs", StringComparison.Ordinal) || l.Contains("Product Name", StringComparison.Ordinal)))
            return null;
        var result = new NvidiaSmiResult { Forms = NvidiaSmiForms.QueryText };
        var gpus = new List<ListedGpu>();
        var isQuery = false;
        var persistenceWithModel = false;
        string? section = null, persistence = null, kmd = null, umd = null;
        foreach (var line in lines)
        {
            if (line.Length > 1024)
                continue;
            var bare = PastedText.WithoutPrefix(line).TrimEnd(' ', '\\'); // Markdown keeps its lines apart with a backslash
            if (bare.Contains("NVSMI LOG", StringComparison.Ordinal))
                isQuery = true;
            if (GpuHeading().Match(bare) is { Success: true } heading && gpus.Count < Machines.DriverInfo.MaximumGpus)
            {
                gpus.Add(new ListedGpu { Index = gpus.Count, BusId = heading.Groups["bus"].Value, Position = gpus.Count });
                section = persistence = null;
                continue;
            }

            if (Pair().Match(bare) is not { Success: true } pair)
            {
                section = bare.Trim();
                continue;
            }

            var key = pair.Groups["key"].Value;
            var value = pair.Groups["value"].Value.Trim();
            if (gpus.Count == 0)
            {
                switch (key)
                {
                    case "Driver Version" or "KMD Version":
                        isQuery = true;
                        if (key[0] == 'K')
                            kmd = FirstWord(value);
                        else if (result.Driver is null && DriverVersion.TryParse(FirstWord(value), out var driver))
                            result = result with { Driver = driver };
                        break;
                    case "CUDA Version" or "CUDA UMD Version":
                        isQuery = true;
                        if (key.Length > 12)
                            umd = FirstWord(value);
                        else if (result.MaxCuda is null && CudaVersion.TryParse(FirstWord(value), out var cuda))
                            result = result with { MaxCuda = cuda };
                        break;
                    case "Attached GPUs":
                        isQuery = true;
                        result = result with { AttachedGpus = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null };
                        break;
                    case "Product Name": // grep, or the heading line was cut away
                        isQuery = true;
                        gpus.Add(new ListedGpu { Index = 0, Name = value });
                        break;
                }

                continue;
            }

            if (key == "Persistence Mode")
                persistence = value;
            if (key == "Product Name" && gpus[^1].Name is not null && gpus.Count < Machines.DriverInfo.MaximumGpus)
                gpus.Add(new ListedGpu { Index = gpus.Count, Name = value, Position = gpus.Count });
            else
                gpus[^1] = With(gpus[^1], section, key, value);
            persistenceWithModel |= gpus[^1].DriverModel is not null && persistence is "Enabled" or "Disabled" && gpus[^1].DriverModel is not null;
        }

        if (!isQuery)
            return null;
        if (DriverVersion.TryParse(kmd, out var module))
            result = result with { Driver = module };
        if (CudaVersion.TryParse(umd, out var user))
            result = result with { MaxCuda = user };
        return result with
        {
            Gpus = gpus.Count > 0 ? gpus : null,
            ShowsWindows = gpus.Exists(g => g.DriverModel is not null),
            ShowsWsl = persistenceWithModel, // nvidia-smi.exe prints N/A there
        };
    }

    private static ListedGpu With(ListedGpu gpu, string? section, string key, string value) => (section, key) switch
    {
        (_, "Product Name") => gpu with { Name = value },
        (_, "GPU UUID") when value.StartsWith("GPU-", StringComparison.Ordinal) => gpu with { Uuid = value },
        ("PCI", "Device Id") => gpu with { PciDeviceId = ListedGpu.DeviceIdOf(value) },
        ("PCI", "Bus Id") when gpu.BusId is null => gpu with { BusId = value },
        ("Driver Model", "Current") => gpu with { DriverModel = value is "WDDM" or "TCC" or "MCDM" ? value : null },
        ("FB Memory Usage" or "Memory Usage", "Total") when gpu.MemoryTotalMiB is null =>
            gpu with { MemoryTotalMiB = int.TryParse(FirstWord(value), NumberStyles.None, CultureInfo.InvariantCulture, out var total) ? total : null },
        (_, "CUDA Compute Capability" or "Compute Capability") => gpu with { ComputeCapability = Versions.ComputeCapability.TryParse(value, out var cc) ? cc : null },
        _ => gpu,
    };

    private static string FirstWord(string value)
    {
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? value : value[..space];
    }

    [GeneratedRegex(@"^GPU (?<bus>[0-9A-Fa-f]{1,8}:[0-9A-Fa-f]{1,2}:[0-9A-Fa-f]{1,2}(?:\.[0-9A-Fa-f])?)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex GpuHeading();

    [GeneratedRegex(@"^(?<key>[A-Za-z][A-Za-z0-9 .()/_-]{1,60}?)\s+: ?(?<value>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Pair();
}
