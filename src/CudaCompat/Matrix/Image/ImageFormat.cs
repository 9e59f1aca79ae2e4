namespace CudaCompat.Matrix.Image;

/// <summary>
/// The numbers of a data image (data/matrix.bin, data/install.bin), which docs/data-format.md describes: a header, a string table, a list
/// of arrays, tables of fixed-width rows, and indexes. All numbers are little-endian and 32 bits wide.
/// </summary>
internal static class ImageFormat
{
    /// <summary>"CCDI".</summary>
    public const int Magic = 0x49444343;

    /// <summary>Rises with every change of the layout or of the cells of a row.</summary>
    public const int Version = 1;

    /// <summary>Magic, version, then offset and count of each section in the order of <see cref="Section"/>.</summary>
    public const int HeaderCells = 2 + 2 * 5;

    /// <summary>Name, rows, cells a row, offset of the first row.</summary>
    public const int TableCells = 4;

    /// <summary>Name, keys, offset of the first pair of key and array.</summary>
    public const int IndexCells = 3;

    /// <summary>A cell that holds nothing: null, in every type of cell.</summary>
    public const int Null = 0;

    // How the bytes of a string stand, in the two highest bits of its offset.
    public const uint Plain = 0;
    public const uint Hexadecimal = 1u << 30;
    public const uint Joined = 2u << 30;
    public const uint KindMask = 3u << 30;
}

/// <summary>The sections of an image.</summary>
internal enum Section
{
    /// <summary>The offset of each string in <see cref="Text"/>, and one more for the end.</summary>
    Strings,

    /// <summary>The bytes of all strings.</summary>
    Text,

    /// <summary>The offset of each array: its length, then its cells.</summary>
    Arrays,

    /// <summary>The tables.</summary>
    Tables,

    /// <summary>The indexes: sorted keys, each with the array of rows that it stands for.</summary>
    Indexes,
}
