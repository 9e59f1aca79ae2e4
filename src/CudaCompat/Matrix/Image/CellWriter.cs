using System.Globalization;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Image;

/// <summary>Writes the cells of one row; <see cref="CellReader"/> reads them in the same order.</summary>
internal readonly struct CellWriter(ImageWriter image, List<int> cells)
{
    /// <summary>A number from 0 on.</summary>
    public void Number(int number) => cells.Add(checked(number + 1));

    /// <summary>A number from 0 on, or nothing.</summary>
    public void Number(int? number) => cells.Add(number is { } n ? checked(n + 1) : ImageFormat.Null);

    /// <summary>A number of any size, as its digits.</summary>
    public void Long(long? number) => Text(number?.ToString(CultureInfo.InvariantCulture));

    public void Flag(bool? flag) => cells.Add(flag is { } f ? (f ? 2 : 1) : ImageFormat.Null);

    public void Named<T>(T value)
        where T : struct, Enum => Number(Convert.ToInt32(value, CultureInfo.InvariantCulture));

    public void Named<T>(T? value)
        where T : struct, Enum => Number(value is { } v ? Convert.ToInt32(v, CultureInfo.InvariantCulture) : null);

    public void Text(string? text) => cells.Add(image.Text(text));

    public void Version<T>(T version)
        where T : struct, IVersionText<T> => Text(version.ToString());

    public void Version<T>(T? version)
        where T : struct, IVersionText<T> => Text(version?.ToString());

    public void Texts(string[]? texts)
    {
        var writer = image;
        cells.Add(texts is null ? ImageFormat.Null : writer.Array("text", [.. texts.Select(t => writer.Text(t))]));
    }

    public void Versions<T>(T[]? versions)
        where T : struct, IVersionText<T>
    {
        var writer = image;
        cells.Add(versions is null ? ImageFormat.Null : writer.Array(typeof(T).Name, [.. versions.Select(v => writer.Text(v.ToString()))]));
    }

    public void Names<T>(T[]? values)
        where T : struct, Enum => cells.Add(values is null ? ImageFormat.Null : image.Array(typeof(T).Name, [.. values.Select(v => Convert.ToInt32(v, CultureInfo.InvariantCulture))]));
}
