using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Image;
using CudaCompat.Matrix.Rows;
using FluentAssertions;
using Xunit;

namespace CudaCompat.Tests.Matrix;

/// <summary>The images that the library carries hold what the JSON files say, row for row.</summary>
public sealed class ImageTests
{
    private static readonly string Folder = Path.Combine(SharedCaptures.Repository, "data");

    private static readonly MatrixData Json = MatrixData.Read(name => File.ReadAllBytes(Path.Combine(Folder, name)));

    private static readonly InstallData JsonInstall = InstallData.Load(Folder);

    [Fact]
    public void Images_InTheRepository_AreWhatTheJsonFilesGive()
    {
        const string remedy = "dotnet run --project src/CudaCompat.Data -- images makes them anew";
        File.ReadAllBytes(Path.Combine(Folder, MatrixImage.FileName)).AsSpan().SequenceEqual(MatrixImage.Write(Json)).Should().BeTrue(remedy);
        File.ReadAllBytes(Path.Combine(Folder, InstallImage.FileName)).AsSpan().SequenceEqual(InstallImage.Write(JsonInstall)).Should().BeTrue(remedy);
    }

    [Fact]
    public void Matrix_ReadFromItsImage_HasEveryRowAndField()
    {
        var image = CompatibilityMatrix.Embedded.Data;
        var json = MatrixJson.Default;
        image.DataVersion.Should().Be(Json.DataVersion);
        Same(image.Sources, Json.Sources, json.SourceRow);
        Same(image.Toolkits, Json.Toolkits, json.ToolkitRow);
        Same(image.DriverRequirements, Json.DriverRequirements, json.DriverRequirementRow);
        Same(image.DriverCuda, Json.DriverCuda, json.DriverCudaRow);
        Same(image.Drivers, Json.Drivers, json.DriverReleaseRow);
        Same(image.ForwardCompat, Json.ForwardCompat, json.ForwardCompatRow);
        Same(image.Architectures, Json.Architectures, json.ArchitectureRow);
        Same(image.Cudnn, Json.Cudnn, json.CudnnRow);
        Same(image.CudnnSupport, Json.CudnnSupport, json.CudnnSupportRow);
        Same(image.Gpus, Json.Gpus, json.GpuRow);
        Same(image.PciGpus, Json.PciGpus, json.PciGpuRow);
        Same(image.HostCompilers, Json.HostCompilers, json.HostCompilerRow);
        Same(image.Jetson, Json.Jetson, json.JetsonRow);
        Same(image.Builds, Json.Builds, json.BuildRow);
        Same(image.ArchLists, Json.ArchLists, json.ArchListRow);
        Same(image.Companions, Json.Companions, json.CompanionRow);
        Same(image.TorchReleases, Json.TorchReleases, json.TorchReleaseRow);
    }

    [Fact]
    public void InstallTier_ReadFromItsImage_HasEveryRowAndField()
    {
        var image = CompatibilityMatrix.Embedded.Install;
        var json = MatrixJson.Default;
        Same(image.Installers.All, JsonInstall.Installers.All, json.InstallerRow);
        Same(image.Redist.All, JsonInstall.Redist.All, json.RedistRow);
        Same(image.CudnnFiles.All, JsonInstall.CudnnFiles.All, json.CudnnFileRow);
        Same(image.BuildFiles.All, JsonInstall.BuildFiles.All, json.BuildFileRow);
        Same(image.Wheels.All, JsonInstall.Wheels.All, json.WheelRow);
        Same(image.Requirements.All, JsonInstall.Requirements.All, json.RequirementRow);
        Same(image.WheelParts, JsonInstall.WheelParts, json.WheelPartRow);
        Same(image.WheelLayouts, JsonInstall.WheelLayouts, json.WheelLayoutRow);
        Same(image.Forms, JsonInstall.Forms, json.InstallFormRow);
        Same(image.Places, JsonInstall.Places, json.InstallPlaceRow);
        Same(image.Layouts, JsonInstall.Layouts, json.ToolkitLayoutRow);
        Same(image.RedistParts, JsonInstall.RedistParts, json.RedistPartRow);
        Same(image.InstallerComponents, JsonInstall.InstallerComponents, json.InstallerComponentRow);
        Same(image.PackageNames, JsonInstall.PackageNames, json.PackageNameRow);
        Same(image.Repositories, JsonInstall.Repositories, json.RepositoryRow);
        Same(image.Mirrors, JsonInstall.Mirrors, json.MirrorRow);
        Same(image.StepNotes, JsonInstall.StepNotes, json.StepNoteRow);
        Same(image.Sources, JsonInstall.Sources, json.SourceRow);
    }

    [Fact]
    public void InstallTier_AskedForTheFilesOfEachBuild_FindsWhatASearchOfTheRowsFinds()
    {
        var image = CompatibilityMatrix.Embedded.Install;
        foreach (var build in CompatibilityMatrix.Embedded.Data.Builds)
        {
            var expected = JsonInstall.BuildFiles.All.Where(f => f.Package == build.Package && f.Version == build.Version && f.Tag == build.Tag
                && f.Packaging == build.Packaging && f.Os == build.Os && f.Arch == build.Arch && f.Index == build.Index);
            image.FilesOf(build).Select(f => f.Url).Should().Equal(expected.Select(f => f.Url), "{0} {1} {2}", build.Package, build.Version, build.Tag);
        }
    }

    [Fact]
    public void Builds_OfEachPlatform_AreThoseOfTheRowsNewestFirst()
    {
        foreach (var platform in Json.Builds.Where(b => b.Package == "torch" && b.Tag is not null).GroupBy(b => (b.Packaging, b.Os, b.Arch)))
        {
            var (packaging, os, arch) = platform.Key;
            var builds = CompatibilityMatrix.Embedded.Builds.For(packaging, os, arch);
            var expected = platform.OrderByDescending(b => b.Version).ThenByDescending(b => b.Tag);
            builds.Select(b => b.ToString()).Should().Equal(expected.Select(b => $"torch {b.Version}+{b.Tag}"));
            for (var i = 0; i < CompatibilityMatrix.Embedded.Architectures.Rows.Count; i++)
                builds.PlacesServing(i).Should().Equal(Enumerable.Range(0, builds.Count).Where(place => (builds[place].NativeMask >> i & 1) != 0));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Image_OfAnotherMagicOrLayout_IsRefusedByName(int place)
    {
        var bytes = MatrixImage.Write(Json);
        bytes[place] ^= 0x40;
        var open = () => DataImage.Of("matrix.bin", bytes);
        open.Should().Throw<DataFormatException>().WithMessage("matrix.bin: *");
    }

    private static void Same<T>(IReadOnlyList<T> image, IReadOnlyList<T> json, JsonTypeInfo<T> type)
    {
        image.Count.Should().Be(json.Count, typeof(T).Name);
        for (var i = 0; i < json.Count; i++)
        {
            // The text of a row has every field of it.
            if (JsonSerializer.Serialize(image[i], type) is var text && text != JsonSerializer.Serialize(json[i], type))
                text.Should().Be(JsonSerializer.Serialize(json[i], type), "row {0} of {1}", i + 1, typeof(T).Name);
        }
    }
}
