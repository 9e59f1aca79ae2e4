using System.Text.RegularExpressions;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Text;

/// <summary>nvidia-smi --version: four labelled numbers; since driver 610 KMD and CUDA UMD versions beside two deprecated lines.</summary>
internal static partial class SmiVersionText
{
    public static NvidiaSmiResult? Parse(string[] lines)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines)
        {
            if (line.Length < 200 && line.Contains("ersion", StringComparison.Ordinal) && Field().Match(line) is { Success: true } field)
                values.TryAdd(field.Groups["name"].Value, field.Groups["v"].Value);
        }

        if (!values.ContainsKey("NVIDIA-SMI") && !values.ContainsKey("NVML"))
            return null;
        return new NvidiaSmiResult
        {
            Forms = NvidiaSmiForms.Version,
            NvidiaSmiVersion = DottedVersion.TryParse(values.GetValueOrDefault("NVIDIA-SMI"), out var smi) ? smi : null,
            NvmlVersion = DottedVersion.TryParse(values.GetValueOrDefault("NVML"), out var nvml) ? nvml : null,
            Driver = DriverVersion.TryParse(values.GetValueOrDefault("KMD") ?? values.GetValueOrDefault("DRIVER"), out var driver) ? driver : null,
            MaxCuda = CudaVersion.TryParse(values.GetValueOrDefault("CUDA UMD") ?? values.GetValueOrDefault("CUDA"), out var cuda) ? cuda : null,
        };
    }

    [GeneratedRegex(@"\b(?<name>NVIDIA-SMI|NVML|DRIVER|KMD|CUDA UMD|CUDA)\s+version\s*:\s*(?<v>\d+(?:\.\d+)+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Field();
}
