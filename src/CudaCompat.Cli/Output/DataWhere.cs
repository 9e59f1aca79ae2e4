using System.Text.Json;
using CudaCompat.Cli.Input;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Cli.Output;

/// <summary><c>data where KEY</c>: the rows that state a fact, and where each comes from.</summary>
internal static class DataWhere
{
    private const string Keys = "torch:2.8.0+cu128, toolkit:12.8.1, cudnn:9.10.2, driver:570.26, gpu:RTX 3090, arch:2.8.0+cu128/linux/x86_64, advisory:adv-008";

    public static int Write(TextWriter writer, CompatibilityMatrix matrix, string key, bool json)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == key.Length - 1)
            throw new UsageException($"KEY: '{TextInput.Short(key)}' is not of a known form; accepted: {Keys}.");
        var value = key[(colon + 1)..];
        var rows = Find(matrix, key[..colon], value).ToList();
        if (json)
        {
            WriteJson(writer, matrix, key, rows);
        }
        else if (rows.Count == 0)
        {
            writer.WriteLine($"{TextInput.Short(key)}: no row says anything of it.");
        }
        else
        {
            foreach (var row in rows)
            {
                Lines.Write(writer, "", 0, row.Fact);
                foreach (var id in row.Sources)
                {
                    var source = matrix.Data.Sources.FirstOrDefault(s => s.Id == id);
                    Lines.Write(writer, "    source    ", 14, source is null ? id : $"{id}: {source.Title}{(source.Url is { } url ? $", {url}" : "")}{(source.Retrieved is { } date ? $", read {date}" : "")}{(source.Note is { } note ? $". {note}" : "")}");
                }

                if (row.Evidence is { } evidence)
                    Lines.Write(writer, "    evidence  ", 14, evidence);
                if (row.Note is { } remark)
                    Lines.Write(writer, "    note      ", 14, remark);
            }
        }

        return rows.Count == 0 ? ExitCode.Unknown : ExitCode.Done;
    }

    private static IEnumerable<FactRow> Find(CompatibilityMatrix matrix, string kind, string value)
    {
        var data = matrix.Data;
        switch (kind)
        {
            case "torch" or "torchvision" or "torchaudio":
                var version = Parse<PackageVersion>(kind, value);
                return data.Builds
                    .Where(b => b.Package == kind && b.Version.CompareTo(version) == 0 && (version.Label is null || b.Tag?.ToString() == version.Label))
                    .Select(b => new FactRow($"{kind} {b.Version}+{b.Tag} {PackagingNames.Instance.NameOf(b.Packaging)} for {OperatingSystemNames.Instance.NameOf(b.Os)} {CpuArchitectureNames.Instance.NameOf(b.Arch)}: {KnownByNames.Instance.NameOf(b.Known)}, Python {string.Join(" ", b.Pythons)}{(b.Cudnn is { } c ? $", cuDNN {c}" : "")}", b.Sources, b.Evidence, b.Note))
                    .Concat(data.Companions.Where(c => kind == "torch" && c.Torch.CompareTo(version) == 0).Select(c => new FactRow($"torch {c.Torch} goes with {c.Package} {c.Version}{(c.Preferred ? " (preferred)" : "")}, by {c.How}", c.Sources, c.Evidence, c.Note)));
            case "toolkit":
                var toolkit = Parse<CudaVersion>(kind, value);
                return data.Toolkits.Where(t => t.Version == toolkit || toolkit.Patch is null && t.Version.MajorMinor == toolkit).Select(t => new FactRow($"CUDA toolkit {t.Version} ({t.Label}), {t.Kind}, {t.Date}", t.Sources, t.Evidence, t.Note))
                    .Concat(data.DriverRequirements.Where(r => r.Cuda == value).Select(r => new FactRow($"CUDA {r.Cuda} needs driver {r.Minimum} on {OperatingSystemNames.Instance.NameOf(r.Os)} ({r.Kind}{(r.Used ? "" : ", not used")})", r.Sources, r.Evidence, r.Note)));
            case "cudnn":
                var cudnn = Parse<DottedVersion>(kind, value);
                return matrix.Cudnn.Find(cudnn).Select(c => new FactRow($"cuDNN {c.Version}: \"{c.Label}\" means CUDA {c.Cuda}", c.Sources, c.Evidence, c.Note))
                    .Concat(data.CudnnSupport.Where(s => cudnn.StartsWith(s.Cudnn) || s.Cudnn.StartsWith(cudnn)).Select(s => new FactRow($"cuDNN {s.Cudnn} for CUDA {string.Join(" ", s.Cuda)}: Linux driver {s.MinDriverLinux}, Windows driver {s.MinDriverWindows}, compute capabilities {(s.Capabilities is { } list ? string.Join(" ", list) : s.CapabilitiesFrom is { } from ? $"{from} and later" : "not stated")}", s.Sources, s.Evidence, s.Note)));
            case "driver":
                var driver = Parse<DriverVersion>(kind, value);
                return data.Drivers.Where(d => d.Version.StartsWith(driver)).Select(d => new FactRow($"driver {d.Version} for {OperatingSystemNames.Instance.NameOf(d.Os)}{(d.Date is { } date ? $", {date}" : "")}", d.Sources, d.Evidence, null))
                    .Concat(data.DriverRequirements.Where(r => r.Minimum == driver).Select(r => new FactRow($"CUDA {r.Cuda} needs driver {r.Minimum} on {OperatingSystemNames.Instance.NameOf(r.Os)} ({r.Kind})", r.Sources, r.Evidence, r.Note)))
                    .Concat(data.DriverCuda.Where(r => matrix.DriversOf(r.Os).Reported(driver) == r).Select(r => new FactRow($"on {OperatingSystemNames.Instance.NameOf(r.Os)} drivers from {r.From} on report CUDA {r.Cuda} ({r.Basis})", r.Sources, r.Evidence, r.Note)));
            case "gpu":
                return matrix.Gpus.Find(value) is { } gpu ? [new FactRow($"{value}: compute capability {string.Join(" or ", gpu.Capabilities)}", [.. gpu.Sources], null, null)] : [];
            case "advisory":
                return matrix.Advisories.All.Where(a => a.Id == value || a.Package == value).Select(a => new FactRow(
                    $"{a.Id}: {a.Package} {a.Versions} is known to be bad ({AdvisorySeverityNames.Instance.NameOf(a.Severity)}, {AdvisoryCertaintyNames.Instance.NameOf(a.Certainty)}, {a.Date}){Narrowed(a)}: {a.Symptom} Take {a.Take}",
                    a.Sources, null, null));
            case "arch":
                var parts = value.Split('/');
                var torch = Parse<PackageVersion>(kind, parts[0]);
                return data.ArchLists
                    .Where(a => a.Torch.CompareTo(torch) == 0 && (torch.Label is null || a.Tag.ToString() == torch.Label)
                        && (parts.Length < 2 || OperatingSystemNames.Instance.NameOf(a.Os) == parts[1]) && (parts.Length < 3 || CpuArchitectureNames.Instance.NameOf(a.Arch) == parts[2]))
                    .OrderByDescending(a => a.Used)
                    .Select(a => new FactRow($"torch {a.Torch}+{a.Tag} {PackagingNames.Instance.NameOf(a.Packaging)} {OperatingSystemNames.Instance.NameOf(a.Os)} {CpuArchitectureNames.Instance.NameOf(a.Arch)}: {string.Join(" ", a.Native)}{(a.Ptx.Length > 0 ? " PTX " + string.Join(" ", a.Ptx) : "")} ({a.How}{(a.Used ? ", used" : "")})", a.Sources, a.Evidence, a.Note));
            default:
                throw new UsageException($"KEY: '{TextInput.Short(kind)}' is not a kind of fact; accepted: {Keys}.");
        }
    }

    private static string Narrowed(AdvisoryRow a)
    {
        string?[] parts =
        [
            a.Os is { } os ? "on " + string.Join(", ", os.Select(o => OperatingSystemNames.Instance.NameOf(o))) : null,
            a.Capabilities is { } capabilities ? "compute capability " + string.Join(", ", capabilities) : null,
            a.Cuda is { } cuda ? "CUDA " + string.Join(", ", cuda) : null,
            a.Python is { } python ? "Python " + string.Join(", ", python) : null,
            a.Beside is { } beside ? $"beside {beside} {a.BesideVersions}" : null,
            a.When,
        ];
        var narrowed = string.Join("; ", parts.Where(p => p is not null));
        return narrowed.Length == 0 ? "" : $" where: {narrowed}";
    }

    private static T Parse<T>(string kind, string value)
        where T : struct, IVersionText<T>
    {
        try
        {
            return T.Parse(value);
        }
        catch (VersionFormatException e)
        {
            throw new UsageException($"KEY: {kind}: {e.Message}");
        }
    }

    private static void WriteJson(TextWriter writer, CompatibilityMatrix matrix, string key, List<FactRow> rows)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteString("dataVersion", matrix.DataVersion);
            json.WriteStartArray("rows");
            foreach (var row in rows)
            {
                json.WriteStartObject();
                json.WriteString("fact", row.Fact);
                json.WriteString("evidence", row.Evidence);
                json.WriteString("note", row.Note);
                json.WriteStartArray("sources");
                foreach (var id in row.Sources)
                {
                    var source = matrix.Data.Sources.FirstOrDefault(s => s.Id == id);
                    json.WriteStartObject();
                    json.WriteString("id", id);
                    json.WriteString("title", source?.Title);
                    json.WriteString("url", source?.Url);
                    json.WriteString("retrieved", source?.Retrieved);
                    json.WriteString("note", source?.Note);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        writer.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    private sealed record FactRow(string Fact, string[] Sources, string? Evidence, string? Note);
}
