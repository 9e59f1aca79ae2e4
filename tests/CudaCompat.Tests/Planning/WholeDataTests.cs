using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Planning;

/// <summary>Commands and steps over the data of the tree, not over samples.</summary>
public sealed class WholeDataTests
{
    private static readonly string Folder = Path.Combine(SharedCaptures.Repository, "data");
    private static readonly Lazy<InstallData> Data = new(() => InstallData.Load(Folder));
    private static readonly Lazy<List<BuildRow>> Builds = new(() => DataFile.Read("builds.json", File.ReadAllBytes(Path.Combine(Folder, "builds.json")), MatrixJson.Default.BuildRow));

    [Fact]
    public void CommandsOfThePage_AreReproducedFromTheBuilds_ButWhatDoesNotExist()
    {
        var rows = DataFile.Read("install-commands.json", File.ReadAllBytes(Path.Combine(Folder, "install-commands.json")), MatrixJson.Default.InstallCommandRow)
            .Where(r => r.Heading.StartsWith("CUDA ", StringComparison.Ordinal)).ToArray();
        rows.Should().HaveCount(194);
        List<string> wrong = [], without = [];
        foreach (var row in rows)
        {
            var expected = string.Join(' ', row.Command.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            var tag = CudaTag.Of(CudaVersion.Parse(row.Heading["CUDA ".Length..]));
            var torch = Build("torch", row.Torch.ToString(), tag, row.Packaging);
            var vision = Named("torchvision") is { } v ? Build("torchvision", v, tag, row.Packaging) : null;
            var audio = Named("torchaudio") is { } a ? Build("torchaudio", a, tag, row.Packaging) : null;
            if (torch is null || (vision is null && Named("torchvision") is not null) || (audio is null && Named("torchaudio") is not null))
                without.Add($"{row.Packaging} {row.Torch} {tag}");
            if (torch is null)
                continue;
            var chosen = Chosen(torch, vision, audio, Named("torchvision"), Named("torchaudio"));
            if (CommandWriter.TorchCommand(chosen) is var written && written != expected)
                wrong.Add($"{expected}\n  {written}");
            string? Named(string package) => expected.Split(' ').FirstOrDefault(w => w.StartsWith(package + "==", StringComparison.Ordinal)) is { } word ? word[(package.Length + 2)..].Split('+')[0] : null;
        }

        // torchvision 0.8.0 has no file with a label, so that the page's command finds nothing; this one finds the right file.
        wrong.Should().BeEquivalentTo(new[] { "cu92", "cu101", "cu110" }.Select(tag =>
            $"pip install torch==1.7.0+{tag} torchvision==0.8.0+{tag} torchaudio==0.7.0 -f https://download.pytorch.org/whl/torch_stable.html\n"
            + $"  pip install torch==1.7.0+{tag} torchvision==0.8.0 torchaudio==0.7.0 --index-url https://download.pytorch.org/whl/{tag}"));
        without.Should().BeEquivalentTo("Conda 1.8.1 cu113", "Conda 1.9.0 cu113", "Conda 1.9.1 cu113");
    }

    [Fact]
    public void EveryPipBuildOfCuda_HasAStepThatNamesItExactly()
    {
        List<string> loose = [];
        foreach (var build in Builds.Value.Where(b => b is { Package: "torch", Packaging: Packaging.Pip, Tag: not null }))
        {
            var step = StepBuilder.Build(Chosen(build, null, null, null, null)).Steps.OfType<TorchStep>().Single();
            var exact = step.Requirements[0].EndsWith("+" + build.Tag, StringComparison.Ordinal)
                || (build.Default && step.IndexUrl is null)
                || step.Command!.Any(w => w.StartsWith("torch @ https://", StringComparison.Ordinal))
                || (step.IndexUrl?.EndsWith("/" + build.Index, StringComparison.Ordinal) ?? false);
            if (!exact)
                loose.Add($"{build.Version} {build.Tag} {build.Os} {build.Arch}");
        }

        loose.Should().BeEmpty();
    }

    [Theory]
    [InlineData("12.8.1", "linux", CpuArchitecture.X64, "redist")]
    [InlineData("12.8.1", "linux", CpuArchitecture.Arm64, "redist")]
    [InlineData("13.4.2", "linux", CpuArchitecture.X64, "redist")]
    [InlineData("11.4.2", "linux", CpuArchitecture.X64, "redist")]
    [InlineData("13.2.0", "linux", CpuArchitecture.X64, "runfile")]
    [InlineData("11.0.3", "linux", CpuArchitecture.X64, "runfile")]
    [InlineData("9.0.176", "linux", CpuArchitecture.X64, "runfile")]
    [InlineData("13.0.2", "windows", CpuArchitecture.X64, "installer")]
    [InlineData("11.0.3", "windows", CpuArchitecture.X64, "installer")]
    public void Toolkit_ComesFromWhatTheDataHas(string toolkit, string os, CpuArchitecture arch, string method)
    {
        var plan = StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cu128", os: os, arch: arch, toolkit: toolkit) with { Data = Data.Value });
        plan.Steps.OfType<ToolkitStep>().Single().Method.Should().Be(method);
        plan.Steps.OfType<DownloadStep>().Should().NotBeEmpty().And.OnlyContain(d => d.Url!.StartsWith("https://"));
    }

    [Fact]
    public void TheGuide_OverTheWholeData()
    {
        var plan = StepBuilder.Build(PlanningSamples.Chosen("1.7.1", "cu110", "0.8.2", "0.7.2", "conda", "windows", python: "3.8", toolkit: "11.0.3", cudnn: "8.0.5") with { Data = Data.Value });
        plan.Steps.OfType<DownloadStep>().Select(d => d.Url).Should().Equal(
            "https://developer.download.nvidia.com/compute/cuda/11.0.3/local_installers/cuda_11.0.3_451.82_win10.exe",
            "https://developer.download.nvidia.com/compute/redist/cudnn/v8.0.5/cudnn-11.0-windows-x64-v8.0.5.39.zip");
        plan.Steps.OfType<DownloadStep>().Should().OnlyContain(d => d.Checksum!.Kind == "sha256");
    }

    [Fact]
    public void Wheels_OfACompleteRelease_HaveTheirFiles()
    {
        var torch = Build("torch", "2.8.0", CudaTag.Parse("cu128"), Packaging.Pip)!;
        var vision = Build("torchvision", "0.23.0", CudaTag.Parse("cu128"), Packaging.Pip)!;
        var audio = Build("torchaudio", "2.8.0", CudaTag.Parse("cu128"), Packaging.Pip)!;
        var step = StepBuilder.Build(Chosen(torch, vision, audio, "0.23.0", "2.8.0")).Steps.OfType<TorchStep>().Single();
        step.Files.Select(f => f.Name).Should().HaveCount(3).And.OnlyContain(n => n.Contains("cp311-cp311-manylinux"));
        step.Files.Should().OnlyContain(f => f.Sha256 != null);
    }

    private static BuildRow? Build(string package, string version, CudaTag tag, Packaging packaging) => Builds.Value.FirstOrDefault(b =>
        b.Package == package && b.Version == PackageVersion.Parse(version) && (b.Tag is null || b.Tag == tag) && b.Packaging == packaging
        && b.Os == OperatingSystemFamily.Linux && b.Arch == CpuArchitecture.X64);

    private static ChosenStack Chosen(BuildRow torch, BuildRow? vision, BuildRow? audio, string? visionVersion, string? audioVersion) => new()
    {
        Data = Data.Value,
        Machine = new DriverInfo { OperatingSystem = torch.Os, Architecture = torch.Arch, Python = torch.Pythons.Contains(PythonVersion.Parse("3.11")) ? PythonVersion.Parse("3.11") : torch.Pythons.FirstOrDefault() },
        Packaging = PackagingNames.Instance.NameOf(torch.Packaging),
        Torch = torch,
        Torchvision = vision,
        Torchaudio = audio,
        Stack = new StackDocument
        {
            Torch = torch.Version,
            CudaTag = torch.Tag,
            Torchvision = visionVersion is null ? null : PackageVersion.Parse(visionVersion),
            Torchaudio = audioVersion is null ? null : PackageVersion.Parse(audioVersion),
            Packaging = torch.Packaging,
        },
    };
}
