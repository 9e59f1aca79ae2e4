using System.Text.Json;

namespace CudaCompat.Tests.Oracle;

/// <summary>Releases that no free choice takes: those that an advisory calls broken or withdrawn, without a circumstance, on more than one person's word.</summary>
internal sealed class OracleBad
{
    private readonly List<(string Package, string[] Clauses, string[]? Os, string[]? Capabilities, string[]? Cuda)> _rows = [];

    public OracleBad()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedCaptures.Repository, "data", "curated", "advisories.json")));
        foreach (var row in document.RootElement.GetProperty("rows").EnumerateArray())
        {
            if (row.GetProperty("severity").GetString() is not ("broken" or "withdrawn") || row.GetProperty("certainty").GetString() == "one-report")
                continue;
            if (row.TryGetProperty("when", out _) || row.TryGetProperty("beside", out _) || row.TryGetProperty("python", out _))
                continue;
            _rows.Add((row.GetProperty("package").GetString()!, row.GetProperty("versions").GetString()!.Split(','), List(row, "os"), List(row, "capabilities"), List(row, "cuda")));
        }
    }

    public bool Has(OracleView view, string package, Num version, Num? cuda) => _rows.Any(row => row.Package == package
        && row.Clauses.All(clause => Takes(clause, version))
        && row.Os?.Contains(view.Machine.Os) != false
        && (row.Capabilities is null || view.Capabilities.OfType<string>().Any(mine => row.Capabilities.Any(c => c.StartsWith(">=", StringComparison.Ordinal) ? new Num(mine) >= new Num(c[2..]) : c.Contains('.') ? new Num(mine).Same(new Num(c)) : new Num(mine).Major == new Num(c).Major)))
        && (row.Cuda is null || cuda is { } built && row.Cuda.Any(c => built.StartsWith(new Num(c)))));

    private static bool Takes(string clause, Num version)
    {
        var digit = clause.IndexOfAny(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        var (sign, text) = (clause[..digit], clause[digit..]);
        var star = text.EndsWith(".*", StringComparison.Ordinal);
        var number = new Num(star ? text[..^2] : text);
        return sign switch
        {
            "==" => star ? version.StartsWith(number) : version.Same(number),
            "!=" => !(star ? version.StartsWith(number) : version.Same(number)),
            ">=" => version >= number,
            "<=" => version <= number,
            "<" => version < number,
            ">" => version > number,
            _ => throw new FormatException(clause),
        };
    }

    private static string[]? List(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? [.. value.EnumerateArray().Select(e => e.GetString()!)] : null;
}
