using System.Text.Json;
using System.Text.RegularExpressions;

namespace CudaCompat.Tests.Matrix;

/// <summary>docs/data-format.md describes every file of data/ and every field that stands in it.</summary>
public sealed class DataFormatTests
{
    // Besides the fields of its subject a row may have these; the document says so once.
    private static readonly string[] Common = ["sources", "evidence", "note"];

    private static readonly string Folder = Path.Combine(SharedCaptures.Repository, "data");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Document_DescribesTheFieldsOfTheFile(string file)
    {
        using var data = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file)));
        var fields = data.RootElement.GetProperty("rows").EnumerateArray().SelectMany(row => row.EnumerateObject()).Select(field => field.Name).ToHashSet();
        var described = Section(file);
        described.Should().NotBeEmpty("docs/data-format.md has a section {0}", file);
        fields.Except(Common).Should().BeSubsetOf(described, "docs/data-format.md describes {0}", file);
    }

    private static List<string> Section(string file)
    {
        var document = File.ReadAllText(Path.Combine(SharedCaptures.Repository, "docs", "data-format.md"));
        var section = Regex.Match(document, $@"^### {Regex.Escape(file)}$(.*?)(?=^##)", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        return [.. Regex.Matches(section, @"^\| `(\w+)`", RegexOptions.Multiline).Select(m => m.Groups[1].Value)];
    }
}
