using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Image;

/// <summary>The cells of the rows whose facts come from NVIDIA: each pair reads what it writes.</summary>
internal static class NvidiaCells
{
    public static void Write(CellWriter c, SourceRow r)
    {
        c.Text(r.Id);
        c.Text(r.Title);
        c.Text(r.Url);
        c.Text(r.Retrieved);
        c.Text(r.Sha256);
        c.Text(r.Parser);
        c.Text(r.Kind);
        c.Text(r.Note);
    }

    public static SourceRow Source(ref CellReader c) => new(c.Text(), c.Text(), c.TextOrNull(), c.TextOrNull(), c.TextOrNull(), c.Text(), c.Text(), c.TextOrNull());

    public static void Write(CellWriter c, ToolkitRow r)
    {
        c.Version(r.Version);
        c.Text(r.Label);
        c.Text(r.Kind);
        c.Text(r.Date);
        c.Text(r.DateFrom);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
        c.Text(r.CondaLabel);
        c.Texts(r.Platforms);
    }

    public static ToolkitRow Toolkit(ref CellReader c) =>
        new(c.Version<CudaVersion>(), c.Text(), c.Text(), c.TextOrNull(), c.TextOrNull(), c.Texts(), c.TextOrNull(), c.TextOrNull(), c.TextOrNull(), c.TextsOrNull());

    public static void Write(CellWriter c, DriverRequirementRow r)
    {
        c.Text(r.Cuda);
        c.Named(r.Os);
        c.Version(r.Minimum);
        c.Text(r.Kind);
        c.Flag(r.Used);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static DriverRequirementRow DriverRequirement(ref CellReader c) =>
        new(c.Text(), c.Named<OperatingSystemFamily>(), c.Version<DriverVersion>(), c.Text(), c.Flag(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, DriverCudaRow r)
    {
        c.Named(r.Os);
        c.Version(r.From);
        c.Version(r.Cuda);
        c.Text(r.Basis);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static DriverCudaRow DriverCuda(ref CellReader c) =>
        new(c.Named<OperatingSystemFamily>(), c.Version<DriverVersion>(), c.Version<CudaVersion>(), c.Text(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, DriverReleaseRow r)
    {
        c.Version(r.Version);
        c.Named(r.Os);
        c.Names(r.Archs);
        c.Text(r.Date);
        c.Text(r.Kind);
        c.Text(r.Url);
        c.Text(r.Sha256);
        c.Long(r.Size);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
    }

    public static DriverReleaseRow DriverRelease(ref CellReader c) =>
        new(c.Version<DriverVersion>(), c.Named<OperatingSystemFamily>(), c.NamesOrNull<CpuArchitecture>(), c.TextOrNull(), c.TextOrNull(), c.TextOrNull(), c.TextOrNull(), c.LongOrNull(), c.Texts(), c.TextOrNull());

    public static void Write(CellWriter c, ForwardCompatRow r)
    {
        c.Version(r.Cuda);
        c.Number(r.Branch);
        c.Version(r.BranchCuda);
        c.Text(r.Status);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
    }

    public static ForwardCompatRow ForwardCompat(ref CellReader c) =>
        new(c.Version<CudaVersion>(), c.Number(), c.VersionOrNull<CudaVersion>(), c.Text(), c.Texts(), c.TextOrNull());

    public static void Write(CellWriter c, ArchitectureRow r)
    {
        c.Version(r.ComputeCapability);
        c.Text(r.Name);
        c.Version(r.FirstToolkit);
        c.Version(r.LastToolkit);
        c.Number(r.FirstDriverBranch);
        c.Version(r.FirstDriverLinux);
        c.Version(r.FirstDriverWindows);
        c.Number(r.LastDriverBranch);
        c.Flag(r.Tegra);
        c.Version(r.LibrariesFrom);
        c.Version(r.SameAs);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
        c.Flag(r.OpenKernelModule);
    }

    public static ArchitectureRow Architecture(ref CellReader c) =>
        new(c.Version<ComputeCapability>(), c.Text(), c.VersionOrNull<CudaVersion>(), c.VersionOrNull<CudaVersion>(), c.NumberOrNull(), c.VersionOrNull<DriverVersion>(), c.VersionOrNull<DriverVersion>(), c.NumberOrNull(), c.Flag(), c.VersionOrNull<CudaVersion>(), c.VersionOrNull<ComputeCapability>(), c.Texts(), c.TextOrNull(), c.TextOrNull(), c.FlagOrNull());

    public static void Write(CellWriter c, CudnnRow r)
    {
        c.Version(r.Version);
        c.Text(r.Label);
        c.Version(r.Cuda);
        c.Text(r.Date);
        c.Texts(r.Platforms);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static CudnnRow Cudnn(ref CellReader c) =>
        new(c.Version<DottedVersion>(), c.Text(), c.Version<CudaRange>(), c.TextOrNull(), c.TextsOrNull(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, CudnnSupportRow r)
    {
        c.Version(r.Cudnn);
        c.Number(r.Variant);
        c.Versions(r.Cuda);
        c.Version(r.MinDriverLinux);
        c.Version(r.MinDriverWindows);
        c.Versions(r.Capabilities);
        c.Version(r.CapabilitiesFrom);
        c.Flag(r.StaticLinking);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static CudnnSupportRow CudnnSupport(ref CellReader c) =>
        new(c.Version<DottedVersion>(), c.Number(), c.Versions<CudaVersion>(), c.VersionOrNull<DriverVersion>(), c.VersionOrNull<DriverVersion>(), c.VersionsOrNull<ComputeCapability>(), c.VersionOrNull<ComputeCapability>(), c.FlagOrNull(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, GpuRow r)
    {
        c.Text(r.Name);
        c.Versions(r.Capabilities);
        c.Text(r.Architecture);
        c.Text(r.Segment);
        c.Flag(r.ForwardCompat);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static GpuRow Gpu(ref CellReader c) =>
        new(c.Text(), c.Versions<ComputeCapability>(), c.TextOrNull(), c.TextOrNull(), c.FlagOrNull(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, PciGpuRow r)
    {
        c.Text(r.DeviceId);
        c.Text(r.Name);
        c.Text(r.Chip);
        c.Version(r.ComputeCapability);
        c.Number(r.LegacyBranch);
        c.Version(r.FirstDriver);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
    }

    public static PciGpuRow PciGpu(ref CellReader c) =>
        new(c.Text(), c.Text(), c.TextOrNull(), c.VersionOrNull<ComputeCapability>(), c.NumberOrNull(), c.VersionOrNull<DriverVersion>(), c.Texts(), c.TextOrNull());

    public static void Write(CellWriter c, HostCompilerRow r)
    {
        c.Version(r.Toolkit);
        c.Named(r.Os);
        c.Text(r.Compiler);
        c.Version(r.Min);
        c.Version(r.Max);
        c.Version(r.Below);
        c.Flag(r.Used);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static HostCompilerRow HostCompiler(ref CellReader c) =>
        new(c.Version<CudaVersion>(), c.Named<OperatingSystemFamily>(), c.Text(), c.VersionOrNull<DottedVersion>(), c.VersionOrNull<DottedVersion>(), c.VersionOrNull<DottedVersion>(), c.Flag(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, JetsonRow r)
    {
        c.Text(r.JetPack);
        c.Text(r.L4t);
        c.Text(r.Cuda);
        c.Text(r.Cudnn);
        c.Text(r.TensorRt);
        c.Text(r.Ubuntu);
        c.Text(r.Python);
        c.Versions(r.Capabilities);
        c.Text(r.TorchSource);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
    }

    public static JetsonRow Jetson(ref CellReader c) =>
        new(c.Text(), c.TextOrNull(), c.TextOrNull(), c.TextOrNull(), c.TextOrNull(), c.TextOrNull(), c.TextOrNull(), c.Versions<ComputeCapability>(), c.TextOrNull(), c.Texts(), c.TextOrNull());

    public static void Write(CellWriter c, NvccNumberRow r)
    {
        c.Version(r.Printed);
        c.Version(r.Toolkit);
        c.Flag(r.Inferred);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static NvccNumberRow NvccNumber(ref CellReader c) =>
        new(c.Version<DottedVersion>(), c.Version<CudaVersion>(), c.Flag(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, DriverBranchRow r)
    {
        c.Number(r.Branch);
        c.Text(r.Kind);
        c.Text(r.EndOfLife);
        c.Flag(r.OpenModuleOnly);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static DriverBranchRow DriverBranch(ref CellReader c) =>
        new(c.Number(), c.Text(), c.TextOrNull(), c.FlagOrNull(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, CoverageRow r)
    {
        c.Text(r.Subject);
        c.Named(r.Packaging);
        c.Named(r.Os);
        c.Named(r.Arch);
        c.Text(r.Place);
        c.Version(r.From);
        c.Version(r.To);
        c.Flag(r.Complete);
        c.Text(r.AsOf);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static CoverageRow Coverage(ref CellReader c) =>
        new(c.Text(), c.NamedOrNull<Packaging>(), c.NamedOrNull<OperatingSystemFamily>(), c.NamedOrNull<CpuArchitecture>(), c.TextOrNull(), c.VersionOrNull<PackageVersion>(), c.VersionOrNull<PackageVersion>(), c.Flag(), c.TextOrNull(), c.Texts(), c.TextOrNull(), c.TextOrNull());
}
