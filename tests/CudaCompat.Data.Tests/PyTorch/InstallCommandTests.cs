using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Tests.PyTorch;

/// <summary>Every CUDA command of the Previous Versions page must be true of the data, or be one of the page's known slips.</summary>
public class InstallCommandTests
{
    private const int CudaCommands = 194;

    private static readonly string[] Exceptions =
    [
        "conda 1.8.1 cu113: no build of torch",
        "conda 1.9.0 cu113: no build of torch",
        "conda 1.9.1 cu113: no build of torch",
        "pip 1.7.0 cu101: torchvision 0.8.0 has no label",
        "pip 1.7.0 cu110: torchvision 0.8.0 has no label",
        "pip 1.7.0 cu92: torchvision 0.8.0 has no label",
        "pip 1.9.1 cu102: torchaudio 0.9.0 is no companion",
    ];

    [Fact]
    public void CudaCommands_OfThePage_AreTrueOfTheData_SaveTheKnownSlips()
    {
        var commands = PyTorchData.Commands.Where(c => c.Heading.StartsWith("CUDA", StringComparison.Ordinal)).ToList();
        commands.Should().HaveCount(CudaCommands);
        commands.Select(Problem).Where(p => p is not null).Distinct().Should().BeEquivalentTo(Exceptions);
    }

    private static string? Problem(InstallCommandRow command)
    {
        var text = InstallCommandText.Parse(command.Command)!;
        var tag = command.Tag!.Value;
        var name = $"{(command.Packaging == Packaging.Pip ? "pip" : "conda")} {command.Torch} {tag}";
        // Some releases have no such build on one of the two systems (CUDA 10.2 on Windows): the page's "Linux and Windows" is taken as Linux.
        var torch = PyTorchData.Find("torch", command.Torch, tag, command.Packaging, OperatingSystemFamily.Linux, CpuArchitecture.X64);
        if (torch is null)
            return name + ": no build of torch";
        if (command.Packaging == Packaging.Conda)
            torch.Requires.Should().Be(text.Requires, command.Command);
        else if (text.Directory is { } directory && command.Torch >= PackageVersion.Parse("1.11.0"))
            torch.Index.Should().Be(directory, command.Command);
        else if (text.IndexUrl is null)
            torch.Default.Should().BeTrue(command.Command);
        foreach (var (package, pinned) in text.Packages.Where(p => p.Key != "torch"))
        {
            var version = pinned!.Value.WithoutLabel;
            var companion = PyTorchData.Companions.Where(c => c.Torch == command.Torch && c.Package == package && c.Version == version && (c.Packaging is null || c.Packaging == command.Packaging)).ToList();
            if (companion.Count == 0)
                return $"{name}: {package} {version} is no companion";
            var build = PyTorchData.Find(package, version, tag, command.Packaging, OperatingSystemFamily.Linux, CpuArchitecture.X64)
                ?? PyTorchData.Find(package, version, null, command.Packaging, OperatingSystemFamily.Linux, CpuArchitecture.X64);
            if (build is null)
                return $"{name}: no build of {package} {version}";
            if (pinned.Value.Label is not null && !build.Label)
                return $"{name}: {package} {version} has no label";
            companion.Should().ContainSingle(c => c.Preferred || c.PreferredTags != null && c.PreferredTags.Contains(tag), command.Command);
            torch.Pythons.Intersect(build.Pythons).Should().NotBeEmpty(command.Command);
        }

        return null;
    }

    [Theory]
    [InlineData("1.7.1 cu110", "cudatoolkit=11.0", "3.8", KnownBy.Stated)]
    [InlineData("2.5.1 cu124", "pytorch-cuda=12.4", "3.12", KnownBy.Stated)]
    [InlineData("1.0.0 cu100", "cuda100", "3.7", KnownBy.Stated)]
    [InlineData("1.8.1 cu111", "cudatoolkit=11.1", "3.8", KnownBy.Inferred)]
    [InlineData("2.3.1 cu121", "pytorch-cuda=12.1", "3.11", KnownBy.Listed)]
    public void CondaOnWindows_IsStatedOrInferred(string build, string requires, string python, KnownBy known)
    {
        var row = PyTorchData.Find($"torch {build} W", Packaging.Conda)!;
        (row.Requires, row.Known).Should().Be((requires, known));
        row.Pythons.Should().Contain(PythonVersion.Parse(python));
    }

    [Theory]
    [InlineData("torch 1.12.1 cu102 W", "the selector says that it is no longer available")]
    [InlineData("torch 1.8.1 cu113 W", "only the page says so, and the channel has none")]
    [InlineData("torch 2.6.0 cu126 L", "the channel ended at 2.5.1")]
    public void CondaBuild_ThatNoneHas_IsNotThere(string build, string why) => PyTorchData.Find(build, Packaging.Conda).Should().BeNull(why);

    [Theory]
    [InlineData("1.7.0", "torchvision", Packaging.Pip, "0.8.1")]
    [InlineData("1.7.0", "torchvision", Packaging.Conda, "0.8.0")]
    [InlineData("1.10.0", "torchvision", Packaging.Pip, "0.11.0")]
    [InlineData("1.9.1", "torchaudio", Packaging.Pip, "0.9.1")]
    [InlineData("2.0.0", "torchvision", Packaging.Pip, "0.15.1")]
    [InlineData("2.0.0", "torchvision", Packaging.Conda, "0.15.0")]
    [InlineData("2.0.0", "torchaudio", Packaging.Pip, "2.0.1")]
    [InlineData("2.0.0", "torchaudio", Packaging.Conda, "2.0.0")]
    [InlineData("2.13.0", "torchvision", Packaging.Pip, "0.28.0")]
    [InlineData("2.13.0", "torchaudio", Packaging.Pip, "2.11.0")]
    [InlineData("2.14.1", "torchvision", Packaging.Pip, "0.29.1")]
    [InlineData("2.14.1", "torchaudio", Packaging.Pip, "2.11.0")]
    public void PreferredCompanion_IsTheCommandsWhereBuildsHoldIt(string torch, string package, Packaging packaging, string expected) =>
        PyTorchData.Companions.Should().ContainSingle(c => c.Torch == PackageVersion.Parse(torch) && c.Package == package && c.Preferred && (c.Packaging == null || c.Packaging == packaging))
            .Which.Version.Should().Be(PackageVersion.Parse(expected));

    [Fact]
    public void PreferredCompanion_IsOneATorchPackageAndPackaging()
    {
        foreach (var packaging in Enum.GetValues<Packaging>())
        {
            PyTorchData.Companions.Where(c => c.Preferred && (c.Packaging is null || c.Packaging == packaging)).Select(c => (c.Torch, c.Package)).Should().OnlyHaveUniqueItems();
        }
    }

    [Theory]
    [InlineData("cu126", "L")]
    [InlineData("cu126", "A")]
    [InlineData("cu126", "W")]
    [InlineData("cu130", "L")]
    [InlineData("cu130", "A")]
    [InlineData("cu130", "W")]
    public void NewestTorch_HasItsCompanionsForPython312(string tag, string platform)
    {
        foreach (var build in new[] { "torch 2.14.1", "torchvision 0.29.1", "torchaudio 2.11.0" })
            PyTorchData.Find($"{build} {tag} {platform}")!.Pythons.Should().Contain(new PythonVersion(3, 12), build);
    }

    [Theory]
    [InlineData("torch 2.13.0 cu129 L")]
    [InlineData("torchvision 0.28.0 cu129 L")]
    [InlineData("torchaudio 2.11.0 cu129 L")]
    public void Cu129_UnannouncedOnLinux_IsThere(string build) => PyTorchData.Find(build)!.Pythons.Should().Contain(new PythonVersion(3, 12));
}
