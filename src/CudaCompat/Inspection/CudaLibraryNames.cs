using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace CudaCompat.Inspection;

/// <summary>A library of CUDA by the names of its files; a row of data/curated/cuda-libraries.json.</summary>
/// <param name="Library">cudart, cudnn.</param>
/// <param name="Pattern">Of a file's name; the group v is the number in it.</param>
/// <param name="NamesCuda">True where the number is the major of CUDA.</param>
internal sealed record CudaLibraryRow(string Library, string Pattern, bool NamesCuda);

/// <summary>Which library of CUDA a file's name means.</summary>
internal static class CudaLibraryNames
{
    private const string File = "data/curated/cuda-libraries.json";

    // cudart64_110 and cudart64_101 hold a minor; no CUDA has a major of fifty.
    private const int WithMinor = 50;
    private const int HighestMajor = 99;

    private static readonly Lazy<(CudaLibraryRow Row, Regex Pattern)[]> Rows = new(() =>
    {
        using var stream = typeof(CudaLibraryNames).Assembly.GetManifestResourceStream(File)
            ?? throw new InvalidOperationException($"the library was built without {File}.");
        const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
        var rows = JsonSerializer.Deserialize(stream, CudaLibraryJson.Default.CudaLibraryFile)!.Rows;
        return [.. rows.Select(row => (row, new Regex(row.Pattern, Options, TimeSpan.FromSeconds(1))))];
    });

    /// <summary>The library that a file is, by its name; null where it is none of CUDA's.</summary>
    public static CudaLibrary? Of(string fileName)
    {
        foreach (var (row, pattern) in Rows.Value)
        {
            if (pattern.Match(fileName) is not { Success: true } match)
                continue;
            var version = match.Groups["v"].Value;
            int? major = int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number : null;
            if (row.NamesCuda && major >= WithMinor)
                major /= 10;
            return new CudaLibrary
            {
                Library = row.Library,
                File = fileName,
                Major = major is > 0 and <= HighestMajor ? major : null,
                Version = version.Length == 0 ? null : version,
                NamesCuda = row.NamesCuda,
            };
        }

        return null;
    }
}

/// <summary>The shape of the file.</summary>
internal sealed record CudaLibraryFile(string Subject, IReadOnlyList<CudaLibraryRow> Rows);

/// <summary>The JSON shape, made at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CudaLibraryFile))]
internal sealed partial class CudaLibraryJson : JsonSerializerContext;
