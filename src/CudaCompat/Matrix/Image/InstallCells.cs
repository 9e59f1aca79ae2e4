using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Image;

/// <summary>The cells of the lists of files: each pair reads what it writes.</summary>
internal static class InstallCells
{
    public static void Write(CellWriter c, InstallerRow r)
    {
        c.Version(r.Toolkit);
        c.Named(r.Os);
        c.Named(r.Arch);
        c.Text(r.Kind);
        c.Text(r.FileName);
        c.Text(r.Url);
        Write(c, r.Checksum);
        c.Long(r.Size);
        c.Version(r.EmbeddedDriver);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static InstallerRow Installer(ref CellReader c) =>
        new(c.Version<CudaVersion>(), c.Named<OperatingSystemFamily>(), c.Named<CpuArchitecture>(), c.Text(), c.Text(), c.Text(), ChecksumOf(ref c), c.LongOrNull(), c.VersionOrNull<DriverVersion>(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, RedistRow r)
    {
        c.Version(r.Toolkit);
        c.Text(r.Component);
        c.Text(r.Version);
        c.Text(r.Platform);
        c.Text(r.Path);
        c.Text(r.Sha256);
        c.Long(r.Size);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
    }

    public static RedistRow Redist(ref CellReader c) =>
        new(c.Version<CudaVersion>(), c.Text(), c.Text(), c.Text(), c.Text(), c.TextOrNull(), c.LongOrNull(), c.Texts(), c.TextOrNull());

    public static void Write(CellWriter c, CudnnFileRow r)
    {
        c.Version(r.Version);
        c.Version(r.Cuda);
        c.Text(r.Platform);
        c.Text(r.Kind);
        c.Text(r.FileName);
        c.Text(r.Url);
        Write(c, r.Checksum);
        c.Long(r.Size);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static CudnnFileRow CudnnFile(ref CellReader c) =>
        new(c.Version<DottedVersion>(), c.Version<CudaRange>(), c.Text(), c.Text(), c.Text(), c.Text(), ChecksumOf(ref c), c.LongOrNull(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, BuildFileRow r)
    {
        c.Text(r.Package);
        c.Version(r.Version);
        c.Version(r.Tag);
        c.Named(r.Packaging);
        c.Named(r.Os);
        c.Named(r.Arch);
        c.Version(r.Python);
        c.Text(r.Platform);
        c.Text(r.Index);
        c.Text(r.FileName);
        c.Text(r.Url);
        c.Text(r.Sha256);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static BuildFileRow BuildFile(ref CellReader c) =>
        new(c.Text(), c.Version<PackageVersion>(), c.VersionOrNull<CudaTag>(), c.Named<Packaging>(), c.Named<OperatingSystemFamily>(), c.Named<CpuArchitecture>(), c.VersionOrNull<PythonVersion>(), c.Text(), c.TextOrNull(), c.Text(), c.Text(), c.TextOrNull(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, WheelRow r)
    {
        c.Text(r.Component);
        c.Version(r.Version);
        c.Text(r.Package);
        c.Text(r.Pin);
        c.Texts(r.Platforms);
        c.Texts(r.Sources);
        c.Flag(r.Compiler);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static WheelRow Wheel(ref CellReader c) =>
        new(c.Text(), c.Version<DottedVersion>(), c.Text(), c.Text(), c.Texts(), c.Texts(), c.FlagOrNull(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, RequirementRow r)
    {
        c.Version(r.Torch);
        c.Version(r.Tag);
        c.Text(r.Requirement);
        c.Text(r.Version);
        c.Text(r.How);
        c.Flag(r.Used);
        c.Text(r.Marker);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static RequirementRow Requirement(ref CellReader c) =>
        new(c.Version<PackageVersion>(), c.VersionOrNull<CudaTag>(), c.Text(), c.Text(), c.Text(), c.Flag(), c.TextOrNull(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    private static void Write(CellWriter c, Checksum? checksum)
    {
        c.Text(checksum?.Kind);
        c.Text(checksum?.Value);
    }

    private static Checksum? ChecksumOf(ref CellReader c)
    {
        var (kind, value) = (c.TextOrNull(), c.TextOrNull());
        return kind is null || value is null ? null : new Checksum(kind, value);
    }
}
