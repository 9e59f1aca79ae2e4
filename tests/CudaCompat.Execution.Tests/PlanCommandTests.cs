using CudaCompat.Execution.Steps;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Tests;

/// <summary>What is run is the command that the plan prints; a plan that contradicts itself is refused.</summary>
public sealed class PlanCommandTests
{
    private static readonly TorchStep Torch = new()
    {
        Component = "torch",
        Method = "pip",
        Requirements = ["torch==2.8.0+cu128", "torchvision==0.23.0"],
        IndexUrl = "https://example.org/cu128",
    };

    [Fact]
    public void Of_CommandOfThePlan_IsTakenWordForWordWithoutItsPython()
    {
        var command = PipCommand.Of(Torch with
        {
            Command = ["uv", "pip", "install", "--python", ".venv/bin/python", "torch==2.8.0+cu128", "torchvision @ https://example.org/v.whl", "--index-url", "https://example.org/cu128", "--extra-index-url", "https://example.com/simple"],
        });

        command.Requirements.Should().Equal("torch==2.8.0+cu128", "torchvision @ https://example.org/v.whl");
        command.From("https://example.org/cu128", "https://mirror.example/cu128").Sources
            .Should().Equal("--index-url", "https://mirror.example/cu128", "--extra-index-url", "https://example.com/simple");
    }

    [Theory]
    [InlineData("pip install torch==2.8.0+cu128 torchvision==0.23.0 --target=/", "not known")]
    [InlineData("pip install torch==2.8.0+cu128 torchvision==0.23.0 --index-url file:///tmp/evil", "not known")]
    [InlineData("pip install torch==2.8.0+cu128 torchvision==0.23.0 -r evil.txt", "not known")]
    [InlineData("pip install torch==2.8.0+cu128", "does not install the packages")]
    [InlineData("pip install torch==2.8.0+cu128 torchvision==0.23.0 other==1", "does not install the packages")]
    [InlineData("pip download torch==2.8.0+cu128 torchvision==0.23.0", "does not install the packages")]
    public void Of_CommandOfAnotherMaking_IsRefused(string command, string reason)
    {
        var act = () => PipCommand.Of(Torch with { Command = command.Split(' ') });

        act.Should().Throw<StepFailedException>().WithMessage($"*{reason}*");
    }

    [Theory]
    [InlineData("conda install --yes --prefix .venv pytorch==1.7.1 cudatoolkit=11.0 -c pytorch", true)]
    [InlineData("conda install --yes --prefix .venv pytorch==1.7 cudatoolkit=11.0 -c pytorch", false)]
    [InlineData("conda install --yes pytorch=1.7 cudatoolkit", true)]
    [InlineData("conda install --yes pytorch=1.7.1=*cuda* cudatoolkit", true)]
    [InlineData("conda install --yes pytorch=1.7.1=*cpu*", false)]
    [InlineData("conda install --yes pytorch=1.7.1 torchaudio", false)]
    public void IsInstalled_RecordsOfConda_AreRead(string command, bool isThere)
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch["env/conda-meta"]);
        foreach (var name in (string[])["pytorch-1.7.1-py3.8_cuda11.0.221_cudnn8.0.5_0", "cudatoolkit-11.0.221-h6bb024c_0", "history"])
            File.WriteAllText(scratch[$"env/conda-meta/{name}.json"], "{}");

        var step = Torch with { Method = "conda", Command = command.Split(' ') };

        CondaCommand.Of(step).IsInstalled(scratch["env"]).Should().Be(isThere);
        CondaCommand.Of(step).Arguments("/e", new ExecutionOptions()).Should().StartWith(["install", "--yes", "--prefix", "/e"]).And.NotContain(".venv");
    }

    [Theory]
    [InlineData("apt-get install --yes cuda-toolkit-12-8", "install --yes")]
    [InlineData(null, "--yes --no-install-recommends install")]
    public void InstallWords_OfThePlan_AreKept(string? command, string words) =>
        string.Join(' ', PackageManager.Of("apt")!.InstallWords(command?.Split(' '), ["cuda-toolkit-12-8"])).Should().Be(words);

    [Theory]
    [InlineData("dnf install --yes cuda-toolkit-12-8")]
    [InlineData("apt-get remove --yes cuda-toolkit-12-8")]
    [InlineData("apt-get install --yes -o=Dpkg::Pre-Invoke=x cuda-toolkit-12-8")]
    [InlineData("apt-get install --yes other")]
    public void InstallWords_OfAnotherCommand_AreRefused(string command)
    {
        var act = () => PackageManager.Of("apt")!.InstallWords(command.Split(' '), ["cuda-toolkit-12-8"]);

        act.Should().Throw<StepFailedException>();
    }

    [Fact]
    public void Of_BoundsOfTheStep_GoWithItsRequirementsAndWithNothingElse()
    {
        var step = Torch with { Bounds = ["numpy<2"] };
        var words = new[] { "pip", "install" }.Concat(step.Requirements).Append("numpy<2").ToArray();
        PipCommand.Of(step with { Command = words }).Requirements.Should().Equal([.. step.Requirements, "numpy<2"]);
        PipCommand.Of(step with { Command = null }).Requirements.Should().Equal([.. step.Requirements, "numpy<2"]);
        var act = () => PipCommand.Of(Torch with { Command = words });
        act.Should().Throw<StepFailedException>("a bound that the step does not name is not taken from its command");
    }
}
