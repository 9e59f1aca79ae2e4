using System.Globalization;
using System.Text.Json;
using CudaCompat.Choosing;

namespace CudaCompat.Documents;

/// <summary>Reads candidates: one list, or one object after the other, be they on a line each or not.</summary>
internal static class BuildListReader
{
    private const int MostBuilds = 1024;

    public static IReadOnlyList<CudaBuild> Read(string json)
    {
        var utf8 = System.Text.Encoding.UTF8.GetBytes(json);
        var builds = new List<CudaBuild>();
        // One by one, so that what is wrong, and what a spelling was read as, is told of the candidate that it is about.
        foreach (var (start, length) in Values(utf8))
        {
            try
            {
                builds.Add(DocumentReader.Read(utf8.AsSpan(start, length), DocumentJson.Default.CudaBuild));
            }
            catch (BadInputException e)
            {
                throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"$[{builds.Count}]{e.Path[1..]}"), e.Message, e);
            }
        }

        return Checked(builds, "$");
    }

    /// <summary>A list within the bounds, of builds that are sound.</summary>
    /// <exception cref="BadInputException">There are none, or too many, or one contradicts itself.</exception>
    public static IReadOnlyList<CudaBuild> Checked(IReadOnlyList<CudaBuild> builds, string path)
    {
        if (builds.Count == 0)
            throw new BadInputException(path, "there is no candidate: give a list "
                + "[{\"name\": …, \"cuda\": …, \"sass\": […], \"ptx\": […]}, …], or one such object a line.");
        if (builds.Count > MostBuilds)
            throw new BadInputException(path, $"more than {MostBuilds} candidates.");
        for (var i = 0; i < builds.Count; i++)
        {
            if (BuildChoice.Fault(builds[i]) is { } fault)
                throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}].cuda"), fault);
        }

        return builds;
    }

    // Where each value begins and how long it is.
    private static List<(int Start, int Length)> Values(byte[] utf8)
    {
        var isList = utf8.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("["u8);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { AllowMultipleValues = !isList });
        var values = new List<(int, int)>();
        try
        {
            if (isList)
                reader.Read();
            while (reader.Read() && values.Count <= MostBuilds)
            {
                if (isList && reader.TokenType == JsonTokenType.EndArray)
                    continue;
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                values.Add((start, (int)reader.BytesConsumed - start));
            }
        }
        catch (JsonException e)
        {
            throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"$[{values.Count}]"), DocumentReader.Clean(e), e);
        }

        return values;
    }
}
