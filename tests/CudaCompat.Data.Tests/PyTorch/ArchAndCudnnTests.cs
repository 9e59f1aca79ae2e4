using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Tests.PyTorch;

public class ArchAndCudnnTests
{
    [Theory]
    [InlineData("2.6.0 cu124 W", "5.0 6.0 6.1 7.0 7.5 8.0 8.6 9.0")]
    [InlineData("2.6.0 cu126 W", "5.0 6.0 6.1 7.0 7.5 8.0 8.6 9.0")]
    [InlineData("2.7.0 cu126 W", "5.0 6.0 6.1 7.0 7.5 8.0 8.6 9.0")]
    [InlineData("2.7.0 cu128 W", "5.0 6.0 6.1 7.0 7.5 8.0 8.6 9.0 10.0 12.0")]
    [InlineData("2.7.1 cu128 W", "5.0 6.0 6.1 7.0 7.5 8.0 8.6 9.0 10.0 12.0")]
    [InlineData("2.7.1 cu128 L", "7.5 8.0 8.6 9.0 10.0 12.0")]
    [InlineData("2.8.0 cu126 W", "6.1 7.0 7.5 8.0 8.6 9.0")]
    [InlineData("2.8.0 cu128 W", "6.1 7.0 7.5 8.0 8.6 9.0 10.0 12.0")]
    [InlineData("2.8.0 cu129 A", "8.0 9.0 10.0 12.0")]
    [InlineData("2.14.1 cu126 L", "5.0 6.0 7.0 7.5 8.0 8.6 9.0")]
    [InlineData("2.14.1 cu126 A", "8.0 9.0")]
    [InlineData("2.13.0 cu129 L", "7.5 8.0 8.6 9.0 10.0 12.0")]
    [InlineData("1.8.0 cu111 L", "3.7 5.0 6.0 7.0 7.5 8.0 8.6")]
    [InlineData("1.3.1 cu101 L", "3.7 5.0 6.0 6.1 7.0 7.5")]
    [InlineData("2.3.1 cu118 L", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0")]
    public void NativeCode_IsTheStrongestSource(string build, string expected) =>
        string.Join(' ', PyTorchData.UsedList(build)!.Native).Should().Be(expected);

    [Theory]
    [InlineData("2.11.0 cu130 L")]
    [InlineData("2.13.0 cu130 L")]
    [InlineData("2.14.0 cu130 L")]
    [InlineData("2.14.1 cu132 L")]
    public void Ptx_OfNewestReleases_IsNone(string build)
    {
        PyTorchData.UsedList(build)!.Ptx.Should().BeEmpty();
        PyTorchData.UsedList(build)!.PtxConflict.Should().BeFalse();
    }

    [Theory]
    [InlineData("1.3.1 cu100 L", "3.7")]
    [InlineData("1.7.1 cu110 L", "3.7")]
    public void CondaBuilds_HaveTheirOwnLists(string build, string ptx)
    {
        var list = PyTorchData.UsedList(build, Packaging.Conda)!;
        list.How.Should().Be("measured");
        list.Native.Should().Contain(ComputeCapability.Parse("6.1")).And.NotContain(ComputeCapability.Parse("3.5"));
        string.Join(' ', list.Ptx).Should().Be(ptx, "the binaries' list tells nothing of PTX, the script does");
        list.Note.Should().Contain("static libraries");
    }

    [Fact]
    public void StaticLibraries_FromOnePointThreePointOneOn_AreInNoUsedMeasuredList()
    {
        ComputeCapability[] foreign = [new(2, 0), new(3, 0), new(3, 5), new(5, 2), new(5, 3)];
        PyTorchData.ArchLists.Where(a => a.Used && a.How == "measured" && a.Torch >= PackageVersion.Parse("1.3.1")).SelectMany(a => a.Native).Should().NotIntersectWith(foreign);
    }

    [Fact]
    public void ArchLists_OneUsedRowABuild_AndEveryUsedRowHasABuild()
    {
        var used = PyTorchData.ArchLists.Where(a => a.Used).ToList();
        used.Select(a => (a.Torch, a.Tag, a.Packaging, a.Os, a.Arch)).Should().OnlyHaveUniqueItems();
        foreach (var list in used)
            PyTorchData.Find("torch", list.Torch, list.Tag, list.Packaging, list.Os, list.Arch).Should().NotBeNull($"{list.Torch}+{list.Tag} {list.Packaging} {list.Os} {list.Arch}");
    }

    [Fact]
    public void WrongRow_IsKeptAndNotUsed()
    {
        var wrong = PyTorchData.ArchLists.Where(a => a.Torch == PackageVersion.Parse("2.7.1") && a.Tag == CudaTag.Parse("cu128") && a.Os == Machines.OperatingSystemFamily.Windows
            && !a.Used && a.Packaging == Packaging.Pip).ToList();
        wrong.Should().ContainSingle(a => a.Note != null && a.Note.Contains("contradicted")).Which.Native[0].Should().Be(ComputeCapability.Parse("7.5"));
    }

    [Fact]
    public void InheritedLists_SayFromWhere() =>
        PyTorchData.ArchLists.Where(a => a.How == "inferred").Should().NotBeEmpty().And.OnlyContain(a => a.Note!.StartsWith("as ", StringComparison.Ordinal) && a.Used);

    [Fact]
    public void AarchList_OfTwoSixZero_IsUnknown() => PyTorchData.UsedList("2.6.0 cu126 A").Should().BeNull("no source has it and no sibling is of its minor");

    [Theory]
    [InlineData("torch 1.12.1 cu113 L", "8.3.2.44")]
    [InlineData("torch 1.13.1 cu117 L", "8.5.0.96")]
    [InlineData("torch 2.0.1 cu118 L", "8.7.0.84")]
    [InlineData("torch 2.1.1 cu118 L", "8.7.0.84")]
    [InlineData("torch 2.3.1 cu118 L", "8.7.0.84")]
    [InlineData("torch 2.3.1 cu121 L", "8.9.2.26")]
    [InlineData("torch 2.4.0 cu118 L", "9.1.0.70")]
    [InlineData("torch 2.7.1 cu118 L", "9.1.0.70")]
    [InlineData("torch 2.6.0 cu126 L", "9.5.1.17")]
    [InlineData("torch 2.7.1 cu128 W", "9.7.1.26")]
    [InlineData("torch 2.9.1 cu130 L", "9.13.0.50")]
    [InlineData("torch 2.10.0 cu130 L", "9.15.1.9")]
    [InlineData("torch 2.11.0 cu129 L", "9.17.1.4")]
    [InlineData("torch 2.11.0 cu130 L", "9.19.0.56")]
    [InlineData("torch 2.11.0 cu128 L", "9.19.0.56")]
    [InlineData("torch 2.13.0 cu129 L", "9.20.0.48")]
    [InlineData("torch 2.14.1 cu126 L", "9.10.2.21")]
    [InlineData("torch 2.14.1 cu130 L", "9.24.0.43")]
    [InlineData("torch 1.7.1 cu110 L", null)]
    public void Cudnn_OfWheels_IsWhatTheWheelPins(string build, string? cudnn) =>
        PyTorchData.Find(build)!.Cudnn?.ToString().Should().Be(cudnn);

    [Fact]
    public void Cudnn_OfConda_IsInTheBuildString() =>
        PyTorchData.Find("torch 1.7.1 cu110 L", Packaging.Conda)!.Cudnn.ToString().Should().Be("8.0.5");

    [Fact]
    public void Pins_OfAnotherCudaMajor_AreNotUsed() =>
        PyTorchData.Requirements.Where(r => r.Torch == PackageVersion.Parse("2.1.1") && r.Tag == CudaTag.Parse("cu118") && r.Requirement.EndsWith("-cu12", StringComparison.Ordinal))
            .Should().NotBeEmpty().And.OnlyContain(r => !r.Used);
}
