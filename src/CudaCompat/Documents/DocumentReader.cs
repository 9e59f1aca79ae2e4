using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using CudaCompat.Choosing;
using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Documents;

/// <summary>Reads the contract's documents from JSON; what is wrong is named by its JSON path.</summary>
public static partial class DocumentReader
{
    /// <summary>Reads a machine document.</summary>
    /// <exception cref="BadInputException">The text is not a machine document.</exception>
    public static DriverInfo Machine(string json) => Read(json, DocumentJson.Default.DriverInfo);

    /// <summary>Reads a stack document.</summary>
    /// <exception cref="BadInputException">The text is not a stack document.</exception>
    public static StackDocument Stack(string json) => Read(json, DocumentJson.Default.StackDocument);

    /// <summary>Reads a plan, or the result of <c>plan --json</c> that holds one.</summary>
    /// <exception cref="BadInputException">The text is not a plan.</exception>
    public static InstallPlan Plan(string json)
    {
        using var document = Parse(json);
        if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("verdict", out _))
        {
            var result = Read(json, DocumentJson.Default.PlanResult);
            return Checked(result.Plan ?? throw new BadInputException("$.plan", "this result holds no plan: its verdict is " + PlanVerdictNames.Instance.NameOf(result.Verdict) + "."), "$.plan");
        }

        return Checked(Read(json, DocumentJson.Default.InstallPlan), "$");
    }

    /// <summary>Reads candidates for <see cref="Resolver.Choose"/>: a list, or one object a line.</summary>
    /// <exception cref="BadInputException">The text holds no candidates; the path names the one that is wrong.</exception>
    public static IReadOnlyList<CudaBuild> Builds(string json) => BuildListReader.Read(json);

    private static InstallPlan Checked(InstallPlan plan, string root)
    {
        try
        {
            PlanDocumentCheck.Check(plan);
            return plan;
        }
        catch (PlanDocumentException e)
        {
            throw new BadInputException(root + e.Path[1..], e.Message[(e.Path.Length + 2)..], e);
        }
    }

    internal static T Read<T>(string json, JsonTypeInfo<T> type)
        where T : class => Read(System.Text.Encoding.UTF8.GetBytes(json), type);

    internal static T Read<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            using var notes = ReadingNotes.Begin();
            var document = JsonSerializer.Deserialize(utf8, type) ?? throw new BadInputException("$", "null is not a document.");
            return notes.Notes.Count == 0 && notes.TorchRange is null ? document : (T)WithNotes(document, notes);
        }
        catch (JsonException e)
        {
            throw new BadInputException(PathOf(e), Clean(e), e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException or FormatException)
        {
            throw new BadInputException("$", e.Message.Split(" (Parameter", 2)[0], e);
        }
    }

    // A line of a batch is one question: what was read of its parts is told of its machine.
    private static object WithNotes(object document, ReadingNotes notes) => document switch
    {
        DriverInfo machine => machine with { Readings = notes.Notes },
        StackDocument stack => stack with { Readings = notes.Notes, TorchRange = notes.TorchRange },
        PlanRequest request => request with { Readings = notes.Notes },
        CudaBuild build => build with { Readings = notes.Notes },
        ChooseLine line => line with { Machine = line.Machine with { Readings = notes.Notes } },
        CheckLine line => line with { Machine = line.Machine with { Readings = notes.Notes }, Stack = line.Stack with { TorchRange = notes.TorchRange } },
        PlanLine line => line with { Machine = line.Machine with { Readings = notes.Notes } },
        _ => document,
    };

    private static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new BadInputException(PathOf(e), Clean(e), e);
        }
    }

    // The reader speaks of .NET types; the person who wrote the JSON wants the field.
    private static string PathOf(JsonException e)
    {
        var unknown = UnknownField().Match(e.Message);
        var path = string.IsNullOrEmpty(e.Path) ? "$" : e.Path;
        return unknown.Success && !path.EndsWith(unknown.Groups["name"].Value, StringComparison.Ordinal) ? $"{path}.{unknown.Groups["name"].Value}" : path;
    }

    internal static string Clean(JsonException e)
    {
        if (UnknownField().Match(e.Message) is { Success: true } unknown)
            return $"unknown field '{unknown.Groups["name"].Value}'.";
        if (MissingFields().Match(e.Message) is { Success: true } missing)
            return $"missing: {missing.Groups["names"].Value.Replace("'", "", StringComparison.Ordinal)}";
        if (e.InnerException is not null && WrongToken().Match(e.InnerException.Message) is { Success: true } token)
            return $"{(token.Groups["type"].Value == "boolean" ? "true or false" : "a " + token.Groups["type"].Value)} is expected here.";
        if (Innermost(e).GetType() == typeof(FormatException)) // the reader's own; what our types say of a text is a subclass
            return "the number is out of range, or is not a whole one.";
        if (Innermost(e) is InvalidOperationException { Message: var told } && told.Contains("UTF-16", StringComparison.Ordinal))
            return "the text holds half of a surrogate pair, which is no character.";
        if (WrongType().Match(e.Message) is { Success: true } wrong)
            return $"{Wanted(wrong.Groups["type"].Value)} is expected here.";
        if (DuplicateField().Match(e.Message) is { Success: true } duplicate)
            return $"the field '{duplicate.Groups["name"].Value}' is given twice.";
        var text = e.Message.Replace(", when isFinalBlock is true", "", StringComparison.Ordinal);
        foreach (var tail in (ReadOnlySpan<string>)[" Path: ", " LineNumber: ", " | LineNumber"])
        {
            if (text.IndexOf(tail, StringComparison.Ordinal) is var at and > 0)
                text = text[..at];
        }

        return e.LineNumber is { } line && e.InnerException is JsonException ? $"{text} (line {line + 1}, byte {e.BytePositionInLine})" : text;
    }

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
            e = inner;
        return e;
    }

    private static string Wanted(string type) => type switch
    {
        _ when type.Contains("List", StringComparison.Ordinal) || type.Contains("[]", StringComparison.Ordinal) => "a list [...]",
        _ when type.StartsWith("CudaCompat.", StringComparison.Ordinal) => "an object {...}",
        _ => "another type of value",
    };

    [GeneratedRegex("Cannot get the value of a token type '[A-Za-z]+' as a (?<type>[a-z]+)")]
    private static partial Regex WrongToken();

    [GeneratedRegex("could not be converted to (?<type>[^ ]{1,200}?)\\.? ")]
    private static partial Regex WrongType();

    [GeneratedRegex("Duplicate property '(?<name>[^']{0,80})'")]
    private static partial Regex DuplicateField();

    [GeneratedRegex("The JSON property '(?<name>[^']{0,80})' could not be mapped")]
    private static partial Regex UnknownField();

    [GeneratedRegex("was missing required properties including: (?<names>.*)$")]
    private static partial Regex MissingFields();
}
