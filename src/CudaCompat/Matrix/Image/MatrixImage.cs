using System.Globalization;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Matrix.Image;

/// <summary>data/matrix.bin: the resolve tier as one image, with the indexes by which rules find their rows.</summary>
internal static class MatrixImage
{
    /// <summary>The file in data/.</summary>
    public const string FileName = "matrix.bin";

    private const string VersionTable = "version";

    /// <summary>Writes the rows and their indexes.</summary>
    public static byte[] Write(MatrixData data)
    {
        var image = new ImageWriter();
        image.Table(VersionTable, [data.DataVersion], static (c, version) => c.Text(version));
        image.Table("sources", data.Sources, NvidiaCells.Write);
        image.Table("toolkits", data.Toolkits, NvidiaCells.Write);
        image.Table("driver-requirements", data.DriverRequirements, NvidiaCells.Write);
        image.Table("driver-cuda", data.DriverCuda, NvidiaCells.Write);
        image.Table("drivers", data.Drivers, NvidiaCells.Write);
        image.Table("forward-compat", data.ForwardCompat, NvidiaCells.Write);
        image.Table("architectures", data.Architectures, NvidiaCells.Write);
        image.Table("cudnn", data.Cudnn, NvidiaCells.Write);
        image.Table("cudnn-support", data.CudnnSupport, NvidiaCells.Write);
        image.Table("gpus", data.Gpus, NvidiaCells.Write);
        image.Table("pci-gpus", data.PciGpus, NvidiaCells.Write);
        image.Table("host-compilers", data.HostCompilers, NvidiaCells.Write);
        image.Table("jetson", data.Jetson, NvidiaCells.Write);
        image.Table("builds", data.Builds, PyTorchCells.Write);
        image.Table("arch-lists", data.ArchLists, PyTorchCells.Write);
        image.Table("companions", data.Companions, PyTorchCells.Write);
        image.Table("torch-releases", data.TorchReleases, PyTorchCells.Write);
        image.Table("nvcc-numbers", data.NvccNumbers, NvidiaCells.Write);
        image.Table("driver-branches", data.DriverBranches, NvidiaCells.Write);
        image.Table("coverage", data.Coverage, NvidiaCells.Write);
        image.Table("companion-rules", data.CompanionRules, PyTorchCells.Write);
        BuildIndexes.Write(image, data);
        GpuNames.Write(image, data);
        KnownDrivers.Write(image, data);
        return image.ToBytes();
    }

    /// <summary>The rows of an image, none of them decoded yet.</summary>
    public static MatrixData Read(DataImage image) => new()
    {
        DataVersion = image.Table(VersionTable, static (ref CellReader c) => c.Text())[0],
        Sources = image.Table("sources", NvidiaCells.Source),
        Toolkits = image.Table("toolkits", NvidiaCells.Toolkit),
        DriverRequirements = image.Table("driver-requirements", NvidiaCells.DriverRequirement),
        DriverCuda = image.Table("driver-cuda", NvidiaCells.DriverCuda),
        Drivers = image.Table("drivers", NvidiaCells.DriverRelease),
        ForwardCompat = image.Table("forward-compat", NvidiaCells.ForwardCompat),
        Architectures = image.Table("architectures", NvidiaCells.Architecture),
        Cudnn = image.Table("cudnn", NvidiaCells.Cudnn),
        CudnnSupport = image.Table("cudnn-support", NvidiaCells.CudnnSupport),
        Gpus = image.Table("gpus", NvidiaCells.Gpu),
        PciGpus = image.Table("pci-gpus", NvidiaCells.PciGpu),
        HostCompilers = image.Table("host-compilers", NvidiaCells.HostCompiler),
        Jetson = image.Table("jetson", NvidiaCells.Jetson),
        Builds = image.Table("builds", PyTorchCells.Build),
        ArchLists = image.Table("arch-lists", PyTorchCells.ArchList),
        Companions = image.Table("companions", PyTorchCells.Companion),
        TorchReleases = image.Table("torch-releases", PyTorchCells.TorchRelease),
        NvccNumbers = image.Table("nvcc-numbers", NvidiaCells.NvccNumber),
        DriverBranches = image.Table("driver-branches", NvidiaCells.DriverBranch),
        Coverage = image.Table("coverage", NvidiaCells.Coverage),
        CompanionRules = image.Table("companion-rules", PyTorchCells.CompanionRule),
    };

    /// <summary>The key of a platform in an index.</summary>
    public static string Key(Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)packaging}.{(int)os}.{(int)arch}");

    internal static IEnumerable<KeyValuePair<string, int[]>> Group<T>(IReadOnlyList<T> rows, Func<T, string?> key) =>
        rows.Select((row, number) => (Key: key(row), Number: number)).Where(r => r.Key is not null)
            .GroupBy(r => r.Key!, r => r.Number, StringComparer.Ordinal).Select(g => KeyValuePair.Create(g.Key, g.ToArray()));
}
