using System.Globalization;
using System.Runtime.CompilerServices;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Image;

/// <summary>Reads the cells of one row in the order in which <see cref="CellWriter"/> wrote them.</summary>
internal ref struct CellReader(DataImage image, int offset)
{
    private int _offset = offset;

    public int Number() => Next() - 1;

    public int? NumberOrNull() => Next() is var cell and not ImageFormat.Null ? cell - 1 : null;

    public long? LongOrNull() => TextOrNull() is { } digits ? long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    public bool Flag() => Next() == 2;

    public bool? FlagOrNull() => Next() is var cell and not ImageFormat.Null ? cell == 2 : null;

    public T Named<T>()
        where T : struct, Enum
    {
        var number = Next() - 1;
        return Unsafe.As<int, T>(ref number);
    }

    public T? NamedOrNull<T>()
        where T : struct, Enum
    {
        var number = Next() - 1;
        return number < 0 ? null : Unsafe.As<int, T>(ref number);
    }

    public string Text() => TextOrNull() ?? throw image.Damaged("a text is missing");

    public string? TextOrNull() => image.Text(Next());

    public T Version<T>()
        where T : struct, IVersionText<T> => T.Parse(Text());

    public T? VersionOrNull<T>()
        where T : struct, IVersionText<T> => TextOrNull() is { } text ? T.Parse(text) : null;

    public string[] Texts() => TextsOrNull() ?? throw image.Damaged("a list is missing");

    public string[]? TextsOrNull() => image.Array(Next(), static (image, cell) => image.Text(cell)!);

    public T[] Versions<T>()
        where T : struct, IVersionText<T> => VersionsOrNull<T>() ?? throw image.Damaged("a list is missing");

    public T[]? VersionsOrNull<T>()
        where T : struct, IVersionText<T> => image.Array(Next(), static (image, cell) => T.Parse(image.Text(cell)!));

    public T[]? NamesOrNull<T>()
        where T : struct, Enum => image.Array(Next(), static (_, cell) => Unsafe.As<int, T>(ref cell));

    private int Next()
    {
        var cell = image.Cell(_offset);
        _offset += 4;
        return cell;
    }
}
