using CudaCompat.Data.Parsing;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Tests;

public class TsvTableTests
{
    [Fact]
    public void Table_WellFormed_GivesEveryLine() =>
        TsvTable.Parse("a.tsv", "driver\tcuda\n450.80.02\t11.0\n# a remark\n470.57.02\t\n", ["driver", "cuda"]).Select(r => $"{r.Line}: {string.Join('|', r.Cells)}")
            .Should().Equal("2: 450.80.02|11.0", "4: 470.57.02|");

    [Theory]
    [InlineData("driver\tversion\n1\t2\n", "*line 1*columns are not driver, cuda*")]
    [InlineData("driver\tcuda\n1\n", "*line 2*1 columns, expected 2*")]
    [InlineData("driver\tcuda\n1\t2", "*end*the file is cut*")]
    [InlineData("", "*end*the file is cut*")]
    public void Table_BadShape_NamesFileAndPlace(string text, string message)
    {
        var read = () => TsvTable.Parse("nvidia/a.tsv", text, ["driver", "cuda"]).ToList();
        read.Should().Throw<SourceFormatException>().WithMessage("nvidia/a.tsv" + message);
    }
}
