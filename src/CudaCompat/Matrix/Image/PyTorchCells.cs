using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Image;

/// <summary>The cells of the rows whose facts come from PyTorch: each pair reads what it writes.</summary>
internal static class PyTorchCells
{
    public static void Write(CellWriter c, BuildRow r)
    {
        c.Text(r.Package);
        c.Version(r.Version);
        c.Version(r.Tag);
        c.Named(r.Packaging);
        c.Named(r.Os);
        c.Named(r.Arch);
        c.Versions(r.Pythons);
        c.Version(r.Glibc);
        c.Flag(r.Label);
        c.Text(r.Index);
        c.Flag(r.Default);
        c.Named(r.Known);
        c.Named(r.PythonsKnown);
        c.Version(r.Cudnn);
        c.Text(r.Requires);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static BuildRow Build(ref CellReader c) =>
        new(c.Text(), c.Version<PackageVersion>(), c.VersionOrNull<CudaTag>(), c.Named<Packaging>(), c.Named<OperatingSystemFamily>(), c.Named<CpuArchitecture>(), c.Versions<PythonVersion>(), c.VersionOrNull<DottedVersion>(), c.Flag(), c.TextOrNull(), c.Flag(), c.Named<KnownBy>(), c.Named<KnownBy>(), c.VersionOrNull<DottedVersion>(), c.TextOrNull(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, ArchListRow r)
    {
        c.Version(r.Torch);
        c.Version(r.Tag);
        c.Named(r.Packaging);
        c.Named(r.Os);
        c.Named(r.Arch);
        c.Versions(r.Native);
        c.Versions(r.Ptx);
        c.Text(r.How);
        c.Flag(r.Used);
        c.Flag(r.PtxConflict);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static ArchListRow ArchList(ref CellReader c) =>
        new(c.Version<PackageVersion>(), c.Version<CudaTag>(), c.Named<Packaging>(), c.Named<OperatingSystemFamily>(), c.Named<CpuArchitecture>(), c.Versions<ComputeCapability>(), c.Versions<ComputeCapability>(), c.Text(), c.Flag(), c.Flag(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, CompanionRow r)
    {
        c.Version(r.Torch);
        c.Text(r.Package);
        c.Version(r.Version);
        c.Named(r.Packaging);
        c.Flag(r.Preferred);
        c.Text(r.How);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
        c.Versions(r.PreferredTags);
    }

    public static CompanionRow Companion(ref CellReader c) =>
        new(c.Version<PackageVersion>(), c.Text(), c.Version<PackageVersion>(), c.NamedOrNull<Packaging>(), c.Flag(), c.Text(), c.Texts(), c.TextOrNull(), c.TextOrNull(), c.VersionsOrNull<CudaTag>());

    public static void Write(CellWriter c, TorchReleaseRow r)
    {
        c.Version(r.Version);
        c.Text(r.Date);
        c.Text(r.Python);
        c.Text(r.Note);
        c.Texts(r.Sources);
    }

    public static TorchReleaseRow TorchRelease(ref CellReader c) => new(c.Version<PackageVersion>(), c.TextOrNull(), c.TextOrNull(), c.TextOrNull(), c.Texts());

    public static void Write(CellWriter c, CompanionRuleRow r)
    {
        c.Text(r.Package);
        c.Version(r.From);
        c.Version(r.To);
        c.Text(r.Requires);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static CompanionRuleRow CompanionRule(ref CellReader c) =>
        new(c.Text(), c.Version<PackageVersion>(), c.VersionOrNull<PackageVersion>(), c.TextOrNull(), c.Texts(), c.TextOrNull(), c.TextOrNull());
}
