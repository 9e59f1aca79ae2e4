using System.Globalization;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Matrix;

/// <summary>What a GPU name says.</summary>
/// <param name="Entry">The card; null where the name is not known.</param>
/// <param name="ReadAs">The name by which the data knows it, where that is another one.</param>
/// <param name="Because">Why, where that is not plain.</param>
/// <param name="SaysNothing">True for a name that names no card ("NVIDIA GeForce ...").</param>
/// <param name="Other">For a card of another maker: whose, and where to go.</param>
/// <param name="Count">How many cards the name says there are.</param>
/// <param name="PciId">The PCI device id where the text names it.</param>
/// <param name="Chip">The chip where the text names it (GK208): it says more than a name that several chips have.</param>
internal sealed record GpuReading(GpuCatalogue.Entry? Entry, string? ReadAs = null, string? Because = null, bool SaysNothing = false, string? Other = null, int Count = 1, string? PciId = null, string? Chip = null);

/// <summary>
/// Reads the names that lspci, hypervisors, clouds, board makers and shops print, by the forms of data/curated/spellings.json: each form takes something off
/// the name or gives the name that it stands for, and the first result that the data knows is it. A form that leads to no known card decides nothing.
/// </summary>
internal static class GpuSpelling
{
    private const string PciPrefix = "pci:";
    private const int MaximumLength = 256;
    private const int MostTries = 200; // forms can follow each other; a stranger's text must not make them do so for long

    /// <summary>What a name says that <paramref name="look"/> does not know as it stands.</summary>
    /// <param name="name">The name.</param>
    /// <param name="look">The card of a name.</param>
    /// <param name="lookPci">The card of a PCI device id, and its name.</param>
    public static GpuReading Read(string name, Func<string, GpuCatalogue.Entry?> look, Func<string, (GpuCatalogue.Entry Card, string Name)?> lookPci)
    {
        var text = name.Trim(' ', '\t', '"', '\'', '`', ',', ';', '.');
        if (name.Length > MaximumLength)
            return new GpuReading(null);
        if (OfCloud(text, look) is { } cloud)
            return cloud;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { text };
        var waiting = new Queue<(string Text, int Count, string? Chip)>([(text, 1, null)]);
        if (text != name && look(text) is { } trimmed)
            return new GpuReading(trimmed, text);
        while (waiting.TryDequeue(out var next) && seen.Count < MostTries)
        {
            foreach (var form in SpellingForms.Of("gpu"))
            {
                if (form.Match(next.Text) is not { Success: true } match)
                    continue;
                var value = match.Result(form.As!).Trim();
                if (value.Length == 0 && seen.Count == 1)
                    return new GpuReading(null, SaysNothing: true);
                if (value.Length == 0 || !seen.Add(value))
                    continue;
                var count = match.Groups["n"] is { Success: true } many ? int.Parse(many.ValueSpan, CultureInfo.InvariantCulture) : next.Count;
                if (value.StartsWith(PciPrefix, StringComparison.Ordinal))
                {
                    if (lookPci(value[PciPrefix.Length..]) is { } card)
                        return new GpuReading(card.Card, card.Name, "its PCI id names it", Count: count, PciId: value[PciPrefix.Length..].ToLowerInvariant());
                    continue;
                }

                var chip = match.Groups["c"] is { Success: true } named ? named.Value.ToUpperInvariant() : next.Chip;
                if (look(value) is { } entry)
                    return new GpuReading(entry, value, form.Because, Count: Math.Max(1, count), Chip: chip);
                waiting.Enqueue((value, count, chip));
            }
        }

        return SpellingForms.Of("gpuOther").FirstOrDefault(form => form.Match(text).Success) is { } other ? new GpuReading(null, Other: other.Says) : new GpuReading(null);
    }

    private static GpuReading? OfCloud(string text, Func<string, GpuCatalogue.Entry?> look)
    {
        foreach (var form in SpellingForms.Of("gpuCloud"))
        {
            if (form.Match(text).Success && look(form.As!) is { } entry)
                return new GpuReading(entry, form.As, form.Because);
        }

        return null;
    }
}
