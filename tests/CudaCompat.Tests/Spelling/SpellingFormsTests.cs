using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Tests.Spelling;

/// <summary>The forms of data/curated/spellings.json are what their examples say.</summary>
public sealed class SpellingFormsTests
{
    private static readonly Dictionary<string, FieldSpelling> Fields = new(StringComparer.Ordinal)
    {
        ["toolkit"] = FieldSpelling.Toolkit,
        ["cudaTag"] = FieldSpelling.CudaTag,
        ["maxCuda"] = FieldSpelling.MaxCuda,
        ["cudnn"] = FieldSpelling.Cudnn,
        ["computeCapability"] = FieldSpelling.ComputeCapability,
        ["package"] = FieldSpelling.Torch,
        ["driver"] = FieldSpelling.Driver,
        ["python"] = FieldSpelling.Python,
        ["gcc"] = FieldSpelling.Gcc,
        ["clang"] = FieldSpelling.Clang,
        ["glibc"] = FieldSpelling.Glibc,
        ["msvc"] = FieldSpelling.Msvc,
        ["os"] = FieldSpelling.OperatingSystem,
        ["arch"] = FieldSpelling.Architecture,
        ["packaging"] = FieldSpelling.Packaging,
        ["component"] = FieldSpelling.Component,
    };

    public static TheoryData<string, string, string?, bool> Examples()
    {
        var data = new TheoryData<string, string, string?, bool>();
        foreach (var form in SpellingForms.All.Where(f => f.Field is not ("*" or "request") && !f.Field.StartsWith("gpu", StringComparison.Ordinal)))
        {
            foreach (var (text, value) in form.Examples)
                data.Add(form.Field, text, value, form.Refuse is not null);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_IsRead(string field, string text, string? value, bool isRefused)
    {
        if (isRefused)
            FluentActions.Invoking(() => Fields[field].Read(text)).Should().Throw<VersionFormatException>().Which.Message.Should().NotContain("${");
        else
            Fields[field].Read(text).Should().Be(value);
    }

    [Fact]
    public void EveryForm_HasAnExampleThatItDecidesItself()
    {
        foreach (var form in SpellingForms.All.Where(f => f.Field != "*"))
        {
            form.Examples.Should().NotBeEmpty(form.Pattern);
            foreach (var text in form.Examples.Keys)
                form.Match(text.Trim('\'', '"')).Success.Should().BeTrue($"{form.Pattern} is the form of {text}");
        }
    }

    [Theory]
    [InlineData("driver", "535.104.05")]
    [InlineData("driver", "535")]
    [InlineData("python", "3.11.4")]
    [InlineData("python", "3.13t")]
    [InlineData("package", "2.8.0")]
    [InlineData("package", "2.8.0a0+5228986c39.nv25.05")]
    [InlineData("cudnn", "9.10.2")]
    [InlineData("toolkit", "12.8.1")]
    [InlineData("cudaTag", "cu128")]
    [InlineData("maxCuda", "12.4")]
    [InlineData("msvc", "19.38")]
    [InlineData("gcc", "11.4")]
    [InlineData("os", "linux")]
    public void ContractsOwnForm_IsNotCommentedOn(string field, string text)
    {
        using var notes = ReadingNotes.Begin();
        Fields[field].Read(text, notes).Should().Be(text);
        notes.Notes.Should().BeEmpty();
    }

    [Theory]
    [InlineData("driver", "575 (assumed)", "575")]
    [InlineData("maxCuda", "12.2 (his 'CUDA 12.2.79' is the driver's)", "12.2")]
    [InlineData("toolkit", "V12.4.131 (from nvcc)", "12.4.131")]
    [InlineData("glibc", "2.35, system", "2.35")]
    [InlineData("driver", "unknown", null)]
    [InlineData("cudnn", "Could not collect", null)]
    [InlineData("glibc", "N/A", null)]
    public void Remark_IsPassedOver(string field, string text, string? value)
    {
        using var notes = ReadingNotes.Begin();
        Fields[field].Read(text, notes).Should().Be(value);
        notes.Notes.Should().ContainSingle();
    }

    [Theory]
    [InlineData("driver", "banana")]
    [InlineData("driver", "")]
    [InlineData("driver", "535..2")]
    [InlineData("driver", "5.3.5.1.2")]
    [InlineData("python", "3")]
    [InlineData("python", "snake 3.11")]
    [InlineData("python", "4")]
    [InlineData("python", "11.3")]
    [InlineData("cudnn", "nine")]
    [InlineData("cudnn", "890")]
    [InlineData("cudnn", "1234567")]
    [InlineData("cudnn", "(9, 1)")]
    [InlineData("cudnn", "(a, b, c)")]
    [InlineData("computeCapability", "8")]
    [InlineData("computeCapability", "sm_8")]
    [InlineData("computeCapability", "sm_86b")]
    [InlineData("computeCapability", "ampere")]
    [InlineData("computeCapability", "1234")]
    [InlineData("toolkit", "CUDA")]
    [InlineData("toolkit", "twelve")]
    [InlineData("cudaTag", "cu")]
    [InlineData("cudaTag", "cu1234")]
    [InlineData("cudaTag", "gpu")]
    [InlineData("maxCuda", "124")]
    [InlineData("maxCuda", "11061")]
    [InlineData("maxCuda", "999999")]
    [InlineData("package", "two point eight")]
    [InlineData("package", "torch")]
    [InlineData("package", "2.8.0+")]
    [InlineData("package", "tensorflow==2.8.0")]
    [InlineData("gcc", "clang-14")]
    [InlineData("gcc", "gcc")]
    [InlineData("gcc", "gcc-x")]
    [InlineData("clang", "gcc-12")]
    [InlineData("glibc", "3.1x")]
    [InlineData("msvc", "cl")]
    [InlineData("msvc", "193")]
    [InlineData("os", "dos")]
    [InlineData("os", "winamp")]
    [InlineData("os", "")]
    [InlineData("arch", "riscv64")]
    [InlineData("arch", "ppc64le")]
    [InlineData("packaging", "apt")]
    [InlineData("packaging", "npm")]
    public void OtherText_IsRefused_WithWhatIsAccepted(string field, string text) =>
        FluentActions.Invoking(() => Fields[field].Read(text)).Should().Throw<VersionFormatException>().Which.Message.Should().Contain("is not");

    [Fact]
    public void AnyText_IsReadOrRefused_InTime()
    {
        var random = new Random(20261127);
        const string Signs = "0123456789.,+-_=<>~^ ()[]|:;vVcCuUdDaApyPytorchTOCHsmgGlibncx*\t\"'üé漢";
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => Signs[random.Next(Signs.Length)]));
            foreach (var field in Fields.Values)
                field.TryRead(text, out _);
        }

        foreach (var field in Fields.Values)
        {
            foreach (var sign in "9.( -v|")
                field.TryRead(new string(sign, 256), out _).Should().BeFalse();
        }

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(2));
    }
}
