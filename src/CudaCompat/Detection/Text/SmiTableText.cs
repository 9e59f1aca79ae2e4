using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Text;

/// <summary>The table of plain nvidia-smi, of every age: old "Nb. Name" and "4.304.54" headings, columns of 78 and 91 signs, KMD and CUDA UMD headings.</summary>
internal static partial class SmiTableText
{
    private const int HeadingReach = 700;
    private const int MaximumHeadings = 64; // a text that only repeats the name is no table

    public static NvidiaSmiResult? Parse(string[] lines)
    {
        var result = Heading(lines);
        var gpus = new List<ListedGpu>();
        var windows = false;
        var rowsOpen = false;
        for (var i = 0; i < lines.Length && gpus.Count < Machines.DriverInfo.MaximumGpus; i++)
        {
            var line = lines[i];
            if (line.Length > 2048 || !line.AsSpan().ContainsAny('|', ':', '/'))
                continue;
            if (line.Contains("Bus-Id", StringComparison.Ordinal) || line.Contains("Bus Id  ", StringComparison.Ordinal))
            {
                windows |= line.Contains("TCC/WDDM", StringComparison.Ordinal) || line.Contains("Driver-Model", StringComparison.Ordinal);
                rowsOpen = true;
                if (gpus.Count > 0) // a second table (watch, or another machine): the first one stands
                    break;
                continue;
            }

            if (gpus.Count > 0 && (line.Contains("rocesses:", StringComparison.Ordinal) || line.Contains("MIG devices:", StringComparison.Ordinal)))
                break;
            if (Row(line) is { } gpu)
            {
                gpus.Add(gpu with { Position = gpus.Count });
            }
            else if (gpus.Count > 0 && gpus[^1].MemoryTotalMiB is null && Memory().Match(line) is { Success: true } memory
                && int.TryParse(memory.Groups["total"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var total))
            {
                gpus[^1] = gpus[^1] with { MemoryTotalMiB = total };
            }
        }

        if (result is null && gpus.Count == 0 && !rowsOpen)
            return null;
        result ??= new NvidiaSmiResult();
        return result with
        {
            Forms = NvidiaSmiForms.Table,
            Gpus = gpus.Count > 0 ? gpus : null,
            ShowsWindows = windows || gpus.Exists(g => g.DriverModel is not null),
        };
    }

    /// <summary>The versions, from the line that opens the table or from lines that were cut out of it.</summary>
    private static NvidiaSmiResult? Heading(string[] lines)
    {
        var tried = 0;
        for (var i = 0; i < lines.Length && tried < MaximumHeadings; i++)
        {
            var start = lines[i].IndexOf("NVIDIA-SMI", StringComparison.OrdinalIgnoreCase);
            if (start < 0 || lines[i].Length > 4096)
                continue;
            tried++;
            var flat = PastedText.Flatten(Region(lines, i, start));
            if (SmiVersion().Match(flat) is not { Success: true } smi)
                continue;
            var driver = LabelledDriver().Match(flat) is { Success: true } labelled ? labelled.Groups["v"].Value : null;
            var cuda = LabelledCuda().Match(flat) is { Success: true } found ? found.Groups["v"].Value : null;
            if (driver is null && SecondNumber().Match(flat, smi.Index + smi.Length) is { Success: true } second && smi.Index == 0)
            {
                driver = second.Groups["driver"].Value; // a translated heading keeps the order
                cuda ??= second.Groups["cuda"] is { Success: true } third ? third.Value : null;
            }

            if (driver is not null)
                return Of(smi.Groups["v"].Value, driver, cuda);
        }

        // Without the NVIDIA-SMI field: "| grep Driver", or the first column lost.
        foreach (var line in lines)
        {
            if (line.Length <= 2048 && line.Contains("ersion", StringComparison.Ordinal) && LabelledDriver().Match(line) is { Success: true } labelled && !line.Contains("version:", StringComparison.Ordinal))
                return Of(null, labelled.Groups["v"].Value, LabelledCuda().Match(line) is { Success: true } cuda ? cuda.Groups["v"].Value : null);
        }

        return null;
    }

    private static IEnumerable<string> Region(string[] lines, int first, int start)
    {
        var length = 0;
        for (var i = first; i < lines.Length && length < HeadingReach; i++)
        {
            var line = i == first ? lines[i][start..] : lines[i];
            if (i > first && (line.Contains("NVIDIA-SMI", StringComparison.OrdinalIgnoreCase) || line.Contains("Bus-Id", StringComparison.Ordinal)))
                yield break;
            length += line.Length;
            yield return line.Length > HeadingReach ? line[..HeadingReach] : line;
        }
    }

    private static NvidiaSmiResult Of(string? smi, string driver, string? cuda)
    {
        var result = new NvidiaSmiResult
        {
            NvidiaSmiVersion = DottedVersion.TryParse(smi?.TrimEnd('.'), out var s) ? s : null,
            Driver = DriverVersion.TryParse(driver.TrimEnd('.'), out var d) ? d : null,
            MaxCuda = CudaVersion.TryParse(cuda, out var c) ? c : null,
        };

        // Until 2013 nvidia-smi counted itself (4.304.54 with driver 304.54); two numbers that are both drivers' are WSL.
        var isOfDrivers = result.NvidiaSmiVersion is { Major: >= 100 };
        return result with { ShowsWsl = isOfDrivers && result.Driver is { } known && result.NvidiaSmiVersion!.Value.Key != known.Key };
    }

    private static ListedGpu? Row(string line)
    {
        var match = BarredRow().Match(line);
        if (!match.Success)
            match = BareRow().Match(line);
        if (!match.Success)
            return null;
        var state = match.Groups["state"].Value;
        return new ListedGpu
        {
            Index = int.Parse(match.Groups["index"].ValueSpan, CultureInfo.InvariantCulture),
            Name = match.Groups["name"].Value.Trim(),
            BusId = match.Groups["bus"].Value,
            DriverModel = state is "WDDM" or "TCC" or "MCDM" ? state : null,
        };
    }

    [GeneratedRegex(@"^NVIDIA-SMI (?:version ?: ?)?(?<v>\d+(?:\.\d+)*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SmiVersion();

    [GeneratedRegex(@"\b(?:Driver|KMD) ?Version ?: ?(?<v>\d{2,5}(?:\.\d+){0,3})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LabelledDriver();

    [GeneratedRegex(@"\bCUDA (?:UMD )?Version ?: ?(?<v>\d{1,3}\.\d{1,2})(?![\d.])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LabelledCuda();

    [GeneratedRegex(@"\G[^\d]{1,60}: ?(?<driver>\d{3}\.\d{2,3}(?:\.\d{1,3})?)(?:[^\d]{0,40}CUDA[^\d]{0,40}: ?(?<cuda>\d{1,2}\.\d)(?!\d))?", RegexOptions.CultureInvariant)]
    private static partial Regex SecondNumber();

    [GeneratedRegex(
        @"(?:^[ \t>#*]*|\|)\s*(?<index>\d{1,3})\\?\.?\s+(?<name>[^|\s][^|]{1,90}?)(?:\s+(?<state>On|Off|N/A|WDDM|TCC|MCDM|ERR!))?\s*\|\s*(?:(?<bus>[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9A-Fa-f])|(?<bus>N/A)\s+(?:N/A|On|Off)\s*\|)",
        RegexOptions.CultureInvariant)]
    private static partial Regex BarredRow();

    [GeneratedRegex(
        @"^[ \t>#*]*(?<index>\d{1,3})\\?\.?\s+(?<name>[^|\s][^|]{1,90}?)\s+(?<state>On|Off|N/A|WDDM|TCC|MCDM)\s+(?<bus>[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9A-Fa-f])(?:\s|$)",
        RegexOptions.CultureInvariant)]
    private static partial Regex BareRow();

    [GeneratedRegex(@"\d+ ?Mi?B ?/ *(?<total>\d{1,8}) ?Mi?B", RegexOptions.CultureInvariant)]
    private static partial Regex Memory();
}
