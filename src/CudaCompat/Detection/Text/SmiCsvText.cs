using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Text;

/// <summary>nvidia-smi --query-gpu=… --format=csv, by its heading where there is one, by the shape of the cells (noheader) where not.</summary>
internal static partial class SmiCsvText
{
    private static readonly HashSet<string> TellingColumns = new(StringComparer.Ordinal)
    {
        "name", "gpu_name", "driver_version", "kmd_version", "uuid", "gpu_uuid", "gpu_bus_id", "pci.bus_id", "compute_cap", "memory.total", "pci.device_id", "index", "count",
    };

    /// <summary>The rows; with <paramref name="headingOnly"/> only where a heading names the columns.</summary>
    public static NvidiaSmiResult? Parse(string[] lines, bool headingOnly)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (Columns(lines[i]) is { } columns)
                return Rows(lines.AsSpan(i + 1), columns) ?? new NvidiaSmiResult { Forms = NvidiaSmiForms.QueryCsv, CsvColumns = columns.Length };
        }

        return headingOnly ? null : WithoutHeading(lines) ?? NamesAlone(lines);
    }

    private static string[]? Columns(string line)
    {
        if (!line.AsSpan().ContainsAny('_', '.', ','))
            return null;
        var bare = PastedText.WithoutPrefix(line).Trim();
        if (bare.Length is 0 or > 32768 || !Heading().IsMatch(bare))
            return null;
        var columns = Cells(bare).Select(c => c.Split(' ', 2)[0]).ToArray();
        return columns.Length == 1 && columns[0] is "index" or "count" or "name" or "uuid" ? null // one plain word is no heading
            : Array.Exists(columns, TellingColumns.Contains) ? columns : null;
    }

    private static NvidiaSmiResult? Rows(ReadOnlySpan<string> lines, string[] columns)
    {
        NvidiaSmiResult? result = null;
        var gpus = new List<ListedGpu>();
        foreach (var line in lines)
        {
            var bare = PastedText.WithoutPrefix(line).Trim();
            if (bare.Length == 0 && gpus.Count == 0)
                continue;
            var cells = Cells(bare);
            if (bare.Length == 0 || cells.Length != columns.Length || gpus.Count >= Machines.DriverInfo.MaximumGpus)
                break;
            var gpu = new ListedGpu { Position = gpus.Count };
            result ??= new NvidiaSmiResult { Forms = NvidiaSmiForms.QueryCsv, CsvColumns = columns.Length };
            for (var i = 0; i < cells.Length; i++)
            {
                if (columns[i] is "driver_version" or "kmd_version" && DriverVersion.TryParse(cells[i], out var driver))
                    result = result with { Driver = driver };
                gpu = With(gpu, columns[i], cells[i]);
            }

            gpus.Add(gpu);
        }

        return result is null ? null : result with { Gpus = gpus.Exists(g => g.IsIdentified) ? gpus : null, ShowsWindows = gpus.Exists(g => g.DriverModel is not null) };
    }

    private static ListedGpu With(ListedGpu gpu, string column, string cell) => column switch
    {
        _ when cell.Length == 0 || cell[0] == '[' || cell is "N/A" => gpu, // [N/A], [Not Supported], [Unknown Error]
        "name" or "gpu_name" => gpu with { Name = cell },
        "index" => gpu with { Index = Number(cell) },
        "uuid" or "gpu_uuid" => gpu with { Uuid = cell },
        "pci.bus_id" or "gpu_bus_id" => gpu with { BusId = cell },
        "pci.device_id" => gpu with { PciDeviceId = ListedGpu.DeviceIdOf(cell) },
        "compute_cap" => gpu with { ComputeCapability = ComputeCapability.TryParse(cell, out var cc) ? cc : null },
        "memory.total" => gpu with { MemoryTotalMiB = Number(cell) },
        "driver_model.current" => gpu with { DriverModel = cell is "WDDM" or "TCC" or "MCDM" ? cell : null },
        _ => gpu,
    };

    /// <summary>Cells know themselves by their shape; a line counts where one of them is telling.</summary>
    private static NvidiaSmiResult? WithoutHeading(string[] lines)
    {
        var result = new NvidiaSmiResult { Forms = NvidiaSmiForms.QueryCsv };
        var gpus = new List<ListedGpu>();
        var width = 0;
        foreach (var line in lines)
        {
            if (!line.AsSpan().ContainsAny('.', '-', ','))
                continue;
            var bare = PastedText.WithoutPrefix(line).Trim();
            if (bare.Length is 0 or > 1024)
                continue;
            var cells = Cells(bare);
            if (width != 0 && cells.Length != width)
                continue;
            var gpu = new ListedGpu { Position = gpus.Count };
            DriverVersion? driver = null;
            var telling = false;
            foreach (var cell in cells)
            {
                if (DriverCell().IsMatch(cell) && DriverVersion.TryParse(cell, out var version))
                    (driver, telling) = (version, true);
                else if (ComputeCapability.TryParse(cell, out var capability) && cells.Length > 1)
                    gpu = gpu with { ComputeCapability = capability };
                else if (cell.StartsWith("GPU-", StringComparison.Ordinal) && cell.Length > 12)
                    (gpu, telling) = (gpu with { Uuid = cell }, true);
                else if (BusCell().IsMatch(cell))
                    (gpu, telling) = (gpu with { BusId = cell }, true);
                else if (ListedGpu.DeviceIdOf(cell) is { } device)
                    (gpu, telling) = (gpu with { PciDeviceId = device }, true);
                else if (cell.EndsWith(" MiB", StringComparison.Ordinal) && Number(cell) is { } memory)
                    (gpu, telling) = (gpu with { MemoryTotalMiB = Math.Max(memory, gpu.MemoryTotalMiB ?? 0) }, cells.Length > 1 || telling);
                else if (cell is "WDDM" or "TCC" or "MCDM")
                    gpu = gpu with { DriverModel = cell };
                else if (gpu.Name is null && NameCell().IsMatch(cell))
                    gpu = gpu with { Name = cell };
                else if (cells.Length > 1 && gpu.Index is null && cell == cells[0] && cell.Length < 4)
                    gpu = gpu with { Index = Number(cell) };
            }

            telling |= gpu.ComputeCapability is not null && gpu.Name is not null;
            if (!telling || (cells.Length == 1 && gpu.Uuid is null && driver is null))
                continue;
            width = cells.Length;
            result = result with { Driver = result.Driver ?? driver };
            if (gpu.IsIdentified)
                gpus.Add(gpu);
        }

        return width == 0 ? null : result with
        {
            Gpus = gpus.Count == 0 ? null : gpus.Count > Machines.DriverInfo.MaximumGpus ? gpus[..Machines.DriverInfo.MaximumGpus] : gpus,
            ShowsWindows = gpus.Exists(g => g.DriverModel is not null),
        };
    }

    /// <summary>--query-gpu=name and nothing else: a text of which every line is the name of a card, but for the call itself and the heading.</summary>
    private static NvidiaSmiResult? NamesAlone(string[] lines)
    {
        var gpus = new List<ListedGpu>();
        foreach (var line in lines)
        {
            var bare = PastedText.WithoutPrefix(line).Trim();
            if (bare.Length == 0 || gpus.Count == 0 && (bare == "name" || bare.Contains("nvidia-smi", StringComparison.Ordinal)))
                continue;
            if (bare.Length > 80 || gpus.Count == Machines.DriverInfo.MaximumGpus || !CardName().IsMatch(bare))
                return null;
            gpus.Add(new ListedGpu { Position = gpus.Count, Name = bare });
        }

        return gpus.Count == 0 ? null : new NvidiaSmiResult { Forms = NvidiaSmiForms.QueryCsv, CsvColumns = 1, Gpus = gpus };
    }

    private static string[] Cells(string line) => line.Split(',', StringSplitOptions.TrimEntries);

    private static int? Number(string cell) =>
        int.TryParse(cell.Split(' ', 2)[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^[a-z][A-Za-z0-9_.]*(?: \[[^\],]{1,8}\])?(?:, ?[a-z][A-Za-z0-9_.]*(?: \[[^\],]{1,8}\])?)*,?$", RegexOptions.CultureInvariant)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\d{3}\.\d{2,3}(?:\.\d{2,3})?$", RegexOptions.CultureInvariant)]
    private static partial Regex DriverCell();

    [GeneratedRegex(@"^[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9A-Fa-f]$", RegexOptions.CultureInvariant)]
    private static partial Regex BusCell();

    // With a digit, which sentences about cards lack; TITANs have none.
    [GeneratedRegex(@"^(?:NVIDIA|Tesla|GeForce|Quadro|GRID) (?=[^0-9]*[0-9])[A-Za-z0-9()+./ -]+$|^(?:NVIDIA )?TITAN [A-Za-z ]{1,20}$", RegexOptions.CultureInvariant)]
    private static partial Regex CardName();

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9()+./ -]{2,80}$", RegexOptions.CultureInvariant)]
    private static partial Regex NameCell();
}
