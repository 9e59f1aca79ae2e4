using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CudaCompat.Cli.Tests;

/// <summary>The keywords of JSON Schema that data/schema uses; any other keyword is an error, so that none is passed over.</summary>
internal sealed class SchemaValidator
{
    private static readonly string Folder = Path.Combine(CliProcess.RepositoryRoot, "data", "schema");
    private static readonly HashSet<string> Annotations = ["$schema", "$id", "$defs", "title", "description"];
    private readonly Dictionary<string, JsonObject> _schemas = [];
    private readonly List<string> _errors = [];

    /// <summary>What is wrong with a document, each with its JSON path; empty where it is valid.</summary>
    public static IReadOnlyList<string> Validate(string schema, string json)
    {
        var validator = new SchemaValidator();
        var file = $"{schema}.schema.json";
        validator.Check(validator.Load(file), file, JsonNode.Parse(json), "$");
        return validator._errors;
    }

    private JsonObject Load(string file) => _schemas.TryGetValue(file, out var known) ? known : _schemas[file] = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!.AsObject();

    private void Check(JsonNode schema, string file, JsonNode? value, string path)
    {
        if (schema.GetValueKind() == JsonValueKind.True)
            return;
        foreach (var (keyword, rule) in schema.AsObject())
        {
            switch (keyword)
            {
                case "type":
                    var types = rule is JsonArray several ? several.Select(t => (string)t!).ToArray() : [(string)rule!];
                    if (!types.Any(t => Is(value, t)))
                        _errors.Add($"{path}: {Kind(value)} is not {string.Join(" or ", types)}");
                    break;
                case "enum":
                    if (!rule!.AsArray().Any(e => JsonNode.DeepEquals(e, value)))
                        _errors.Add($"{path}: {value?.ToJsonString() ?? "null"} is none of {rule.ToJsonString()}");
                    break;
                case "const":
                    if (!JsonNode.DeepEquals(rule, value))
                        _errors.Add($"{path}: {value?.ToJsonString() ?? "null"} is not {rule!.ToJsonString()}");
                    break;
                case "required":
                    foreach (var name in rule!.AsArray().Select(n => (string)n!))
                    {
                        if (value is JsonObject o && !o.ContainsKey(name))
                            _errors.Add($"{path}: {name} is missing");
                    }

                    break;
                case "properties":
                    foreach (var (name, inner) in value as JsonObject ?? [])
                    {
                        if (rule![name] is { } property)
                            Check(property, file, inner, $"{path}.{name}");
                    }

                    break;
                case "additionalProperties":
                    foreach (var (name, inner) in value as JsonObject ?? [])
                    {
                        if (schema["properties"]?[name] is not null)
                            continue;
                        if (rule!.GetValueKind() == JsonValueKind.False)
                            _errors.Add($"{path}: unknown field {name}");
                        else
                            Check(rule, file, inner, $"{path}.{name}");
                    }

                    break;
                case "items":
                    foreach (var (item, index) in (value as JsonArray ?? []).Select((item, index) => (item, index)))
                        Check(rule!, file, item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"));
                    break;
                case "$ref":
                    var (target, targetFile) = Resolve((string)rule!, file);
                    Check(target, targetFile, value, path);
                    break;
                case "anyOf" or "oneOf":
                    var failures = rule!.AsArray().Select(s => Try(s!, file, value, path)).ToArray();
                    var fitting = failures.Count(f => f.Count == 0);
                    if (fitting == 0)
                        _errors.Add($"{path}: fits no alternative: {string.Join("; ", failures.OrderBy(f => f.Count).First())}");
                    else if (fitting > 1 && keyword == "oneOf")
                        _errors.Add($"{path}: fits {fitting} alternatives");
                    break;
                default:
                    Annotations.Should().Contain(keyword, "the validator must know every keyword that a schema uses");
                    break;
            }
        }
    }

    private IReadOnlyList<string> Try(JsonNode schema, string file, JsonNode? value, string path)
    {
        var before = _errors.Count;
        Check(schema, file, value, path);
        var own = _errors.Skip(before).ToArray();
        _errors.RemoveRange(before, _errors.Count - before);
        return own;
    }

    private (JsonNode Schema, string File) Resolve(string reference, string file)
    {
        // "file", "#/inside" or "file#/inside"
        var (name, inside) = reference.Split('#', 2) is [var left, var right] ? (left, right) : (reference, "");
        file = name.Length > 0 ? name : file;
        JsonNode at = Load(file);
        foreach (var part in inside.Split('/', StringSplitOptions.RemoveEmptyEntries))
            at = at[part] ?? throw new InvalidOperationException($"{file}: {reference} leads nowhere");
        return (at, file);
    }

    private static bool Is(JsonNode? value, string type) => type switch
    {
        "integer" => value?.GetValueKind() == JsonValueKind.Number && value.AsValue().TryGetValue<long>(out _),
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        _ => Kind(value) == type,
    };

    private static string Kind(JsonNode? value) => value?.GetValueKind().ToString().ToLowerInvariant() ?? "null";
}
