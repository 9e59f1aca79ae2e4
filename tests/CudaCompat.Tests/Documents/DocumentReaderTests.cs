using CudaCompat.Documents;

namespace CudaCompat.Tests.Documents;

/// <summary>What is wrong with a document is told by its JSON path, in the words of JSON and not of .NET.</summary>
public sealed class DocumentReaderTests
{
    [Theory]
    [InlineData("[]", "$", "an object {...} is expected here.")]
    [InlineData("""{ "driver": "570.26" }""", "$", "missing: os.")]
    [InlineData("""{ "os": "linux", "drivr": "570.26" }""", "$.drivr", "unknown field 'drivr'.")]
    [InlineData("""{ "os": "beos" }""", "$.os", "'beos' is not one of linux, windows, wsl, macos.")]
    [InlineData("""{ "os": "linux", "os": "windows" }""", "$.os", "the field 'os' is given twice.")]
    [InlineData("""{ "os": "linux", "driver": "banana" }""", "$.driver", "'banana' is not a driver version such as 550.54.15.")]
    [InlineData("""{ "os": "linux", "driver": 570.26 }""", "$.driver", "expected a string, found Number.")]
    [InlineData("""{ "os": "linux", "tegra": "no" }""", "$.tegra", "true or false is expected here.")]
    [InlineData("""{ "os": "linux", "id": 7 }""", "$.id", "a string is expected here.")]
    [InlineData("""{ "os": "linux", "gpus": { "name": "A100" } }""", "$.gpus", "a list [...] is expected here.")]
    [InlineData("""{ "os": "linux", "installed": [] }""", "$.installed", "an object {...} is expected here.")]
    [InlineData("""{ "os": "linux", "installed": { "torch": "2.1.0", "tensorflow": "2.0" } }""", "$.installed.tensorflow", "unknown field 'tensorflow'.")]
    public void Machine_ThatIsNone_IsRefusedByItsPath(string json, string path, string message)
    {
        var error = FluentActions.Invoking(() => DocumentReader.Machine(json)).Should().Throw<BadInputException>().Which;
        (error.Path, error.Message).Should().Be((path, message));
    }

    [Theory]
    [InlineData("{ \"os\": \"linux\"")]
    [InlineData("")]
    [InlineData("null")]
    public void Machine_ThatIsNoJson_IsRefused(string json)
    {
        var error = FluentActions.Invoking(() => DocumentReader.Machine(json)).Should().Throw<BadInputException>().Which;
        error.Path.Should().Be("$");
        error.Message.Should().NotContain("isFinalBlock", "that is a word of .NET");
    }
}
