using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Refresh;

/// <content>The files whose facts come from NVIDIA.</content>
internal sealed partial class FactStore
{
    private static readonly MatrixJson Json = MatrixJson.Readable;

    public RowSet<ToolkitRow> Toolkits { get; } = new("toolkits", Json.ToolkitRow, r => ValueTuple.Create(r.Version), r => r.Sources);

    public RowSet<InstallerRow> Installers { get; } = new("toolkit-installers", Json.InstallerRow, r => (r.Toolkit, (int)r.Os, (int)r.Arch, r.Kind, r.Url), r => r.Sources);

    public RowSet<RedistRow> Redist { get; } = new("redist-components", Json.RedistRow, r => (r.Toolkit, r.Component, r.Platform, r.Path), r => r.Sources);

    public RowSet<DriverRequirementRow> DriverRequirements { get; } =
        new("driver-requirements", Json.DriverRequirementRow, r => (CudaOrder.Of(r.Cuda), (int)r.Os, r.Kind, r.Minimum), r => r.Sources);

    public RowSet<DriverCudaRow> DriverCuda { get; } = new("driver-cuda", Json.DriverCudaRow, r => ((int)r.Os, r.From), r => r.Sources);

    public RowSet<DriverReportRow> DriverReports { get; } = new("driver-reports", Json.DriverReportRow, r => (r.Driver, r.Os, r.Cuda, r.Evidence), r => r.Sources);

    public RowSet<DriverReleaseRow> Drivers { get; } =
        new("drivers", Json.DriverReleaseRow, r => ((int)r.Os, r.Version, r.Version.ToString(), r.Archs is null ? "" : string.Join(" ", r.Archs)), r => r.Sources);

    public RowSet<ForwardCompatRow> ForwardCompat { get; } = new("forward-compat", Json.ForwardCompatRow, r => (r.Cuda, r.Branch), r => r.Sources);

    public RowSet<ArchitectureRow> Architectures { get; } = new("architectures", Json.ArchitectureRow, r => ValueTuple.Create(r.ComputeCapability), r => r.Sources);

    public RowSet<WheelRow> Wheels { get; } = new("component-wheels", Json.WheelRow, r => (r.Component, r.Version, r.Package), r => r.Sources);

    public RowSet<CudnnRow> Cudnn { get; } = new("cudnn", Json.CudnnRow, r => (r.Version, r.Cuda.ToString()), r => r.Sources);

    public RowSet<CudnnFileRow> CudnnFiles { get; } = new("cudnn-files", Json.CudnnFileRow, r => (r.Version, r.Cuda.ToString(), r.Platform, r.FileName), r => r.Sources);

    public RowSet<CudnnSupportRow> CudnnSupport { get; } =
        new("cudnn-support", Json.CudnnSupportRow, r => (r.Cudnn, r.Variant, string.Join(' ', r.Cuda), r.MinDriverLinux.ToString()), r => r.Sources);

    public RowSet<GpuRow> Gpus { get; } = new("gpus", Json.GpuRow, r => r.Name, r => r.Sources);

    public RowSet<PciGpuRow> PciGpus { get; } = new("pci-gpus", Json.PciGpuRow, r => r.DeviceId, r => r.Sources);

    public RowSet<HostCompilerRow> HostCompilers { get; } =
        new("host-compilers", Json.HostCompilerRow, r => (r.Toolkit, (int)r.Os, r.Compiler, !r.Used, r.Min.ToString(), r.Max.ToString(), r.Below.ToString()), r => r.Sources);

    public RowSet<JetsonRow> Jetson { get; } = new("jetson", Json.JetsonRow, r => r.JetPack, r => r.Sources);

    public RowSet<NvccNumberRow> NvccNumbers { get; } = new("nvcc-numbers", Json.NvccNumberRow, r => (r.Printed, r.Toolkit), r => r.Sources);

    public RowSet<DriverBranchRow> DriverBranches { get; } = new("driver-branches", Json.DriverBranchRow, r => ValueTuple.Create(r.Branch), r => r.Sources);

    public RowSet<CoverageRow> Coverage { get; } =
        new("coverage", Json.CoverageRow, r => (r.Subject, (int?)r.Packaging ?? -1, (int?)r.Os ?? -1, (int?)r.Arch ?? -1, r.Place, r.From.ToString(), r.To.ToString()), r => r.Sources);

    private IEnumerable<IRowSet> NvidiaSets =>
    [
        Toolkits, Installers, Redist, DriverRequirements, DriverCuda, DriverReports, Drivers, ForwardCompat, Architectures,
        Cudnn, CudnnFiles, Wheels, CudnnSupport, Gpus, PciGpus, HostCompilers, Jetson, NvccNumbers, DriverBranches, Coverage,
    ];
}
