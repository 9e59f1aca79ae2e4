using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Versions;

namespace CudaCompat.Execution.Tests;

/// <summary>A plan is data and the program decides: what is not its own plan needs a person's word.</summary>
public sealed class PlanReviewTests
{
    internal static readonly DriverInfo Machine = new()
    {
        OperatingSystem = OperatingSystemFamily.Linux,
        Architecture = CpuArchitecture.X64,
        Glibc = DottedVersion.Parse("2.35"),
        Driver = DriverVersion.Parse("580.95.05"),
        Python = PythonVersion.Parse("3.12"),
        Gpus = [new Gpu { Name = "NVIDIA GeForce RTX 4090" }],
    };

    private static readonly InstallPlan Own = Resolver.Plan(Machine);

    public static TheoryData<Resolution.PlanRequest> Requests => new()
    {
        new(),
        new() { Packaging = "uv" },
        new() { Packaging = "conda", Torch = VersionSpec.Parse("2.3.1") },
        new() { ToolkitFrom = "apt" },
        new() { ToolkitFrom = "pip" },
        new() { Compiles = true, Packaging = "uv" },
        new() { Compiles = true, Prefix = "/opt/stack", Mirror = "tuna" },
        new() { ToolkitFrom = "conda" },
        new() { ToolkitFrom = "dnf" },
        new() { ToolkitFrom = "redist", Toolkit = VersionSpec.Parse("12.8") },
        new() { Mirror = "sjtu,nvidia-cn" },
        new() { Mirror = "aliyun", Torch = VersionSpec.Parse("2.3") },
        new() { Torch = VersionSpec.Parse("2.0"), Python = PythonVersion.Parse("3.10") },
        new() { Components = ["toolkit"], Prefix = "/opt/cuda" },
        new() { Components = ["torch"], Gpus = "0", Cuda = "cu126" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void Of_PlanOfThisProgram_IsItsOwnAfterWritingAndReading(Resolution.PlanRequest request)
    {
        foreach (var machine in (DriverInfo[])[Machine, Machine with { OperatingSystem = OperatingSystemFamily.Windows, Glibc = null, Driver = DriverVersion.Parse("580.88") }])
        {
            if (Resolver.TryPlan(machine, request).Plan is not { } plan)
                continue;
            var read = InstallPlanDocument.Read(InstallPlanDocument.Write(plan));

            PlanReview.Of(read, new ExecutionOptions()).Objections.Should().BeEmpty();
            PlanReview.Of(read with { Request = null }, new ExecutionOptions()).Objections.Where(o => !o.Contains("prefix", StringComparison.Ordinal)).Should().HaveCountLessThan(plan.Steps.Count * 8, "a plan without its request is compared as far as it shows");
        }
    }

    [Fact]
    public void Of_PlanPinnedToAnOlderTorch_IsKnownAllTheSame()
    {
        var older = Resolver.Plan(Machine, new() { Torch = VersionSpec.Parse("2.8.0"), Cuda = "cu128" }) with { Request = new() };

        PlanReview.Of(older, new ExecutionOptions()).Objections.Should().BeEmpty("newer data chooses another torch, and knows this one");
    }

    [Theory]
    [InlineData("another host")]
    [InlineData("another checksum")]
    [InlineData("another package")]
    [InlineData("another folder")]
    [InlineData("another index")]
    [InlineData("one step more")]
    [InlineData("one step less")]
    [InlineData("another right")]
    public void Of_PlanChangedByHand_IsADifference(string what)
    {
        var steps = Own.Steps.ToList();
        var download = steps.FindIndex(s => s is DownloadStep { Checksum: not null });
        var torch = steps.FindIndex(s => s is TorchStep);
        var toolkit = steps.FindIndex(s => s is ToolkitStep);
        switch (what)
        {
            case "another host":
                steps[download] = steps[download] with { Url = "https://other.example/" + steps[download].FileName };
                break;
            case "another checksum":
                steps[download] = steps[download] with { Checksum = new("sha256", new string('0', 64)) };
                break;
            case "another package":
                steps[torch] = (TorchStep)steps[torch] with { Requirements = ["torch==2.14.1+cu130", "torhcvision==1"], Command = null };
                break;
            case "another folder":
                steps[toolkit] = (ToolkitStep)steps[toolkit] with { Prefix = "/usr", Command = null };
                break;
            case "another index":
                steps[torch] = (TorchStep)steps[torch] with { ExtraIndexUrls = ["https://pypi.org/simple"], Command = null };
                break;
            case "one step more":
                steps.Add(new EnvironmentStep { Component = "stack", Scope = "user", Prepend = new Dictionary<string, IReadOnlyList<string>> { ["PATH"] = ["/tmp/x"] } });
                break;
            case "one step less":
                steps.RemoveAt(torch);
                break;
            default:
                steps[toolkit] = steps[toolkit] with { RequiresAdmin = true };
                break;
        }

        var changed = Own with { Steps = steps };
        var review = PlanReview.Of(changed, new ExecutionOptions());
        var trusted = PlanReview.Of(changed, new ExecutionOptions { TrustPlan = true });

        review.Differences.Should().NotBeEmpty();
        review.UnknownHosts.Should().BeEquivalentTo(what == "another host" ? ["other.example"] : (string[])[]);
        trusted.Differences.Should().BeEmpty();
        trusted.UnknownHosts.Should().BeEquivalentTo(review.UnknownHosts, "a host is trusted by its name alone");
    }

    /// <summary>A person who types the mirror trusts it; a document that names one does not make it trusted.</summary>
    [Fact]
    public void Of_PlanWithAMirrorOfItsOwn_NamesItsHostAndNothingElse()
    {
        var plan = Resolver.Plan(Machine, new() { Mirror = "wheels=https://own.example/whl/{tag},files=https://own.example", Torch = VersionSpec.Parse("2.8.0"), Cuda = "cu128" });

        plan.Steps.OfType<TorchStep>().Single().IndexUrl.Should().Be("https://own.example/whl/cu128");
        plan.Steps.OfType<DownloadStep>().Should().NotBeEmpty().And.OnlyContain(d => d.Url!.StartsWith("https://own.example/compute/") && d.Mirrors.Count == 1);
        PlanReview.Of(plan, new ExecutionOptions()).Objections.Should().ContainSingle().Which.Should().Contain("own.example");
        PlanReview.Of(plan, new ExecutionOptions { TrustedHosts = ["own.example"] }).Objections.Should().BeEmpty();
    }

    [Fact]
    public void Of_PlanWithAnIndexOfItsOwn_NamesItsHost()
    {
        var plan = Resolver.Plan(Machine, new() { Index = "https://own.example/whl/cu126", Components = ["torch"] });

        plan.Steps.OfType<TorchStep>().Single().IndexUrl.Should().StartWith("https://own.example/");
        PlanReview.Of(plan, new ExecutionOptions()).UnknownHosts.Should().Equal("own.example");
    }

    [Theory]
    [InlineData("https://own.example/x")]
    [InlineData("pypi=http://own.example/x")]
    [InlineData("conda=https://own.example/x")]
    [InlineData("wheels=file:///x")]
    public void Plan_MirrorThatIsNone_IsBadInput(string mirror)
    {
        var plan = () => Resolver.TryPlan(Machine, new() { Mirror = mirror });
        plan.Should().Throw<Resolution.BadRequestException>().Which.Field.Should().Be("mirror");
    }

    /// <summary>A line break in a folder would end what a Dockerfile or a script quotes.</summary>
    [Theory]
    [InlineData("a\nSTEPS\nRUN touch /pwned\nRUN <<STEPS\nx")]
    [InlineData("a\tb")]
    [InlineData("a\"b")]
    [InlineData("--x")]
    public void Plan_FolderThatNoScriptCanWriteDown_IsBadInput(string prefix)
    {
        var plan = () => Resolver.TryPlan(Machine, new() { Prefix = prefix });
        plan.Should().Throw<Resolution.BadRequestException>().Which.Field.Should().Be("prefix");
    }

    [Theory]
    [InlineData("470.82.01", "2.35", true)]
    [InlineData("590.48.01", "2.35", false)]
    [InlineData("580.95.05", "2.17", true)]
    public void Of_AnotherMachine_CountsWhereTheStackDoesNotRunThere(string driver, string glibc, bool differs)
    {
        var here = Machine with { Driver = DriverVersion.Parse(driver), Glibc = DottedVersion.Parse(glibc) };

        PlanReview.Of(Own, new ExecutionOptions { Machine = here }).Differences.Any().Should().Be(differs);
    }

    [Fact]
    public async Task Execute_PlanThatIsNotOurOwn_ChangesNothing()
    {
        using var scratch = new Scratch();
        var plan = FullStack.Of([new PythonStep { Component = "python", Method = "venv", Environment = scratch["venv"] }]);

        var report = await new PlanExecutor(new ExecutionOptions { JournalFolder = scratch["journal"], CacheFolder = scratch["cache"] }).ExecuteAsync(plan);

        report.Outcome.Should().Be(ExecutionOutcome.NotAgreed);
        report.Next.Should().Contain("--trust-plan");
        Directory.EnumerateFileSystemEntries(scratch.Root).Should().BeEmpty();
    }
}
