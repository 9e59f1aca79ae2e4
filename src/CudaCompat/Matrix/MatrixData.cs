using CudaCompat.Matrix.Rows;

namespace CudaCompat.Matrix;

/// <summary>The rows that resolving needs, as read; the install tier (files, URLs, hashes) is read apart and on demand.</summary>
internal sealed record MatrixData
{
    public required string DataVersion { get; init; }

    public required IReadOnlyList<SourceRow> Sources { get; init; }

    public required IReadOnlyList<ToolkitRow> Toolkits { get; init; }

    public required IReadOnlyList<DriverRequirementRow> DriverRequirements { get; init; }

    public required IReadOnlyList<DriverCudaRow> DriverCuda { get; init; }

    public required IReadOnlyList<DriverReleaseRow> Drivers { get; init; }

    public required IReadOnlyList<ForwardCompatRow> ForwardCompat { get; init; }

    public required IReadOnlyList<ArchitectureRow> Architectures { get; init; }

    public required IReadOnlyList<CudnnRow> Cudnn { get; init; }

    public required IReadOnlyList<CudnnSupportRow> CudnnSupport { get; init; }

    public required IReadOnlyList<GpuRow> Gpus { get; init; }

    public required IReadOnlyList<PciGpuRow> PciGpus { get; init; }

    public required IReadOnlyList<HostCompilerRow> HostCompilers { get; init; }

    public required IReadOnlyList<JetsonRow> Jetson { get; init; }

    public required IReadOnlyList<BuildRow> Builds { get; init; }

    public required IReadOnlyList<ArchListRow> ArchLists { get; init; }

    public required IReadOnlyList<CompanionRow> Companions { get; init; }

    public required IReadOnlyList<TorchReleaseRow> TorchReleases { get; init; }

    public required IReadOnlyList<NvccNumberRow> NvccNumbers { get; init; }

    public required IReadOnlyList<DriverBranchRow> DriverBranches { get; init; }

    public required IReadOnlyList<CoverageRow> Coverage { get; init; }

    public required IReadOnlyList<CompanionRuleRow> CompanionRules { get; init; }

    /// <summary>Reads the files of a data folder through <paramref name="open"/> (file name in, bytes out).</summary>
    /// <exception cref="DataFormatException">A file is missing or wrong; the message names it.</exception>
    public static MatrixData Read(Func<string, byte[]> open)
    {
        var json = MatrixJson.Default;
        return new MatrixData
        {
            DataVersion = DataManifest.Read(open("manifest.json")).DataVersion,
            Sources = DataFile.Read("sources.json", open("sources.json"), json.SourceRow),
            Toolkits = DataFile.Read("toolkits.json", open("toolkits.json"), json.ToolkitRow),
            DriverRequirements = DataFile.Read("driver-requirements.json", open("driver-requirements.json"), json.DriverRequirementRow),
            DriverCuda = DataFile.Read("driver-cuda.json", open("driver-cuda.json"), json.DriverCudaRow),
            Drivers = DataFile.Read("drivers.json", open("drivers.json"), json.DriverReleaseRow),
            ForwardCompat = DataFile.Read("forward-compat.json", open("forward-compat.json"), json.ForwardCompatRow),
            Architectures = DataFile.Read("architectures.json", open("architectures.json"), json.ArchitectureRow),
            Cudnn = DataFile.Read("cudnn.json", open("cudnn.json"), json.CudnnRow),
            CudnnSupport = DataFile.Read("cudnn-support.json", open("cudnn-support.json"), json.CudnnSupportRow),
            Gpus = DataFile.Read("gpus.json", open("gpus.json"), json.GpuRow),
            PciGpus = DataFile.Read("pci-gpus.json", open("pci-gpus.json"), json.PciGpuRow),
            HostCompilers = DataFile.Read("host-compilers.json", open("host-compilers.json"), json.HostCompilerRow),
            Jetson = DataFile.Read("jetson.json", open("jetson.json"), json.JetsonRow),
            Builds = DataFile.Read("builds.json", open("builds.json"), json.BuildRow),
            ArchLists = DataFile.Read("arch-lists.json", open("arch-lists.json"), json.ArchListRow),
            Companions = DataFile.Read("companions.json", open("companions.json"), json.CompanionRow),
            TorchReleases = DataFile.Read("torch-releases.json", open("torch-releases.json"), json.TorchReleaseRow),
            NvccNumbers = DataFile.Read("nvcc-numbers.json", open("nvcc-numbers.json"), json.NvccNumberRow),
            DriverBranches = DataFile.Read("driver-branches.json", open("driver-branches.json"), json.DriverBranchRow),
            Coverage = DataFile.Read("coverage.json", open("coverage.json"), json.CoverageRow),
            CompanionRules = DataFile.Read("companion-rules.json", open("companion-rules.json"), json.CompanionRuleRow),
        };
    }
}
