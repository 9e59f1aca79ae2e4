using System.Text.Json;
using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.PyTorch;

/// <summary>One choice of the selector on pytorch.org, per operating system.</summary>
/// <param name="Torch">Null for "preview".</param>
/// <param name="Key">versions.2.5.1.windows.conda.cuda.x, for messages.</param>
/// <param name="Os">linux | windows | macos.</param>
/// <param name="Packaging">pip | conda | libtorch.</param>
/// <param name="Slot">cuda.x, accnone … A slot is a position, not a version.</param>
/// <param name="Command">Null where the choice does not exist; Note says why.</param>
internal sealed record SelectorChoice(PackageVersion? Torch, string Key, string Os, string Packaging, string Slot, string? Command, string? Note);

/// <summary>published_versions.json, the data behind the selector of pytorch.org.</summary>
internal static class PublishedVersionsParser
{
    private const string LongTermPrefix = "lts-";

    /// <summary>Reads every choice, in the order of the document.</summary>
    public static IReadOnlyList<SelectorChoice> Parse(string json, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var choices = new List<SelectorChoice>();
            foreach (var version in document.RootElement.GetProperty("versions").EnumerateObject())
            {
                var text = version.Name.StartsWith(LongTermPrefix, StringComparison.Ordinal) ? version.Name[LongTermPrefix.Length..] : version.Name;
                PackageVersion? torch = PackageVersion.TryParse(text, out var parsed) ? parsed
                    : version.Name == "preview" ? null
                    : throw new SourceFormatException(file, "versions." + version.Name, "neither a version nor 'preview'.");
                foreach (var os in version.Value.EnumerateObject())
                {
                    foreach (var packaging in os.Value.EnumerateObject())
                    {
                        foreach (var slot in packaging.Value.EnumerateObject())
                        {
                            var command = slot.Value.TryGetProperty("command", out var c) ? c.GetString() : null;
                            var note = slot.Value.TryGetProperty("note", out var n) ? n.GetString() : null;
                            var key = $"versions.{version.Name}.{os.Name}.{packaging.Name}.{slot.Name}";
                            choices.Add(new SelectorChoice(torch, key, os.Name, packaging.Name, slot.Name, command, note));
                        }
                    }
                }
            }

            return choices;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new SourceFormatException(file, "JSON", e.Message, e);
        }
    }
}
