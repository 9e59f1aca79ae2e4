using System.Globalization;
using System.Text.RegularExpressions;

namespace CudaCompat.Detection.Text;

/// <summary>nvidia-smi -L: one line a GPU with its UUID (before 2012 a serial number), MIG devices under it.</summary>
internal static partial class SmiListText
{
    public static NvidiaSmiResult? Parse(string[] lines)
    {
        var gpus = new List<ListedGpu>();
        foreach (var line in lines)
        {
            if (line.Length > 1024 || !line.Contains(':', StringComparison.Ordinal) || gpus.Count >= Machines.DriverInfo.MaximumGpus)
                continue;
            if (GpuLine().Match(line) is { Success: true } gpu)
            {
                // Several may stand in one line, where line ends were lost.
                for (; gpu.Success && gpus.Count < Machines.DriverInfo.MaximumGpus; gpu = gpu.NextMatch())
                    gpus.Add(Of(gpu, gpus.Count));
            }
            else if (BareGpuLine().Match(line) is { Success: true } bare)
            {
                gpus.Add(Of(bare, gpus.Count));
            }
            else if (gpus.Count > 0 && MigLine().Match(line) is { Success: true } mig)
            {
                gpus[^1] = gpus[^1] with { MigDevices = [.. gpus[^1].MigDevices ?? [], mig.Groups["profile"].Value] };
            }
        }

        return gpus.Count == 0 ? null : new NvidiaSmiResult { Forms = NvidiaSmiForms.List, Gpus = gpus };
    }

    private static ListedGpu Of(Match gpu, int position) => new()
    {
        Index = int.Parse(gpu.Groups["index"].ValueSpan, CultureInfo.InvariantCulture),
        Name = gpu.Groups["name"].Value.Trim(),
        Uuid = gpu.Groups["uuid"].Value is { Length: > 0 } uuid ? uuid : null,
        Position = position,
    };

    // Without its identity, which people take away: only a line that holds nothing else.
    [GeneratedRegex(@"^[\s>#*|-]*GPU (?<index>\d{1,2}): (?<name>(?:NVIDIA|GeForce|Tesla|Quadro|TITAN|GRID|RTX|GTX|[ABHLVTKP]\d{1,3}\b)[A-Za-z0-9 ./-]{0,80})$", RegexOptions.CultureInvariant)]
    private static partial Regex BareGpuLine();

    [GeneratedRegex(@"\bGPU (?<index>\d{1,3}): (?<name>[^()]{1,90}(?:\([^()]{1,40}\))?) \((?:UUID: (?<uuid>[A-Za-z]{3}-[0-9A-Za-z-]{4,60})|S/N: [^)]{1,40})", RegexOptions.CultureInvariant)]
    private static partial Regex GpuLine();

    [GeneratedRegex(@"\bMIG (?<profile>\d+[gc]\.[0-9a-z.+]{2,20})\s+Device\s+\d+:", RegexOptions.CultureInvariant)]
    private static partial Regex MigLine();
}
