using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace CudaCompat.Versions.Spelling;

/// <summary>One form of data/curated/spellings.json in which a value is given.</summary>
/// <param name="Field">The field whose form it is; * for every one.</param>
/// <param name="Pattern">What the whole text looks like, whatever its case.</param>
/// <param name="As">The text that the strict reader of the field takes, made of the pattern's groups; "" for "not known".</param>
/// <param name="Refuse">In place of <paramref name="As"/>: the sentence with which the form is refused.</param>
/// <param name="Says">What people are told that it was taken for; without it the value.</param>
/// <param name="Because">Why, where that is not known to everybody.</param>
/// <param name="Plain">True where the form is the value with words around it, of which nobody needs to be told.</param>
/// <param name="Examples">Texts of this form and what they are; a test reads each.</param>
internal sealed record SpellingForm(string Field, string Pattern, string? As, string? Refuse, string? Says, string? Because, bool Plain, IReadOnlyDictionary<string, string?> Examples)
{
    private Regex? _regex;

    /// <summary>The pattern over <paramref name="text"/>; the texts are short, so its cost is bounded.</summary>
    public Match Match(string text) => (_regex ??= new Regex(Pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)).Match(text);
}

/// <summary>The forms that the library carries.</summary>
internal static class SpellingForms
{
    private static readonly Lazy<Dictionary<string, SpellingForm[]>> ByField = new(() =>
        All.GroupBy(form => form.Field, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal));

    private static readonly Lazy<IReadOnlyList<SpellingForm>> LazyAll = new(() => CuratedFile.Read("spellings.json", SpellingJson.Default.Spellings));

    public static IReadOnlyList<SpellingForm> All => LazyAll.Value;

    /// <summary>The forms of a field, in the order in which they are tried.</summary>
    public static IReadOnlyList<SpellingForm> Of(string field) => ByField.Value.GetValueOrDefault(field) ?? [];
}

/// <summary>Its JSON, made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CuratedFile<SpellingForm>), TypeInfoPropertyName = "Spellings")]
internal sealed partial class SpellingJson : JsonSerializerContext;
