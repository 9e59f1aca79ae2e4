using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;
using CudaCompat.Resolution.Answers;
using CudaCompat.Resolution.Choice;
using CudaCompat.Versions;
using FluentAssertions;
using Xunit;

namespace CudaCompat.Tests.Resolution;

/// <summary>The shortcuts of the hot path answer as the rules do: on drivers × cards × Pythons, for every build.</summary>
public sealed class ShortcutTests
{
    private static readonly string?[] Capabilities = ["3.7", "6.1", "7.0", "7.5", "8.6", "9.0", "12.0", null];

    /// <summary>Each driver with a toolkit that it can run and a cuDNN for that toolkit: a stack with a newer toolkit would fail for it alone.</summary>
    public static TheoryData<string, string, string> DriversWithToolkits => new()
    {
        { "418.87.00", "10.1", "7.6.5.32" },
        { "450.80.02", "11.8.0", "8.7.0" },
        { "470.82.01", "11.8.0", "8.7.0" },
        { "525.60.13", "12.8.1", "9.8.0" },
        { "550.54.15", "12.8.1", "9.8.0" },
        { "580.95.05", "12.8.1", "9.8.0" },
    };

    [Theory]
    [MemberData(nameof(DriversWithToolkits))]
    public void Works_ForEveryBuildWithToolkitAndCudnn_IsWhatTheWholeJudgementSays(string driver, string toolkit, string cudnn)
    {
        var matrix = CompatibilityMatrix.Embedded;
        var sound = 0;
        foreach (var machine in Machines(driver))
        {
            var facts = MachineFacts.Of(matrix, machine);
            foreach (var build in matrix.Builds.For(Packaging.Pip, facts.BuildOs, facts.Arch))
            {
                var stack = new StackDocument { Torch = build.Version, CudaTag = build.Tag, Toolkit = CudaVersion.Parse(toolkit), Cudnn = DottedVersion.Parse(cudnn) };
                var question = Question.Of(stack, machine, matrix);
                var works = Solver.Solve(question) is not null;
                works.Should().Be(CheckAnswer.VerdictOf(CheckAnswer.Judge(question)) == CheckVerdict.Compatible, "{0} on {1}", build, machine);
                sound += works ? 1 : 0;
            }
        }

        sound.Should().BePositive("some combination works with driver {0}", driver);
    }

    [Fact]
    public void Plan_MadeTwiceForDifferentMachines_SharesNothingThatDiffers()
    {
        var first = Resolver.Plan(Machine("580.95.05", "8.6", "3.12") with { Id = "one" });
        var second = Resolver.Plan(Machine("550.54.15", "9.0", "3.12") with { Id = "two" });
        var again = Resolver.Plan(Machine("580.95.05", "8.6", "3.12") with { Id = "one" });
        first.Machine!.Id.Should().Be("one");
        second.Machine!.Id.Should().Be("two");
        Json(again).Should().Be(Json(first));
        Json(Resolver.Plan(Machine("580.95.05", "8.6", "3.11") with { Id = "one" })).Should().NotBe(Json(first), "another Python has other files");
    }

    private static string Json(CudaCompat.Planning.InstallPlan plan) => System.Text.Json.JsonSerializer.Serialize(plan, CudaCompat.Documents.DocumentJson.Default.InstallPlan);

    private static IEnumerable<DriverInfo> Machines(string driver) =>
        from capability in Capabilities
        from python in (string[])["3.8", "3.12"]
        select Machine(driver, capability, python);

    private static DriverInfo Machine(string driver, string? capability, string python) => new()
    {
        OperatingSystem = OperatingSystemFamily.Linux,
        Architecture = CpuArchitecture.X64,
        Driver = DriverVersion.Parse(driver),
        Gpus = capability is null ? null : [new Gpu { ComputeCapability = ComputeCapability.Parse(capability) }],
        Python = PythonVersion.Parse(python),
        Glibc = DottedVersion.Parse("2.35"),
    };
}
