using CudaCompat.Choosing;
using CudaCompat.Documents;
using CudaCompat.Machines;
using CudaCompat.Resolution;

namespace CudaCompat.Tests.Choosing;

/// <summary>Which of a program's builds run: one case a rule, each with its neighbour that differs in one fact.</summary>
public sealed class ChooseTests
{
    private const string Linux = """{"os":"linux","arch":"x86_64","glibc":"2.35","driver":"DRIVER","gpus":[GPUS]}""";
    private const string Windows = """{"os":"windows","arch":"x86_64","driver":"DRIVER","gpus":[GPUS]}""";

    // system, driver, compute capabilities, the builds one a word as name:cuda:sass:ptx (lists by "/"), the best, and who is refused by which rule
    [Theory]
    [InlineData("linux", "535.104.05", "8.9", "a:13.0:8.9: b:12.4:8.9:", "b", "a=driver-too-old")]
    [InlineData("linux", "580.95.05", "8.9", "a:13.0:8.9: b:12.4:8.9:", "a", "")]
    [InlineData("linux", "525.60.13", "8.6", "a:12.8:8.6:", "a", "")] // minor-version compatibility
    [InlineData("linux", "520.61.05", "8.6", "a:12.8:8.6:", null, "a=driver-too-old")]
    [InlineData("windows", "526.47", "8.6", "a:12.8:8.6:", null, "a=driver-too-old")] // Windows has a floor of its own
    [InlineData("windows", "527.41", "8.6", "a:12.8:8.6:", "a", "")]
    [InlineData("linux", "550.54.15", "8.9", "a:12.8::8.0", null, "a=ptx-needs-newer-driver")]
    [InlineData("linux", "570.86.15", "8.9", "a:12.8::8.0", "a", "")]
    [InlineData("linux", "550.54.15", "8.9", "a:12.8:8.9: b:12.4:8.9:", "b", "")] // full before minor
    [InlineData("linux", "580.95.05", "8.9", "a:13.0::8.0 b:12.4:8.6:", "b", "")] // native before PTX
    [InlineData("linux", "580.95.05", "8.9", "a:12.4:8.9: b:12.8:8.9:", "b", "")] // a newer CUDA
    [InlineData("linux", "580.95.05", "8.9", "a:12.8:8.9: b:12.8:8.9:", "a", "")] // the program's own order
    [InlineData("linux", "580.95.05", "7.5", "a:12.8:8.0:8.0", null, "a=gpu-not-in-build")] // code goes forward only
    [InlineData("linux", "580.95.05", "8.6", "a:12.8:8.9:", null, "a=gpu-not-in-build")]
    [InlineData("linux", "580.95.05", "8.9", "a:12.8:8.6:", "a", "")]
    [InlineData("linux", "580.95.05", "9.0", "a:12.8:8.9:", null, "a=gpu-not-in-build")] // not across a major
    [InlineData("linux", "580.95.05", "12.0", "a:12.8:9.0a/12.0a:", "a", "")]
    [InlineData("linux", "580.142", "12.1", "a:12.8:9.0a/12.0a:", null, "a=gpu-not-in-build")] // "a" is exactly that
    [InlineData("linux", "580.142", "12.1", "a:12.9:12.0f:", "a", "")] // "f" is its family from there on
    [InlineData("linux", "580.142", "12.1", "a:12.8:12.0:", "a", "")]
    [InlineData("linux", "580.95.05", "12.0", "a:12.8:8.6:9.0a", null, "a=gpu-not-in-build")] // PTX with a suffix goes nowhere either
    [InlineData("linux", "580.95.05", "9.0", "a:12.8:8.6:9.0a", "a", "")]
    [InlineData("linux", "580.95.05", "12.0", "a:12.8:8.6:9.0", "a", "")]
    [InlineData("linux", "580.95.05", "7.5", "a:9.0:7.0:7.0", null, "a=libraries-too-old-for-gpu")]
    [InlineData("linux", "590.48.01", "6.1", "a:12.4:6.1:", null, "a=driver-drops-gpu")]
    [InlineData("linux", "535.104.05", "12.0", "a:12.2:8.9:8.0", null, "a=driver-drops-gpu")]
    [InlineData("linux", "580.95.05", "6.1,12.0", "a:13.0:7.5/12.0: b:12.6:6.1/9.0:", null, "a=gpu-not-in-build b=gpu-not-in-build")]
    [InlineData("linux", "580.95.05", "6.1,12.0", "a:13.0:7.5/12.0: b:12.8:6.1/12.0:", "b", "a=gpu-not-in-build")]
    [InlineData("linux", "580.95.05", "6.1,12.0", "a:12.8:12.0:6.1 b:12.6:6.1/12.0:", "b", "")] // native on both before PTX on one
    [InlineData("linux", "580.95.05", "", "a:12.8:8.6: cpu", "cpu", "a=no-nvidia-gpu")]
    [InlineData("linux", "550.54.15", "8.6", "a:12.x:8.6: b:12:8.6:", "a", "")]
    [InlineData("linux", "580.95.05", "8.6", "a:13.x::8.0", "a", "")] // some 13.y that this driver compiles
    [InlineData("linux", "575.51.03", "8.6", "a:13.x:8.6:", null, "a=driver-too-old")]
    public void Choose_TakesTheBest_AndSaysWhyNotTheOthers(string system, string driver, string gpus, string builds, string? best, string refused)
    {
        var choice = Resolver.Choose(Machine(system, driver, gpus), Builds(builds));
        choice.Best?.Name.Should().Be(best);
        string.Join(' ', choice.Builds.Where(b => b.Verdict == BuildVerdict.Refused).Select(b => $"{b.Build.Name}={b.Rule}").Order()).Should().Be(refused);
        choice.Builds.Where(b => b.Rule is not null && b.Message is not { Length: > 10 }).Should().BeEmpty("whoever is refused is told why");
        choice.Verdict.Should().Be(best is null ? ChoiceVerdict.Refused : ChoiceVerdict.Chosen);
    }

    [Theory]
    [InlineData("""{"name":"a","cuda":"12.4","sass":["8.6"],"ptx":[],"os":"windows"}""", "os-unsupported")]
    [InlineData("""{"name":"a","cuda":"12.4","sass":["8.6"],"ptx":[],"os":"wsl"}""", null)]
    [InlineData("""{"name":"a","cuda":"12.4","sass":["8.6"],"ptx":[],"arch":"arm64"}""", "os-unsupported")]
    [InlineData("""{"name":"a","cuda":"12.4","sass":["8.6"],"ptx":[],"glibc":"2.38"}""", "glibc-too-old")]
    [InlineData("""{"name":"a","cuda":"12.4","sass":["8.6"],"ptx":[],"glibc":"2.35"}""", null)]
    [InlineData("""{"name":"a","cuda":"12.9","sass":["8.6"],"ptx":[],"compression":"zstd"}""", "driver-too-old")]
    [InlineData("""{"name":"a","cuda":"12.9","sass":["8.6"],"ptx":[],"compression":"lz4"}""", null)]
    [InlineData("""{"name":"a","cuda":"12.4"}""", "not-in-data")]
    [InlineData("""{"name":"a","cuda":"cu124","sass":["sm_86","compute_90"],"ptx":[],"cudnn":"90100"}""", null)]
    public void Choose_OfOneBuild_JudgesEveryFieldOfIt(string build, string? rule) =>
        Resolver.Choose(Machine("linux", "535.104.05", "8.6"), DocumentReader.Builds(build)).Builds[0].Rule.Should().Be(rule);

    [Fact]
    public void Choose_WithACudnnThatLeavesTheCardOut_Refuses()
    {
        var builds = DocumentReader.Builds("""[{"name":"new","cuda":"12.8","sass":["7.0"],"ptx":[],"cudnn":"9.17"},{"name":"old","cuda":"12.6","sass":["7.0"],"ptx":[],"cudnn":"9.5.1"}]""");
        var choice = Resolver.Choose(Machine("linux", "580.95.05", "7.0"), builds);
        choice.Best!.Name.Should().Be("old");
        choice.Builds[1].Rule.Should().Be("cudnn-gpu-unsupported");
    }

    [Fact]
    public void Choose_OnAMachineOfWhichNothingIsKnown_CannotDecide()
    {
        var choice = Resolver.Choose(new DriverInfo { OperatingSystem = OperatingSystemFamily.Linux }, Builds("a:12.4:8.6: cpu"));
        choice.Verdict.Should().Be(ChoiceVerdict.Unknown);
        choice.Builds.Select(b => (b.Build.Name, b.Verdict)).Should().Equal(("cpu", BuildVerdict.WithoutGpu), ("a", BuildVerdict.Unknown));
    }

    [Fact]
    public void Choose_WithoutTheGpus_TakesWhatServesTheNewestOfTheBranch()
    {
        var machine = Machine("linux", "580.95.05", "") with { Gpus = null };
        var choice = Resolver.Choose(machine, Builds("a:12.9:7.5/8.6: b:12.4:5.0/12.0:"));
        choice.Best!.Name.Should().Be("b");
        choice.Findings.Should().Contain(f => f.Rule == "gpu-unknown");
    }

    [Fact]
    public void Choose_OfACardThatNobodyKnows_CannotDecide() =>
        Resolver.Choose(Machine("linux", "580.95.05", "") with { Gpus = [new Gpu { Name = "GeForce Unheard Of" }] }, Builds("a:12.4:8.6:8.6")).Builds[0].Rule.Should().Be("gpu-unknown");

    [Fact]
    public void Remedies_SayTheDriver_TheCard_AndTheBuildWithoutCuda()
    {
        var old = Resolver.Choose(Machine("windows", "566.36", "8.9"), Builds("a:13.0:8.9: b:12.4:8.9:"));
        old.Remedies.Should().ContainSingle().Which.Should().Match<Remedy>(r => r.Change == "driver" && r.To!.StartsWith("580") && r.Gives == "a");
        var mixed = Resolver.Choose(Machine("linux", "580.95.05", "6.1,12.0"), Builds("a:13.0:12.0: b:12.6:6.1: cpu"));
        mixed.Best.Should().BeNull();
        mixed.Remedies.Select(r => (r.Change, r.To, r.Gives)).Should().Equal(("gpu", "0", "b"), ("gpu", "1", "a"), ("candidate", "cpu", "cpu"));
    }

    [Fact]
    public void Remedies_OfADriver_AreWhatThatDriverGives()
    {
        string[] machines = ["linux 470.82.01 3.7", "linux 450.80.02 8.0", "windows 537.13 12.0", "linux 535.104.05 7.0,7.5"];
        var builds = Builds("a:13.3:7.5/8.0/12.0: b:12.8::7.0 c:12.4:8.6:5.0 d:11.8:3.5/7.0:");
        foreach (var words in machines.Select(m => m.Split(' ')))
        {
            var machine = Machine(words[0], words[1], words[2]);
            foreach (var remedy in Resolver.Choose(machine, builds).Remedies.Where(r => r.Change == "driver"))
                Resolver.Choose(machine with { Driver = Versions.DriverVersion.Parse(remedy.To!) }, builds).Best!.Name.Should().Be(remedy.Gives);
        }
    }

    [Theory]
    [InlineData("", "$")]
    [InlineData("[]", "$")]
    [InlineData("[{\"cuda\":\"12.4\"}]", "$[0]")]
    [InlineData("{\"name\":\"a\",\"cuda\":\"12.4\"}\n{\"name\":\"b\",\"nmae\":1}", "$[1].nmae")]
    [InlineData("[{\"name\":\"a\",\"cuda\":\"twelve\"}]", "$[0].cuda")]
    [InlineData("[{\"name\":\"a\",\"cuda\":12.4}]", "$[0].cuda")]
    [InlineData("[{\"name\":\"a\",\"sass\":[\"8.6\"]}]", "$[0].cuda")]
    [InlineData("[{\"name\":\"a\",\"cuda\":\"12.4\",\"sass\":[\"8.6\",\"x\"]}]", "$[0].sass")]
    [InlineData("[{\"name\":\"a\",\"cuda\":\"12.4\",\"sass\":\"8.6\"}]", "$[0].sass")]
    [InlineData("[{\"name\":\"a\"}", "$[1]")]
    [InlineData("[{\"name\":\"a\"}] x", "$[1]")]
    [InlineData("[7]", "$[0]")]
    public void Candidates_ThatAreWrong_AreNamedByTheirPath(string json, string path) =>
        FluentActions.Invoking(() => DocumentReader.Builds(json)).Should().Throw<BadInputException>().Which.Path.Should().Be(path);

    [Fact]
    public void Candidates_InEveryForm_AreTheSame()
    {
        const string First = "{\"name\":\"a\",\"cuda\":\"12.4\",\n \"sass\":[\"8.6\"]}", Second = "{\"name\":\"b\"}";
        foreach (var text in (string[])[$"[{First},{Second}]", $"{First}\n{Second}\n", $" {First} {Second}"])
            DocumentReader.Builds(text).Select(b => b.Name).Should().Equal("a", "b");
    }

    private static DriverInfo Machine(string system, string driver, string gpus) => DocumentReader.Machine((system == "linux" ? Linux : Windows)
        .Replace("DRIVER", driver, StringComparison.Ordinal)
        .Replace("GPUS", string.Join(',', gpus.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(cc => $$"""{"computeCapability":"{{cc}}"}""")), StringComparison.Ordinal));

    private static IReadOnlyList<CudaBuild> Builds(string words) => DocumentReader.Builds(string.Join('\n', words.Split(' ').Select(word => word.Split(':') switch
    {
        [var name] => $$"""{"name":"{{name}}"}""",
        [var name, var cuda, var sass, var ptx] => $$"""{"name":"{{name}}","cuda":"{{cuda}}","sass":[{{List(sass)}}],"ptx":[{{List(ptx)}}]}""",
        _ => throw new ArgumentException(word, nameof(words)),
    })));

    private static string List(string codes) => string.Join(',', codes.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(c => $"\"{c}\""));
}
