using CudaCompat.Matrix;
using CudaCompat.Matrix.Image;

namespace CudaCompat.Data.Writing;

/// <summary>The images that the library carries: the JSON files of data/ in a shape that costs nothing to open (docs/data-format.md).</summary>
internal static class ImageFiles
{
    /// <summary>The images, made of the JSON files that <paramref name="read"/> gives by their name relative to data/.</summary>
    /// <exception cref="DataFormatException">A file is missing or not in its shape.</exception>
    public static IEnumerable<KeyValuePair<string, byte[]>> Of(Func<string, byte[]?> read) =>
    [
        KeyValuePair.Create(MatrixImage.FileName, MatrixImage.Write(MatrixData.Read(name => read(name) ?? throw new DataFormatException($"{name}: the file is missing.")))),
        KeyValuePair.Create(InstallImage.FileName, InstallImage.Write(InstallData.Load(read))),
        KeyValuePair.Create(AdvisoryImage.FileName, AdvisoryImage.Write(DataFile.Read(
            AdvisoryImage.RowsName,
            read(AdvisoryImage.RowsName) ?? throw new DataFormatException($"{AdvisoryImage.RowsName}: the file is missing."),
            MatrixJson.Default.AdvisoryRow))),
    ];

    /// <summary>The bytes of a file, or null where there is none.</summary>
    public static byte[]? Read(string folder, string name)
    {
        var path = Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }
}
