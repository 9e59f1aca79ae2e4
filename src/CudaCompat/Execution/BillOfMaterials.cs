using System.Globalization;
using System.Text.Json;
using CudaCompat.Execution.Downloads;
using CudaCompat.Execution.Journals;
using CudaCompat.Execution.Steps;
using CudaCompat.Planning;

namespace CudaCompat.Execution;

/// <summary>What a run installed, from where, with which hash: a CycloneDX document beside the journal.</summary>
internal static class BillOfMaterials
{
    public const string FileName = "sbom.cdx.json";

    public static void Write(InstallPlan plan, string journalFolder, TimeProvider clock)
    {
        using var content = new MemoryStream();
        using (var json = new Utf8JsonWriter(content, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("bomFormat", "CycloneDX");
            json.WriteString("specVersion", "1.6");
            json.WriteNumber("version", 1);
            json.WriteStartObject("metadata");
            json.WriteString("timestamp", clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteStartArray("components");
            foreach (var step in plan.Steps.OfType<DownloadStep>())
            {
                var algorithm = step.Checksum?.Kind switch { "sha256" => "SHA-256", "md5" => "MD5", _ => null };
                Component(json, step.FileName ?? step.Component, step.Version, $"pkg:generic/{Uri.EscapeDataString(step.Component)}@{Uri.EscapeDataString(step.Version ?? "")}", algorithm, step.Checksum?.Value, step.Url);
            }

            foreach (var package in Locked(journalFolder))
                Component(json, package.Name, package.Version, $"pkg:pypi/{package.Name}@{Uri.EscapeDataString(package.Version)}", "SHA-256", package.Sha256, package.Url);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        content.WriteByte((byte)'\n');
        DurableFiles.Write(Path.Combine(journalFolder, FileName), content.ToArray());
    }

    private static IReadOnlyList<LockedPackage> Locked(string journalFolder)
    {
        var list = Path.Combine(journalFolder, PackageLock.ListName);
        return File.Exists(list) ? PackageLock.ReadList(File.ReadAllBytes(list)) : [];
    }

    private static void Component(Utf8JsonWriter json, string name, string? version, string identifier, string? algorithm, string? hash, string? url)
    {
        json.WriteStartObject();
        json.WriteString("type", "library");
        json.WriteString("name", name);
        if (version is not null)
            json.WriteString("version", version);
        json.WriteString("purl", identifier);
        if (algorithm is not null && hash is not null)
        {
            json.WriteStartArray("hashes");
            json.WriteStartObject();
            json.WriteString("alg", algorithm);
            json.WriteString("content", hash);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        if (url is not null)
        {
            json.WriteStartArray("externalReferences");
            json.WriteStartObject();
            json.WriteString("type", "distribution");
            json.WriteString("url", UserInfoHeader.Without(new Uri(url)).AbsoluteUri);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
