using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Tests.Parsing;

public class ToolkitPagesTests
{
    [Theory]
    [InlineData("[CUDA Toolkit 98.2.2](/cuda-98-2-2-download-archive) (July 2026), [Docs](https://x/)  ", "98.2.2", "2026-07")]
    [InlineData("CUDA Toolkit 98.4.0 Developer Preview (/cuda-98-4-0-download-archive) (July 2026), https://x/", "98.4.0 Developer Preview", "2026-07")]
    [InlineData("CUDA Toolkit 98.1.0 (December 2025), Versioned Online Documentation", "98.1.0", "2025-12")]
    [InlineData("10.0 | Sept 2018", "10.0", "2018-09")]
    [InlineData("10.1 Update 2 | Aug 2019", "10.1 Update 2", "2019-08")]
    [InlineData("2026/01/12 13.1u1", "13.1 Update 1", "2026-01-12")]
    [InlineData("<a href=\"/cuda-75-downloads-archive\">CUDA Toolkit 7.5</a>", "7.5", null)]
    public void ArchivePage_EachForm_IsRead(string line, string label, string? date)
    {
        var entry = ToolkitArchivePage.Parse("archive.md", "Prose.\n" + line + "\n").Should().ContainSingle().Subject;
        entry.Should().Be(new ArchiveEntry(2, label, date));
    }

    [Theory]
    [InlineData("Access Denied\n", "*no release was found*")]
    [InlineData("CUDA Toolkit 98.1.0 (Smarch 2025), Docs\n", "*line 1*'Smarch' is no month*")]
    public void ArchivePage_Bad_NamesFile(string text, string message) =>
        FluentActions.Invoking(() => ToolkitArchivePage.Parse("archive.md", text)).Should().Throw<SourceFormatException>().WithMessage("archive.md" + message);

    [Fact]
    public void Md5Sum_Lines_AreRead()
    {
        var lines = Md5SumFile.Parse("md5sum.txt", "0123456789abcdef0123456789abcdef cuda_98.1.0_linux.run\n");
        lines.Should().Equal(new Md5Line(1, "0123456789abcdef0123456789abcdef", "cuda_98.1.0_linux.run"));
    }

    [Theory]
    [InlineData("0123 cuda.run\n", "*line 1*is not 'md5 name'*")]
    [InlineData("0123456789abcdef0123456789abcdef *cuda.run\n", "*line 1*")]
    [InlineData("0123456789abcdef0123456789abcdef a.run\nfedcba9876543210fedcba9876543210 a.run\n", "*line 2*duplicate key 'a.run'*")]
    [InlineData("", "*no line*")]
    public void Md5Sum_Bad_NamesLine(string text, string message) =>
        FluentActions.Invoking(() => Md5SumFile.Parse("md5sum.txt", text)).Should().Throw<SourceFormatException>().WithMessage("md5sum.txt" + message);

    [Theory]
    [InlineData("cuda_13.4.2_windows_x86_64_network.exe", "Windows X64 exe_network ")]
    [InlineData("cuda_13.4.2_windows_arm64.exe", "Windows Arm64 exe_local ")]
    [InlineData("cuda_12.2.1_535.86.10_linux_sbsa.run", "Linux Arm64 runfile 535.86.10")]
    [InlineData("cuda_10.2.89_441.22_win10.exe", "Windows X64 exe_local 441.22")]
    public void InstallerName_SaysWhatItIs(string name, string expected)
    {
        var read = Merging.Nvidia.InstallerNames.Of(name)!;
        $"{read.Os} {read.Arch} {read.Kind} {read.Driver}".Should().Be(expected);
    }
}
