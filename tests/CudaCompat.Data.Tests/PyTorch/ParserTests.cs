using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Tests.PyTorch;

public class ParserTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public void IndexPage_LinksOfEveryKind_AreRead()
    {
        var links = Links(Page(
            $"<a href=\"https://download.pytorch.org/whl/cu128/torch-2.8.0%2Bcu128-cp312-cp312-win_amd64.whl#sha256={Hash.ToUpperInvariant()}\" data-core-metadata=\"sha256=ff\">torch-2.8.0+cu128-cp312-cp312-win_amd64.whl</a><br/>",
            "<A HREF=\"/whl/torch-2.0.1-cp38-cp38-manylinux2014_aarch64.whl\" data-yanked=\"broken\">torch-2.0.1-cp38-cp38-manylinux2014_aarch64.whl</A><br/>",
            $"<a href=\"../cu126/torch-2.8.0-cp312-cp312-win_amd64.whl#sha512={Hash}{Hash}\">torch-2.8.0-cp312-cp312-win_amd64.whl</a><br/>"), out var left);
        links.Select(l => $"{l.Url.AbsolutePath} {l.Sha256} {l.IsYanked}").Should().Equal($"/whl/cu128/torch-2.8.0%2Bcu128-cp312-cp312-win_amd64.whl {Hash} False",
            "/whl/torch-2.0.1-cp38-cp38-manylinux2014_aarch64.whl  True", "/whl/cu126/torch-2.8.0-cp312-cp312-win_amd64.whl  False");
        left.Should().BeEmpty();
    }

    [Fact]
    public void IndexPage_InJson_IsTheSamePage()
    {
        var links = Links($$"""{"meta": {"api-version": "1.4"}, "name": "torch", "files": [{"filename": "a.whl", "url": "../cu126/a.whl", "hashes": {"sha256": "{{Hash}}"} }, {"filename": "b.whl", "url": "https://x/b.whl", "hashes": {"sha512": "aa"}, "yanked": "why"}, {"filename": "c.whl"}]}""", out var left);
        links.Should().Equal(new SimpleLink("a.whl", new Uri("https://example.org/whl/cu126/a.whl"), Hash, false), new SimpleLink("b.whl", new Uri("https://x/b.whl"), null, true));
        left.Should().ContainSingle();
    }

    [Theory]
    [InlineData("<html><body><h1>Access Denied</h1></body></html>")]
    [InlineData("<html><body><h1>Links for torch</h1><a href=\"/whl/cu128/torch-2.8.0-cp312-cp312-win_amd64.whl\">torch-2.8.0-cp312-cp312-win_amd64.whl</a>")]
    [InlineData("<html><body><h1>Links for torch</h1></body></html>")]
    [InlineData("<html><body><h1>Links for torch</h1><a href=\"/whl/cu128/a.whl\">b.whl</a></body></html>")]
    [InlineData("{\"files\": []}")]
    public void IndexPage_ThatChangedShape_IsAnErrorThatNamesTheFile(string html)
    {
        var parse = () => Links(html, out _);
        parse.Should().Throw<SourceFormatException>().Which.File.Should().Be("cu128/torch.html");
    }

    [Theory]
    [InlineData("torch-2.16.0-cp310-abi3-win_amd64.whl", "3.9 3.10 3.11 3.13t 3.15 3.15t", "3.10 3.11 3.15")]
    [InlineData("torch-2.16.0-cp315-abi3.abi3t-win_amd64.whl", "3.14 3.14t 3.15 3.15t 3.16t", "3.15 3.15t 3.16t")]
    [InlineData("torch-2.16.0-cp315-abi3t-win_amd64.whl", "3.15 3.15t", "3.15t")]
    [InlineData("torchvision-0.29.2-py3-none-win_amd64.whl", "2.7 3.10 3.15t", "3.10 3.15t")]
    [InlineData("torch-2.16.0-cp313-cp313t-win_amd64.whl", "3.13 3.13t", "3.13t")]
    public void WheelName_ServesTheseOfThosePythons(string file, string asked, string served)
    {
        WheelName.TryParse(file, out var name).Should().BeTrue();
        string.Join(' ', asked.Split(' ').Where(p => name!.Serves(PythonVersion.Parse(p)))).Should().Be(served);
        if (served.Contains(' ', StringComparison.Ordinal))
            name!.Python.Should().BeNull("it serves several");
    }

    [Fact]
    public void WheelName_OfAVariant_IsNoneAndIsTold()
    {
        const string file = "torch-2.9.0-cp313-cp313-manylinux_2_28_x86_64-cu130.whl";
        WheelName.TryParse(file, out _).Should().BeFalse();
        WheelName.IsVariant(file).Should().BeTrue();
        WheelName.IsVariant("notes-1.0.txt").Should().BeFalse();
    }

    [Fact]
    public void WheelName_BuildNumber_StaysInTheFileName()
    {
        const string file = "torch-2.10.0-3-cp310-cp310-manylinux_2_28_x86_64.whl";
        WheelName.TryParse(file, out var name).Should().BeTrue();
        (name!.FileName, name.Version.ToString()).Should().Be((file, "2.10.0"));
    }

    [Theory]
    [InlineData("torch-2.6.0+cu126-cp313-cp313t-manylinux_2_28_x86_64.whl", "2.6.0", "cu126", "3.13t", "2.28")]
    [InlineData("torch-1.2.0+cu92-cp27-cp27m-manylinux1_x86_64.whl", "1.2.0", "cu92", "2.7", "2.5")]
    [InlineData("torch-1.0.1.post2-cp37-cp37m-linux_x86_64.whl", "1.0.1.post2", null, "3.7", null)]
    [InlineData("torchaudio-2.4.0-cp38-cp38-manylinux_2_17_aarch64.manylinux2014_aarch64.whl", "2.4.0", null, "3.8", "2.17")]
    [InlineData("torchvision-0.21.0-1-cp311-cp311-manylinux_2_28_aarch64.whl", "0.21.0", null, "3.11", "2.28")]
    [InlineData("torchvision-0.2.0-py2.py3-none-any.whl", "0.2.0", null, null, null)]
    public void WheelName_TellsItsParts(string file, string version, string? label, string? python, string? glibc)
    {
        WheelName.TryParse(file, out var name).Should().BeTrue();
        (name!.Version.ToString(), name.Label, name.Python?.ToString(), name.Glibc?.ToString()).Should().Be((version, label, python, glibc));
    }

    [Theory]
    [InlineData("torch-2.6.0.tar.gz")]
    [InlineData("torch-2.6.0-cp313.whl")]
    public void WheelName_OfSomethingElse_IsRefused(string file) => WheelName.TryParse(file, out _).Should().BeFalse();

    [Theory]
    [InlineData("pip install torch==2.3.0 torchvision==0.18.0 torchaudio==2.3.0 --index-url https://download.pytorch.org/whl/cu118", "cu118", "cu118", null)]
    [InlineData("pip3 install torch==1.10.0+cu113 torchvision==0.11.1+cu113 torchaudio===0.10.0+cu113 -f https://download.pytorch.org/whl/cu113/torch_stable.html", "cu113", "cu113", null)]
    [InlineData("pip3 install torch==1.8.2 --extra-index-url https://download.pytorch.org/whl/lts/1.8/cu102", "cu102", "lts/1.8/cu102", null)]
    [InlineData("conda install pytorch==1.7.1 torchvision==0.8.2 torchaudio==0.7.2 cudatoolkit=11.0 -c pytorch", "cu110", null, "cudatoolkit=11.0")]
    [InlineData("conda install pytorch torchvision torchaudio pytorch-cuda=12.4 -c pytorch -c nvidia", "cu124", null, "pytorch-cuda=12.4")]
    [InlineData("conda install pytorch==1.0.0 torchvision==0.2.1 cuda100 -c pytorch", "cu100", null, "cuda100")]
    [InlineData("conda install pytorch==2.3.0 cpuonly -c pytorch", "cpu", null, "cpuonly")]
    [InlineData("pip install torch==1.10.1+rocm4.2 -f https://download.pytorch.org/whl/rocm4.2/torch_stable.html", null, "rocm4.2", null)]
    [InlineData("pip install torch==1.8.0 torchvision==0.9.0", null, null, null)]
    public void InstallCommand_SaysItsTag(string command, string? tag, string? directory, string? requires)
    {
        var text = InstallCommandText.Parse(command)!;
        (text.Tag?.ToString(), text.Directory, text.Requires).Should().Be((tag, directory, requires));
        text.Packages.Should().ContainKey("torch");
    }

    [Fact]
    public void InstallCommand_OfGit_IsNone() => InstallCommandText.Parse("pip install 'git+https://github.com/pytorch/vision.git@v0.9.0'").Should().BeNull();

    [Theory]
    [InlineData("py3.8_cuda11.0.221_cudnn8.0.5_0", "3.8", "cu110", "8.0.5")]
    [InlineData("py3.11_cuda12.1_cudnn8_0", "3.11", "cu121", null)]
    [InlineData("py3.9_cpu_0", "3.9", "cpu", null)]
    [InlineData("py310_cu116", "3.10", "cu116", null)]
    [InlineData("py36", "3.6", null, null)]
    public void CondaBuild_SaysItsParts(string build, string python, string? tag, string? cudnn)
    {
        var parsed = CondaBuildText.Parse(build)!;
        (parsed.Python.ToString(), parsed.Tag?.ToString(), parsed.Cudnn?.ToString()).Should().Be((python, tag, cudnn));
    }

    [Fact]
    public void ReleaseMatrix_ThreeWaysOfWriting_GiveTheCudnnOfEachCuda()
    {
        const string Table = """
            | PyTorch version | Python | C++ | Stable CUDA | Experimental CUDA |
            | --- | --- | --- | --- | --- |
            | 2.6 | >=3.9 | C++17 | CUDA 11.8, CUDA 12.4 (CUDNN 9.1.0.70) | CUDA 12.6 (CUDNN 9.5.1.17) |
            | 2.5 | >=3.9 | C++17 | CUDA 11.8, CUDA 12.1, CUDNN 9.1.0.70 | None |
            | 2.0 | >=3.8 | C++14 | CUDA 11.7, CUDNN 8.5.0.96 | CUDA 11.8, CUDNN 8.7.0.84 |
            """;
        var rows = ReleaseMatrixParser.Parse(Table, "RELEASE.md");
        rows.Select(r => string.Join(' ', r.Cudnn.OrderBy(c => c.Key).Select(c => $"{c.Key}={c.Value}"))).Should().Equal(
            "11.8=9.1.0.70 12.4=9.1.0.70 12.6=9.5.1.17", "11.8=9.1.0.70 12.1=9.1.0.70", "11.7=8.5.0.96 11.8=8.7.0.84");
    }

    [Fact]
    public void PreviousVersions_BlockWithoutEnd_IsAnError()
    {
        var parse = () => PreviousVersionsParser.Parse("### v2.0.0\n#### Wheel\n##### OSX\n```\npip install torch==2.0.0\n", "page.md");
        parse.Should().Throw<SourceFormatException>().WithMessage("page.md, end*");
    }

    [Fact]
    public void Selector_OfAWrongType_IsAnError()
    {
        var parse = () => PublishedVersionsParser.Parse("{\"versions\": {\"2.0.0\": 3}}", "published_versions.json");
        parse.Should().Throw<SourceFormatException>();
    }

    [Fact]
    public void Repodata_Cut_IsAnError()
    {
        var parse = () => RepodataParser.Parse("{\"info\": {\"subdir\": \"linux-64\"}, \"packages\": {"u8, "repodata.json");
        parse.Should().Throw<SourceFormatException>().WithMessage("repodata.json, JSON*");
    }

    [Fact]
    public void Packaging_OfConda_IsConda() => InstallCommandText.Parse("conda install pytorch==1.7.1 -c pytorch")!.Packaging.Should().Be(Packaging.Conda);

    private static IReadOnlyList<SimpleLink> Links(string text, out List<string> left)
    {
        var told = left = [];
        return SimpleIndex.Parse(TestWork.File("cu128/torch.html", text), (what, why) => told.Add($"{what}: {why}"));
    }

    private static string Page(params string[] links) => $"<!DOCTYPE html><html><body><h1>Links for torch</h1>{string.Join('\n', links)}</body></html>";
}
