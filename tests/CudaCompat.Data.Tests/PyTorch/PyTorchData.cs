using System.Text.Json.Serialization.Metadata;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Tests.PyTorch;

/// <summary>The committed PyTorch files of data/.</summary>
internal static class PyTorchData
{
    private static readonly Lazy<IReadOnlyList<BuildRow>> AllBuilds = new(() => Load("builds", MatrixJson.Default.BuildRow));
    private static readonly Lazy<IReadOnlyList<ArchListRow>> AllArchLists = new(() => Load("arch-lists", MatrixJson.Default.ArchListRow));
    private static readonly Lazy<IReadOnlyList<CompanionRow>> AllCompanions = new(() => Load("companions", MatrixJson.Default.CompanionRow));
    private static readonly Lazy<IReadOnlyList<BuildFileRow>> AllFiles = new(() => Load("build-files", MatrixJson.Default.BuildFileRow));
    private static readonly Lazy<IReadOnlyList<InstallCommandRow>> AllCommands = new(() => Load("install-commands", MatrixJson.Default.InstallCommandRow));
    private static readonly Lazy<IReadOnlyList<RequirementRow>> AllRequirements = new(() => Load("requirements", MatrixJson.Default.RequirementRow));

    public static IReadOnlyList<BuildRow> Builds => AllBuilds.Value;

    public static IReadOnlyList<ArchListRow> ArchLists => AllArchLists.Value;

    public static IReadOnlyList<CompanionRow> Companions => AllCompanions.Value;

    public static IReadOnlyList<BuildFileRow> Files => AllFiles.Value;

    public static IReadOnlyList<InstallCommandRow> Commands => AllCommands.Value;

    public static IReadOnlyList<RequirementRow> Requirements => AllRequirements.Value;

    /// <summary>"torch 2.8.0 cu128 L": L, W, A as in Linux x86_64, Windows x86_64, Linux aarch64; the tag "all" is none.</summary>
    public static BuildRow? Find(string text, Packaging packaging = Packaging.Pip)
    {
        var words = text.Split(' ');
        var (os, arch) = Platform(words[3]);
        CudaTag? tag = words[2] == "all" ? null : CudaTag.Parse(words[2]);
        return Find(words[0], PackageVersion.Parse(words[1]), tag, packaging, os, arch);
    }

    public static BuildRow? Find(string package, PackageVersion version, CudaTag? tag, Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch) =>
        Builds.SingleOrDefault(b => b.Package == package && b.Version == version && b.Tag == tag && b.Packaging == packaging && b.Os == os && b.Arch == arch);

    public static ArchListRow? UsedList(string text, Packaging packaging = Packaging.Pip)
    {
        var words = text.Split(' ');
        var (os, arch) = Platform(words[2]);
        return ArchLists.SingleOrDefault(a => a.Used && a.Torch == PackageVersion.Parse(words[0]) && a.Tag == CudaTag.Parse(words[1]) && a.Packaging == packaging && a.Os == os && a.Arch == arch);
    }

    public static (OperatingSystemFamily Os, CpuArchitecture Arch) Platform(string letter) => letter switch
    {
        "L" => (OperatingSystemFamily.Linux, CpuArchitecture.X64),
        "W" => (OperatingSystemFamily.Windows, CpuArchitecture.X64),
        _ => (OperatingSystemFamily.Linux, CpuArchitecture.Arm64),
    };

    private static List<T> Load<T>(string subject, JsonTypeInfo<T> type)
        where T : class
    {
        var path = Path.Combine(Captures.Repository, "data", subject + ".json");
        return DataFile.Read(subject, File.ReadAllBytes(path), type);
    }
}
