using System.Globalization;
using System.Text.Json;
using CudaCompat.Matrix;

namespace CudaCompat.Cli.Output;

/// <summary>What the matrix holds.</summary>
internal static class DataText
{
    public static void Write(TextWriter writer, CompatibilityMatrix matrix, bool json)
    {
        var data = matrix.Data;
        (string Name, int Count)[] counts =
        [
            ("toolkits", data.Toolkits.Count), ("driver requirements", data.DriverRequirements.Count), ("drivers", data.Drivers.Count),
            ("forward compatibility", data.ForwardCompat.Count), ("architectures", data.Architectures.Count), ("cuDNN releases", data.Cudnn.Count),
            ("cuDNN support rows", data.CudnnSupport.Count), ("GPU names", data.Gpus.Count), ("PCI ids", data.PciGpus.Count),
            ("host compilers", data.HostCompilers.Count), ("builds", data.Builds.Count), ("GPU code lists", data.ArchLists.Count),
            ("companions", data.Companions.Count), ("sources", data.Sources.Count),
        ];
        var newest = data.Sources.Select(s => s.Retrieved).OfType<string>().Max(StringComparer.Ordinal);
        var oldest = data.Sources.Select(s => s.Retrieved).OfType<string>().Min(StringComparer.Ordinal);
        if (json)
        {
            using var stream = new MemoryStream();
            using (var out_ = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            {
                out_.WriteStartObject();
                out_.WriteString("dataVersion", matrix.DataVersion);
                out_.WriteString("newestSource", newest);
                out_.WriteString("oldestSource", oldest);
                out_.WriteStartObject("counts");
                foreach (var (name, count) in counts)
                    out_.WriteNumber(name, count);
                out_.WriteEndObject();
                out_.WriteStartArray("sources");
                foreach (var source in data.Sources)
                {
                    out_.WriteStartObject();
                    out_.WriteString("id", source.Id);
                    out_.WriteString("title", source.Title);
                    out_.WriteString("url", source.Url);
                    out_.WriteString("retrieved", source.Retrieved);
                    out_.WriteString("kind", source.Kind);
                    out_.WriteEndObject();
                }

                out_.WriteEndArray();
                out_.WriteEndObject();
            }

            writer.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
            return;
        }

        writer.WriteLine($"Data {matrix.DataVersion}");
        writer.WriteLine($"  sources read between {oldest} and {newest}{Age(newest)}");
        writer.WriteLine($"  newest torch {matrix.Builds.NewestTorch}, newest toolkit {matrix.NewestToolkit}, newest cuDNN {matrix.Cudnn.Releases[0].Version}");
        foreach (var (name, count) in counts)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {count,6} {name}"));
        writer.WriteLine("Newest source of each subject, the oldest first:");
        foreach (var (name, date) in Subjects(data).OrderBy(s => s.Newest, StringComparer.Ordinal))
            writer.WriteLine($"  {date} {name}{Age(date)}");
        writer.WriteLine("Sources by kind:");
        foreach (var kind in data.Sources.GroupBy(s => s.Kind).OrderByDescending(g => g.Count()))
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {kind.Count(),6} {kind.Key}"));
        Lines.Write(writer, "", 0, "The evidence of one fact: cudacompat data where KEY (torch:2.8.0+cu128, toolkit:12.8.1, gpu:RTX 3090, …).");
    }

    // When the newest source of its rows was read.
    private static IEnumerable<(string Name, string Newest)> Subjects(MatrixData data)
    {
        var read = data.Sources.Where(s => s.Retrieved is not null).ToDictionary(s => s.Id, s => s.Retrieved!, StringComparer.Ordinal);
        (string Name, IEnumerable<string> Sources)[] subjects =
        [
            ("toolkits", data.Toolkits.SelectMany(r => r.Sources)), ("driver requirements", data.DriverRequirements.SelectMany(r => r.Sources)),
            ("what drivers report", data.DriverCuda.SelectMany(r => r.Sources)), ("drivers", data.Drivers.SelectMany(r => r.Sources)),
            ("cuDNN releases", data.Cudnn.SelectMany(r => r.Sources)), ("cuDNN support", data.CudnnSupport.SelectMany(r => r.Sources)),
            ("GPU names", data.Gpus.SelectMany(r => r.Sources)), ("host compilers", data.HostCompilers.SelectMany(r => r.Sources)),
            ("builds", data.Builds.SelectMany(r => r.Sources)), ("GPU code lists", data.ArchLists.SelectMany(r => r.Sources)),
            ("companions", data.Companions.SelectMany(r => r.Sources)),
        ];
        foreach (var (name, sources) in subjects)
        {
            if (sources.Distinct(StringComparer.Ordinal).Select(id => read.GetValueOrDefault(id)).OfType<string>().Max(StringComparer.Ordinal) is { } newest)
                yield return (name, newest);
        }
    }

    private static string Age(string? newest)
    {
        if (!DateOnly.TryParseExact(newest, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return "";
        var days = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).DayNumber - date.DayNumber;
        return days < 0 ? "" : $" ({days} days ago)";
    }
}
