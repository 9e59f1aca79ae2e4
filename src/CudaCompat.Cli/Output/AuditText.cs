using System.Text;
using System.Text.Json;
using CudaCompat.Diagnosis;
using CudaCompat.Resolution;

namespace CudaCompat.Cli.Output;

/// <summary>An audit as people and as code scanning read it.</summary>
internal static class AuditText
{
    public static void Write(TextWriter writer, AuditReport report, Paint paint)
    {
        writer.WriteLine(report.IsClean
            ? paint.Good($"Nothing of {report.Packages} packages is known to be bad on this machine.")
            : paint.Bad($"{report.Findings.Count(f => f.Finding.Severity != Severity.Info)} of {report.Packages} packages are known to be bad on this machine:"));
        FindingsText.Findings(writer, report.Findings.Select(f => f.Finding), paint);
        if (report.Findings.Count > 0)
            writer.WriteLine(paint.Dim($"Data of {report.DataVersion}. Evidence: cudacompat data where advisory:{report.Findings[0].Advisory}"));
    }

    public static void WriteJson(TextWriter writer, AuditReport report, string path) => Document(writer, json =>
    {
        json.WriteString("audited", path);
        json.WriteNumber("packages", report.Packages);
        json.WriteStartArray("findings");
        foreach (var (finding, line, advisory) in report.Findings)
        {
            json.WriteStartObject();
            json.WriteString("rule", finding.Rule);
            json.WriteString("severity", SeverityNames.Instance.NameOf(finding.Severity));
            json.WriteString("subject", finding.Subject);
            json.WriteString("message", finding.Message);
            json.WriteString("advisory", advisory);
            if (line > 0)
                json.WriteNumber("line", line);
            json.WriteStartArray("evidence");
            foreach (var source in finding.Evidence)
                json.WriteStringValue(source);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("dataVersion", report.DataVersion);
    });

    /// <summary>SARIF 2.1.0 (OASIS), as code scanning takes it.</summary>
    public static void WriteSarif(TextWriter writer, AuditReport report, string path) => Document(writer, json =>
    {
        json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "cudacompat");
        json.WriteString("semanticVersion", typeof(AuditText).Assembly.GetName().Version?.ToString(3));
        json.WriteStartArray("rules");
        foreach (var (finding, _, advisory) in report.Findings.DistinctBy(f => f.Advisory))
        {
            json.WriteStartObject();
            json.WriteString("id", advisory);
            Text(json, "shortDescription", $"{finding.Rule}: {finding.Subject}");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("results");
        foreach (var (finding, line, advisory) in report.Findings)
        {
            json.WriteStartObject();
            json.WriteString("ruleId", advisory);
            json.WriteString("level", finding.Severity == Severity.Info ? "note" : SeverityNames.Instance.NameOf(finding.Severity));
            Text(json, "message", finding.Message);
            json.WriteStartArray("locations");
            json.WriteStartObject();
            json.WriteStartObject("physicalLocation");
            json.WriteStartObject("artifactLocation");
            json.WriteString("uri", path.Replace('\\', '/'));
            json.WriteEndObject();
            json.WriteStartObject("region");
            json.WriteNumber("startLine", Math.Max(line, 1));
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    });

    private static void Text(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static void Document(TextWriter writer, Action<Utf8JsonWriter> content)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        writer.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }
}
