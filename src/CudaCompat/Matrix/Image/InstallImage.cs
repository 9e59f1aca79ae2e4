using System.Globalization;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Image;

/// <summary>data/install.bin: the install tier as one image, with the indexes by which steps find their files.</summary>
internal static class InstallImage
{
    /// <summary>The file in data/.</summary>
    public const string FileName = "install.bin";

    private const string Key = " by key";

    /// <summary>Writes the rows and their indexes.</summary>
    public static byte[] Write(InstallData data)
    {
        var image = new ImageWriter();
        Keyed(image, "toolkit-installers", data.Installers.All, InstallCells.Write, InstallKeys.Of);
        Keyed(image, "redist-components", data.Redist.All, InstallCells.Write, InstallKeys.Of);
        Keyed(image, "cudnn-files", data.CudnnFiles.All, InstallCells.Write, InstallKeys.Of);
        Keyed(image, "build-files", data.BuildFiles.All, InstallCells.Write, InstallKeys.Of);
        Keyed(image, "component-wheels", data.Wheels.All, InstallCells.Write, InstallKeys.Of);
        Keyed(image, "requirements", data.Requirements.All, InstallCells.Write, InstallKeys.Of);
        image.Table("install-forms", data.Forms, CuratedCells.Write);
        image.Table("install-places", data.Places, CuratedCells.Write);
        image.Table("toolkit-layout", data.Layouts, CuratedCells.Write);
        image.Table("redist-parts", data.RedistParts, CuratedCells.Write);
        image.Table("installer-components", data.InstallerComponents, CuratedCells.Write);
        image.Table("package-names", data.PackageNames, CuratedCells.Write);
        image.Table("repositories", data.Repositories, CuratedCells.Write);
        image.Table("mirrors", data.Mirrors, CuratedCells.Write);
        image.Table("step-notes", data.StepNotes, CuratedCells.Write);
        image.Table("wheel-parts", data.WheelParts, CuratedCells.Write);
        image.Table("wheel-layouts", data.WheelLayouts, CuratedCells.Write);
        image.Table("install-sources", data.Sources, NvidiaCells.Write);
        return image.ToBytes();
    }

    /// <summary>The lists of files in an image, none of their rows decoded yet.</summary>
    public static RowFile<T> Keyed<T>(DataImage image, string name, RowReader<T> read)
        where T : class => new(image.Table(name, read), image.Index(name + Key));

    private static void Keyed<T>(ImageWriter image, string name, IReadOnlyList<T> rows, Action<CellWriter, T> write, Func<T, IEnumerable<string>> keys)
    {
        image.Table(name, rows, write);
        image.Index(name + Key, rows.SelectMany((row, number) => keys(row).Select(key => (key, number)))
            .GroupBy(r => r.key, r => r.number, StringComparer.Ordinal).Select(g => KeyValuePair.Create(g.Key, g.ToArray())));
    }
}

/// <summary>The keys under which a plan finds files.</summary>
internal static class InstallKeys
{
    public static string Redist(CudaVersion toolkit, string platform) => $"{toolkit} {platform}";

    public static string Installers(CudaVersion toolkit) => toolkit.MajorMinor.ToString();

    public static string Cudnn(DottedVersion version) => version.ToString();

    public static string Files(BuildRow build) => Files(build.Package, build.Version, build.Tag, MatrixImage.Key(build.Packaging, build.Os, build.Arch), build.Index);

    public static string Wheels(string component, DottedVersion version) => $"{component} {version}";

    public static string Requirements(PackageVersion torch, CudaTag tag) => $"{torch.Canonical} {tag}";

    public static IEnumerable<string> Of(WheelRow row) => [Wheels(row.Component, row.Version)];

    public static IEnumerable<string> Of(RequirementRow row) => row.Tag is { } tag ? [Requirements(row.Torch, tag)] : [];

    public static IEnumerable<string> Of(RedistRow row) => [Redist(row.Toolkit, row.Platform)];

    public static IEnumerable<string> Of(InstallerRow row) => [Installers(row.Toolkit)];

    public static IEnumerable<string> Of(BuildFileRow row) => [Files(row.Package, row.Version, row.Tag, MatrixImage.Key(row.Packaging, row.Os, row.Arch), row.Index)];

    // A cuDNN is asked for by as many of its numbers as are known.
    public static IEnumerable<string> Of(CudnnFileRow row)
    {
        var text = row.Version.ToString();
        for (var dot = text.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = text.IndexOf('.', dot + 1))
            yield return text[..dot];
        yield return text;
    }

    private static string Files(string package, PackageVersion version, CudaTag? tag, string platform, string? index) =>
        string.Create(CultureInfo.InvariantCulture, $"{package} {version.Canonical} {tag} {platform} {index ?? "-"}");
}
