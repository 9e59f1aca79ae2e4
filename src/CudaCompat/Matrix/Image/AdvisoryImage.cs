using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Image;

/// <summary>data/advisories.bin: the releases known to be bad as one image, found by package.</summary>
internal static class AdvisoryImage
{
    /// <summary>The file in data/.</summary>
    public const string FileName = "advisories.bin";

    /// <summary>The file that it is made from.</summary>
    public const string RowsName = "curated/advisories.json";

    private const string Name = "advisories";

    /// <summary>Writes the rows and their index.</summary>
    public static byte[] Write(IReadOnlyList<AdvisoryRow> rows)
    {
        var image = new ImageWriter();
        image.Table(Name, rows, Write);
        image.Index(Name, MatrixImage.Group(rows, r => r.Package));
        return image.ToBytes();
    }

    /// <summary>The rows of an image, none of them decoded yet.</summary>
    public static RowFile<AdvisoryRow> Read(DataImage image) => new(image.Table(Name, Row), image.Index(Name));

    private static void Write(CellWriter c, AdvisoryRow r)
    {
        c.Text(r.Id);
        c.Text(r.Package);
        c.Text(r.Versions.ToString());
        c.Named(r.Severity);
        c.Text(r.Symptom);
        c.Text(r.Take);
        c.Text(r.Date);
        c.Named(r.Certainty);
        c.Texts(r.Sources);
        c.Names(r.Os);
        c.Texts(r.Capabilities);
        c.Texts(r.Cuda);
        c.Texts(r.Python);
        c.Text(r.Beside);
        c.Text(r.BesideVersions?.ToString());
        c.Text(r.When);
        c.Text(r.FixedIn);
    }

    private static AdvisoryRow Row(ref CellReader c) => new(
        c.Text(), c.Text(), VersionSpec.Parse(c.Text()), c.Named<AdvisorySeverity>(), c.Text(), c.Text(), c.Text(), c.Named<AdvisoryCertainty>(), c.Texts(),
        c.NamesOrNull<OperatingSystemFamily>(), c.TextsOrNull(), c.TextsOrNull(), c.TextsOrNull(), c.TextOrNull(), c.TextOrNull() is { } versions ? VersionSpec.Parse(versions) : null, c.TextOrNull(), c.TextOrNull());
}
