using CudaCompat.Machines;
using CudaCompat.Planning;

namespace CudaCompat.Tests.Planning;

/// <summary>The commands of every era, as the Previous Versions page prints them (or, where it prints none, in the form of the neighbours).</summary>
public sealed class CommandWriterTests
{
    private const string Stable = "-f https://download.pytorch.org/whl/torch_stable.html";

    [Theory]
    // Wheels, newest first.
    [InlineData("2.14.1", "cu130", "0.29.1", "2.11.0", "pip install torch==2.14.1 torchvision==0.29.1 torchaudio==2.11.0 --index-url https://download.pytorch.org/whl/cu130")]
    [InlineData("2.14.1", "cu132", "0.29.1", null, "pip install torch==2.14.1 torchvision==0.29.1 --index-url https://download.pytorch.org/whl/cu132")]
    [InlineData("2.12.1", "cu126", "0.27.1", null, "pip install torch==2.12.1 torchvision==0.27.1 --index-url https://download.pytorch.org/whl/cu126")]
    [InlineData("2.11.0", "cu128", "0.26.0", "2.11.0", "pip install torch==2.11.0 torchvision==0.26.0 torchaudio==2.11.0 --index-url https://download.pytorch.org/whl/cu128")]
    [InlineData("2.3.0", "cu118", "0.18.0", "2.3.0", "pip install torch==2.3.0 torchvision==0.18.0 torchaudio==2.3.0 --index-url https://download.pytorch.org/whl/cu118")]
    [InlineData("2.3.0", "cpu", "0.18.0", null, "pip install torch==2.3.0 torchvision==0.18.0 --index-url https://download.pytorch.org/whl/cpu")]
    [InlineData("2.0.1", "cu118", "0.15.2", "2.0.2", "pip install torch==2.0.1 torchvision==0.15.2 torchaudio==2.0.2 --index-url https://download.pytorch.org/whl/cu118")]
    [InlineData("1.13.1", "cu117", "0.14.1", "0.13.1", "pip install torch==1.13.1+cu117 torchvision==0.14.1+cu117 torchaudio==0.13.1 --extra-index-url https://download.pytorch.org/whl/cu117")]
    [InlineData("1.11.0", "cu102", "0.12.0", null, "pip install torch==1.11.0+cu102 torchvision==0.12.0+cu102 --extra-index-url https://download.pytorch.org/whl/cu102")]
    [InlineData("1.13.1", "cpu", "0.14.1", null, "pip install torch==1.13.1+cpu torchvision==0.14.1+cpu --extra-index-url https://download.pytorch.org/whl/cpu")]
    [InlineData("1.10.1", "cu111", "0.11.2", "0.10.1", "pip install torch==1.10.1+cu111 torchvision==0.11.2+cu111 torchaudio==0.10.1 " + Stable)]
    [InlineData("1.8.1", "cu102", "0.9.1", "0.8.1", "pip install torch==1.8.1+cu102 torchvision==0.9.1+cu102 torchaudio==0.8.1 " + Stable)]
    [InlineData("1.7.1", "cu110", "0.8.2", "0.7.2", "pip install torch==1.7.1+cu110 torchvision==0.8.2+cu110 torchaudio==0.7.2 " + Stable)]
    [InlineData("1.2.0", "cu92", "0.4.0", null, "pip install torch==1.2.0+cu92 torchvision==0.4.0+cu92 " + Stable)]
    [InlineData("1.2.0", "cpu", "0.4.0", null, "pip install torch==1.2.0+cpu torchvision==0.4.0+cpu " + Stable)]
    public void Wheels_WithLabel(string torch, string tag, string? vision, string? audio, string command) =>
        CommandWriter.TorchCommand(PlanningSamples.Chosen(torch, tag, vision, audio)).Should().Be(command);

    [Theory]
    [InlineData("2.0.1", "cu117", "0.15.2", "2.0.2", "linux", true, true, "pip install torch==2.0.1 torchvision==0.15.2 torchaudio==2.0.2")]
    [InlineData("2.0.1", "cu117", "0.15.2", "2.0.2", "wsl", true, true, "pip install torch==2.0.1 torchvision==0.15.2 torchaudio==2.0.2")]
    [InlineData("2.0.1", "cu117", "0.15.2", null, "windows", true, false, "pip install torch==2.0.1 torchvision==0.15.2 --index-url https://download.pytorch.org/whl/cu117")]
    [InlineData("1.8.0", "cu102", "0.9.0", "0.8.0", "linux", false, true, "pip install torch==1.8.0 torchvision==0.9.0 torchaudio==0.8.0")]
    [InlineData("1.8.0", "cu102", "0.9.0", null, "windows", false, false, "pip install torch==1.8.0 torchvision==0.9.0 --extra-index-url https://download.pytorch.org/whl/cu102")]
    [InlineData("1.1.0", "cu90", "0.3.0", null, "linux", false, true, "pip install torch==1.1.0 torchvision==0.3.0")]
    [InlineData("1.1.0", "cu100", "0.3.0", null, "linux", false, false, "pip install torch==1.1.0 torchvision==0.3.0 --index-url https://download.pytorch.org/whl/cu100")]
    public void Wheels_OfTheDefaultTag_ArePlainOnlyWhereTheDefaultIndexHasThem(string torch, string tag, string? vision, string? audio, string os, bool label, bool isDefault, string command) =>
        CommandWriter.TorchCommand(PlanningSamples.Chosen(torch, tag, vision, audio, os: os, label: label, isDefault: isDefault)).Should().Be(command);

    [Theory]
    [InlineData("2.5.1", "cu124", "0.20.1", "2.5.1", "linux", "conda install pytorch==2.5.1 torchvision==0.20.1 torchaudio==2.5.1 pytorch-cuda=12.4 -c pytorch -c nvidia")]
    [InlineData("2.0.0", "cu117", "0.15.0", "2.0.0", "windows", "conda install pytorch==2.0.0 torchvision==0.15.0 torchaudio==2.0.0 pytorch-cuda=11.7 -c pytorch -c nvidia")]
    [InlineData("1.12.1", "cu116", "0.13.1", null, "linux", "conda install pytorch==1.12.1 torchvision==0.13.1 cudatoolkit=11.6 -c pytorch -c conda-forge")]
    [InlineData("1.11.0", "cu113", "0.12.0", "0.11.0", "linux", "conda install pytorch==1.11.0 torchvision==0.12.0 torchaudio==0.11.0 cudatoolkit=11.3 -c pytorch")]
    [InlineData("1.10.0", "cu113", "0.11.0", "0.10.0", "linux", "conda install pytorch==1.10.0 torchvision==0.11.0 torchaudio==0.10.0 cudatoolkit=11.3 -c pytorch -c conda-forge")]
    [InlineData("1.9.0", "cu111", "0.10.0", null, "linux", "conda install pytorch==1.9.0 torchvision==0.10.0 cudatoolkit=11.1 -c pytorch -c nvidia")]
    [InlineData("1.9.0", "cu111", "0.10.0", null, "windows", "conda install pytorch==1.9.0 torchvision==0.10.0 cudatoolkit=11.1 -c pytorch -c conda-forge")]
    [InlineData("1.8.0", "cu111", "0.9.0", "0.8.0", "linux", "conda install pytorch==1.8.0 torchvision==0.9.0 torchaudio==0.8.0 cudatoolkit=11.1 -c pytorch -c conda-forge")]
    [InlineData("1.7.1", "cu110", "0.8.2", "0.7.2", "windows", "conda install pytorch==1.7.1 torchvision==0.8.2 torchaudio==0.7.2 cudatoolkit=11.0 -c pytorch")]
    [InlineData("1.0.0", "cu80", "0.2.1", null, "linux", "conda install pytorch==1.0.0 torchvision==0.2.1 cuda80 -c pytorch")]
    [InlineData("1.4.0", "cpu", "0.5.0", null, "linux", "conda install pytorch==1.4.0 torchvision==0.5.0 cpuonly -c pytorch")]
    [InlineData("1.1.0", "cpu", "0.3.0", null, "linux", "conda install pytorch-cpu==1.1.0 torchvision-cpu==0.3.0 cpuonly -c pytorch")]
    public void Conda(string torch, string tag, string? vision, string? audio, string os, string command) =>
        CommandWriter.TorchCommand(PlanningSamples.Chosen(torch, tag, vision, audio, "conda", os)).Should().Be(command);

    [Theory]
    [InlineData("2.13.0", "cu129", "cuda-version=12.9")]
    [InlineData("1.12.1", "cu112", "cudatoolkit=11.2")]
    public void CondaForge_NamesWhatSelectsTheCudaVersion(string torch, string tag, string requires)
    {
        var chosen = PlanningSamples.Chosen(torch, tag, packaging: "conda-forge");
        CommandWriter.TorchCommand(chosen with { Torch = chosen.Torch! with { Requires = requires } }).Should().Be($"conda install pytorch-gpu=={torch} {requires} -c conda-forge");
    }

    [Fact]
    public void Uv_TakesTheSameOptions() =>
        CommandWriter.TorchCommand(PlanningSamples.Chosen("2.8.0", "cu128", "0.23.0", packaging: "uv"))
            .Should().Be("uv pip install torch==2.8.0 torchvision==0.23.0 --index-url https://download.pytorch.org/whl/cu128");

    [Fact]
    public void Aarch64_WithoutLabel_TakesTheIndex() =>
        CommandWriter.TorchCommand(PlanningSamples.Chosen("2.5.1", "cu124", "0.20.1", arch: CpuArchitecture.Arm64, label: false))
            .Should().Be("pip install torch==2.5.1 torchvision==0.20.1 --index-url https://download.pytorch.org/whl/cu124");

    [Fact]
    public void ComponentNotAskedFor_IsLeftOut() =>
        CommandWriter.TorchCommand(PlanningSamples.Chosen("2.8.0", "cu128", "0.23.0", "2.8.0") with { Components = ["torch"] })
            .Should().Be("pip install torch==2.8.0 --index-url https://download.pytorch.org/whl/cu128");

    [Fact]
    public void NoTorch_NoCommand() =>
        CommandWriter.TorchCommand(PlanningSamples.Chosen("2.8.0", "cu128") with { Components = ["toolkit"] }).Should().BeNull();

    [Theory]
    [InlineData("nju", "pip install torch==2.8.0+cu128 torchvision==0.23.0+cu128 --index-url https://mirrors.nju.edu.cn/pytorch/whl/cu128 --extra-index-url https://pypi.org/simple")]
    [InlineData("aliyun", "pip install torch==2.8.0+cu128 torchvision==0.23.0+cu128 --index-url https://mirrors.aliyun.com/pypi/simple --find-links https://mirrors.aliyun.com/pytorch-wheels/cu128/")]
    [InlineData("nju,tuna", "pip install torch==2.8.0+cu128 torchvision==0.23.0+cu128 --index-url https://mirrors.nju.edu.cn/pytorch/whl/cu128 --extra-index-url https://pypi.tuna.tsinghua.edu.cn/simple")]
    [InlineData("tuna", "pip install torch==2.8.0+cu128 torchvision==0.23.0+cu128 --index-url https://download.pytorch.org/whl/cu128")]
    public void Mirror_HasItsOwnShapeAndNamesTheExactBuild(string mirror, string command) =>
        CommandWriter.TorchCommand(PlanningSamples.Chosen("2.8.0", "cu128", "0.23.0") with { Mirror = mirror }).Should().Be(command);

    [Fact]
    public void Mirror_OfCondaChannels_LeavesWhatIsNotMirrored() =>
        CommandWriter.TorchCommand(PlanningSamples.Chosen("2.5.1", "cu124", packaging: "conda") with { Mirror = "tuna" })
            .Should().Be("conda install pytorch==2.5.1 pytorch-cuda=12.4 -c https://mirrors.tuna.tsinghua.edu.cn/anaconda/cloud/pytorch -c nvidia");

    [Fact]
    public void Mirror_Unknown_NamesTheKnown()
    {
        var act = () => CommandWriter.TorchCommand(PlanningSamples.Chosen("2.8.0", "cu128") with { Mirror = "nowhere" });
        act.Should().Throw<UnknownMirrorException>().WithMessage("There is no mirror 'nowhere'; known are aliyun, bfsu, nju, nvidia-cn, sjtu, tencent, tuna, ustc.");
    }
}
