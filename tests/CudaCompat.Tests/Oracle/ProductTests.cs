using CudaCompat.Resolution;
using CudaCompat.Resolution.Answers;

namespace CudaCompat.Tests.Oracle;

/// <summary>Nothing drawn by chance: every known driver with every architecture and every build of the newest releases.</summary>
public sealed class ProductTests
{
    private static readonly OracleCheck Checker = new(OracleFacts.Instance);

    [Theory]
    [InlineData("linux", "x86_64")]
    [InlineData("linux", "aarch64")]
    [InlineData("windows", "x86_64")]
    [InlineData("wsl", "x86_64")]
    public void Check_EveryDriverCardAndNewestBuild_AgreesWithTheOracle(string os, string arch)
    {
        var facts = OracleFacts.Instance;
        var drivers = facts.Drivers.Where(d => d.Os == (os == "linux" ? "linux" : "windows")).Select(d => d.Version.Text).Distinct().ToList();
        // All of them where many cases are asked for; else every seventh, which still meets every branch.
        if (Environment.GetEnvironmentVariable("CUDACOMPAT_ORACLE_CASES") is null)
            drivers = [.. drivers.Where((_, i) => i % 7 == 0)];
        var newest = facts.Builds[("torch", "pip", os == "wsl" ? "linux" : os, arch)].Where(b => b.Tag != "cpu").OrderByDescending(b => b.Version).GroupBy(b => b.Version.Minor.Text).Take(4).SelectMany(g => g).ToList();
        var different = new List<string>();
        foreach (var driver in drivers)
        {
            foreach (var capability in facts.Architectures.Keys)
            {
                var machine = new OMachine(os) { Arch = arch, Driver = driver, Gpus = [new OGpu(null, capability)] };
                var (view, library) = (OracleView.Of(facts, machine).Single(), machine.ForLibrary());
                foreach (var build in newest)
                {
                    var stack = new OStack { Torch = build.Version.Text, Tag = build.Tag, Packaging = "pip" };
                    // Without remedies, which other tests prove: the verdict alone.
                    var causes = CheckAnswer.Judge(Question.Of(stack.ForLibrary(), library, CudaCompat.Matrix.CompatibilityMatrix.Embedded));
                    var actual = new OVerdict(CheckVerdictNames.Instance.NameOf(CheckAnswer.VerdictOf(causes)), string.Join(' ', causes.Where(c => c.Severity == Severity.Error).Select(c => c.Rule).Distinct().Order(StringComparer.Ordinal)));
                    if (Checker.Judge(view, stack) is var expected && expected != actual)
                        different.Add($"{machine} {stack.Torch}+{stack.Tag}: oracle {expected}, library {actual}");
                }
            }
        }

        newest.Should().NotBeEmpty();
        different.Should().BeEmpty();
    }
}
