using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Tests.Parsing;

public class ToolkitPagesTests
{
    [Theory]
    [InlineData("[CUDA Toolkit 98.2.2](/cuda-98-2-2-download-archive) (July 2026), [Docs](https://x/)  ", "98.2.2", "2026-07")]
    [InlineData("[CUDA Toolkit 98.4.0 Developer Preview](/cuda-98-4-0-download-archive) (July 2026), https://x/", "98.4.0 Developer Preview", "2026-07")]
    [InlineData("CUDA Toolkit 98.1.0 (December 2025), Versioned Online Documentation", "98.1.0", "2025-12")]
    [InlineData("CUDA Toolkit 98.1 (Sept 2025)", "98.1", "2025-09")]
    [InlineData("CUDA Toolkit 98.1 Update 1 (Dec. 2025)", "98.1 Update 1", "2025-12")]
    [InlineData("CUDA Toolkit 98.1.0 RC (December 2025)", "98.1.0 RC", "2025-12")]
    [InlineData("CUDA Toolkit 98.1.0 (December 3, 2025), Docs", "98.1.0", "2025-12-03")]
    [InlineData("- **[CUDA Toolkit 98.1.0](/x)** (December 2025)", "98.1.0", "2025-12")]
    public void ArchivePage_EachForm_IsRead(string line, string label, string? date) =>
        ToolkitArchivePage.Parse("Prose.\n" + line + "\n", isMarkdown: true, l => throw new InvalidOperationException(l)).Should().Equal(new ArchiveEntry(label, date!));

    [Theory]
    [InlineData("CUDA Toolkit 98.1.0 (Smarch 2025), Docs")]
    [InlineData("CUDA Toolkit 98.1.0 Hotfix (December 2025)")]
    [InlineData("CUDA Toolkit 98.1.0, December 2025")]
    public void ArchivePage_LineThatNamesAReleaseAndCannotBeRead_IsTold(string line)
    {
        var unread = new List<string>();
        ToolkitArchivePage.Parse("CUDA Toolkit 12 is a platform.\n" + line + "\n", isMarkdown: true, unread.Add).Should().BeEmpty();
        unread.Should().Equal(line);
    }

    [Fact]
    public void Md5Sum_Lines_AreReadAndOthersCounted()
    {
        var work = TestWork.Make();
        Md5SumFile.Parse(TestWork.File("md5sum.txt", "0123456789ABCDEF0123456789abcdef cuda_98.1.0_linux.run\n0123 cuda.run\n0123456789abcdef0123456789abcdef *cuda.run\n"), work)
            .Should().Equal(new Md5Line("0123456789abcdef0123456789abcdef", "cuda_98.1.0_linux.run"));
        work.Left.Should().Equal(new Dictionary<string, int> { ["not 'md5 name'"] = 2 });
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef a.run\nfedcba9876543210fedcba9876543210 a.run\n", "*a.run: two checksums*")]
    [InlineData("0123456789abcdef0123456789abcdef a.ru", "*cut*")]
    public void Md5Sum_Bad_IsRefused(string text, string message) =>
        FluentActions.Invoking(() => Md5SumFile.Parse(TestWork.File("md5sum.txt", text), TestWork.Make())).Should().Throw<SourceFormatException>().WithMessage("md5sum.txt" + message);

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
