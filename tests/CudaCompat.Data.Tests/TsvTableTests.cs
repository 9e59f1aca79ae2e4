using CudaCompat.Data.Parsing;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Tests;

public class TsvTableTests
{
    [Fact]
    public void Table_WellFormed_GivesEveryLine()
    {
        using var folder = new TemporaryFolder();
        folder.Write("nvidia/a.tsv", "driver\tcuda\n450.80.02\t11.0\n470.57.02\t\n");
        var table = new SourceFolder(folder.Path, null).Table("nvidia/a.tsv", "driver", "driver", "cuda");
        table.Should().HaveCount(2);
        table[0]["cuda"].Should().Be("11.0");
        table[1].Text("cuda").Should().BeNull();
        table[1].Place.Should().Be("line 3");
    }

    [Theory]
    [InlineData("driver\tversion\n1\t2\n", "*line 1*columns are not driver, cuda*")]
    [InlineData("driver\tcuda\n1\n", "*line 2*1 columns, expected 2*")]
    [InlineData("driver\tcuda\n1\t2\n1\t3\n", "*line 3*duplicate key '1', first in line 2*")]
    [InlineData("driver\tcuda\n1\t2", "*end*the file is cut*")]
    [InlineData("", "*end*the file is cut*")]
    public void Table_BadShape_NamesFileAndPlace(string text, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write("nvidia/a.tsv", text);
        var read = () => new SourceFolder(folder.Path, null).Table("nvidia/a.tsv", "driver", "driver", "cuda");
        read.Should().Throw<SourceFormatException>().WithMessage("nvidia/a.tsv" + message);
    }

    [Fact]
    public void Cell_NotAVersion_NamesColumnAndLine()
    {
        using var folder = new TemporaryFolder();
        folder.Write("nvidia/a.tsv", "driver\tcuda\nnew\t2\n");
        var table = new SourceFolder(folder.Path, null).Table("nvidia/a.tsv", "driver", "driver", "cuda");
        var read = () => table[0].Required<CudaCompat.Versions.DriverVersion>("driver");
        read.Should().Throw<SourceFormatException>().WithMessage("nvidia/a.tsv, line 2: column driver: 'new' is not a DriverVersion.");
    }

    [Fact]
    public void Text_NotUtf8_NamesTheByte()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("nvidia/a.tsv", "");
        File.WriteAllBytes(path, [0x61, 0xFF]);
        var read = () => new SourceFolder(folder.Path, null).Open("nvidia/a.tsv", "none", "page").Text;
        read.Should().Throw<SourceFormatException>().WithMessage("nvidia/a.tsv, byte 1: not UTF-8.");
    }
}
