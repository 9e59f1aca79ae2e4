using System.Text.RegularExpressions;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Resolution;

/// <summary>
/// The GPUs of a machine by what their names say: several in one name become several, a name that says nothing is a GPU not known, a card of
/// another maker is none that CUDA runs on. What was read is told; a name that nobody knows stays, with the names that are near.
/// </summary>
internal static partial class GivenGpus
{
    /// <summary>The rule id of a card of another maker.</summary>
    public const string OtherMaker = "platform-not-covered";

    public const string Unknown = "gpu-unknown";
    private const int MostParts = 32;
    private const int MostSuggestions = 3;

    public static (IReadOnlyList<Gpu>? Gpus, IReadOnlyList<ReadingNote> Notes) Settle(CompatibilityMatrix matrix, IReadOnlyList<Gpu>? gpus)
    {
        if (gpus is null || gpus.Count == 0 || gpus.All(gpu => IsPlain(matrix, gpu)))
            return (gpus, []);
        var settled = new List<Gpu>(gpus.Count);
        var notes = new List<ReadingNote>();
        var unnamed = 0;
        foreach (var gpu in gpus)
        {
            if (IsPlain(matrix, gpu))
                settled.Add(gpu);
            else
                unnamed += Add(matrix, gpu, settled, notes);
        }

        // A card that is not known is not one that is not there.
        return (settled.Count == 0 && unnamed > 0 ? null : settled.Count > DriverInfo.MaximumGpus ? gpus : settled, notes);
    }

    // What is given beside the name decides without it.
    private static bool IsPlain(CompatibilityMatrix matrix, Gpu gpu) =>
        gpu.ComputeCapability is not null || gpu.Name is not { Length: > 0 } name || gpu.PciDeviceId is { } id && matrix.Gpus.FindPci(id) is not null
        || matrix.Gpus.Read(name) is { Entry: not null, ReadAs: null };

    // How many cards are there of which nothing is known.
    private static int Add(CompatibilityMatrix matrix, Gpu gpu, List<Gpu> settled, List<ReadingNote> notes)
    {
        var name = gpu.Name!;
        var reading = matrix.Gpus.Read(name);
        if (Parts(matrix, name) is { Length: > 1 } parts)
        {
            notes.Add(ReadingNote.Of("gpus", name, $"{parts.Length} GPUs"));
            return parts.Sum(part => IsPlain(matrix, new Gpu { Name = part }) ? Keep(settled, new Gpu { Name = part }, 1) : Add(matrix, new Gpu { Name = part }, settled, notes));
        }

        if (reading is { Entry: not null, ReadAs: { } known })
        {
            notes.Add(ReadingNote.Of("gpus", name, reading.Count > 1 ? $"{reading.Count} × {known}" : known, reading.Because, [.. reading.Entry.Sources]));
            // The chip says more than a name that several chips have, or that another one has by right.
            var ofChip = reading.Chip is { } chip ? matrix.Gpus.OfChip(chip) : null;
            var card = gpu with { Name = known, PciDeviceId = gpu.PciDeviceId ?? reading.PciId, ComputeCapability = reading.Entry.Capabilities is [var one] && one == ofChip ? null : ofChip };
            return Keep(settled, card, Math.Clamp(reading.Count, 1, MostParts));
        }

        if (reading.Other is { } other)
        {
            notes.Add(new ReadingNote(OtherMaker, "gpus", $"{ReadingNote.Short(name)} is {other}.", [], Weighs: false));
            return 0;
        }

        if (reading.SaysNothing)
        {
            notes.Add(new ReadingNote(Unknown, "gpus", $"'{ReadingNote.Short(name)}' does not say which GPU it is: nvidia-smi -L prints the name whole, or give --gpu.", []));
            return 1;
        }

        if (matrix.Gpus.Nearest(name, MostSuggestions) is { Count: > 0 } near)
            notes.Add(new ReadingNote(Unknown, "gpus", $"Did you mean {string.Join(" or ", near)}?", []));
        return Keep(settled, gpu, 1);
    }

    private static int Keep(List<Gpu> settled, Gpu gpu, int count)
    {
        for (var i = 0; i < count; i++)
            settled.Add(gpu);
        return 0;
    }

    // "Tesla K80, 2x Tesla K40c, GeForce 710": only where two parts say something, since names hold commas of their own.
    private static string[] Parts(CompatibilityMatrix matrix, string name)
    {
        string[] parts = [.. Between().Split(name).Select(part => part.Trim()).Where(part => part.Length > 0)];
        return parts.Length is > 1 and <= MostParts && parts.Count(Says) > 1 && parts.All(part => part.Any(char.IsAsciiLetter)) ? parts : [];

        bool Says(string part) => matrix.Gpus.Read(part) is { Entry: not null } or { SaysNothing: true } or { Other: not null };
    }

    [GeneratedRegex(@"(?:[,;+&]|\band\b|\n)(?![^()]{0,100}\))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Between();
}
