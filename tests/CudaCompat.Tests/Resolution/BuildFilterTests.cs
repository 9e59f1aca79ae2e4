using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Resolution;

/// <summary>The filter before the rules turns away just what Python, driver, code and bundled cuDNN stop; <see cref="ShortcutTests"/> hold that it turns away nothing else.</summary>
public sealed class BuildFilterTests
{
    private static readonly CompatibilityMatrix Matrix = CompatibilityMatrix.Embedded;

    public static TheoryData<string, string?, string[]?> Machines => new()
    {
        { "580.95.05", "3.12", ["8.6"] },
        { "580.95.05", "3.12", ["6.1", "8.6"] },
        { "580.95.05", "3.12", ["8.6", "8.6"] },
        { "580.95.05", null, ["12.0"] },
        { "470.82.01", "3.9", ["3.7"] },
        { "470.82.01", null, null },
        { "580.95.05", "3.12", [Matrix.Architectures.Rows[0].ComputeCapability.ToString()] },
    };

    [Theory]
    [MemberData(nameof(Machines))]
    public void Builds_LetThrough_AreStoppedByNoneOfItsRules(string driver, string? python, string[]? capabilities)
    {
        var (facts, wish) = Of(driver, python, capabilities);
        var builds = Matrix.Builds.For(Packaging.Pip, facts.BuildOs, facts.Arch);
        var filter = new BuildFilter(facts, wish, allowPtx: false);
        var through = filter.Places(builds).Select(place => builds[place]).Where(build => !filter.Excludes(build) && !build.Tag.IsCpu).ToArray();
        foreach (var build in through)
        {
            var cause = StackJudge.FirstAgainst(facts, build, wish.Policy, allowPtx: false);
            (cause is PythonUnsupported or DriverTooOld or CudnnGpuUnsupported or GpuNotInBuild { Undecided: false }).Should().BeFalse("{0}: {1}", build, cause);
        }
    }

    [Fact]
    public void Places_OfNativeCode_AreThoseForTheFirstArchitecture_ElseAll()
    {
        var (facts, wish) = Of("580.95.05", "3.12", ["8.6", "6.1"]);
        var builds = Matrix.Builds.For(Packaging.Pip, facts.BuildOs, facts.Arch);
        new BuildFilter(facts, wish, allowPtx: false).Places(builds).Should().Equal(builds.PlacesServing(Matrix.Architectures.IndexOf(ComputeCapability.Parse("6.1")))).And.HaveCountLessThan(builds.Count);
        new BuildFilter(facts, wish, allowPtx: true).Places(builds).Should().HaveCount(builds.Count);
        new BuildFilter(facts, wish with { Tag = CudaTag.Cpu }, allowPtx: false).Places(builds).Should().HaveCount(builds.Count, "a build for the processor has no code for GPUs");
        var unknown = Of("580.95.05", "3.12", null);
        new BuildFilter(unknown.Facts, unknown.Wish, allowPtx: false).Places(builds).Should().HaveCount(builds.Count);
    }

    [Theory]
    [InlineData("2.8.0", "cu128", true, false, "3.12", "8.6", "580.95.05", false)]
    [InlineData("2.8.0", "cpu", true, false, "3.12", "8.6", "580.95.05", false)]
    [InlineData("2.8.0", "cpu", true, false, "3.8", "8.6", "580.95.05", true)]
    [InlineData("2.8.0", "cu128", true, false, "3.8", "8.6", "580.95.05", true)]
    [InlineData("2.8.0", "cu128", true, false, null, "8.6", "580.95.05", false)]
    [InlineData("2.8.0", "cu128", true, false, "3.12", "6.1", "580.95.05", true)]
    [InlineData("2.8.0", "cu128", true, true, "3.12", "6.1", "580.95.05", false)]
    [InlineData("2.8.0", "cu128", true, true, "3.12", "3.7", "580.95.05", true)]
    [InlineData("2.8.0", "cu128", true, false, "3.12", "8.6", "470.82.01", true)]
    [InlineData("2.8.0", "cu128", false, false, "3.12", "8.6", "470.82.01", false)]
    [InlineData("2.8.0", "cu128", false, false, "3.12", null, "580.95.05", false)]
    public void Build_OnAMachine_IsExcluded(string torch, string tag, bool withDriver, bool allowPtx, string? python, string? capability, string driver, bool excluded)
    {
        var (facts, wish) = Of(withDriver ? driver : null, python, capability is null ? null : [capability]);
        var build = Matrix.Builds.Find(PackageVersion.Parse(torch), CudaTag.Parse(tag), Packaging.Pip, facts.BuildOs, facts.Arch)!;
        var filter = new BuildFilter(facts, wish, allowPtx);
        filter.Excludes(build).Should().Be(excluded);
        filter.Excludes(build).Should().Be(excluded, "the second answer comes from memory");
    }

    private static (MachineFacts Facts, Wish Wish) Of(string? driver, string? python, string[]? capabilities)
    {
        var machine = new DriverInfo
        {
            OperatingSystem = OperatingSystemFamily.Linux,
            Architecture = CpuArchitecture.X64,
            Driver = driver is null ? null : DriverVersion.Parse(driver),
            Python = python is null ? null : PythonVersion.Parse(python),
            Gpus = capabilities?.Select(c => new Gpu { ComputeCapability = ComputeCapability.Parse(c) }).ToArray(),
        };
        return (MachineFacts.Of(Matrix, machine), Wish.Of(new PlanRequest { Components = ["torch"] }, machine));
    }
}
