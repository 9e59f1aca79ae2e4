using System.Globalization;
using CsCheck;
using CudaCompat.Resolution;
using Xunit.Abstractions;

namespace CudaCompat.Tests.Oracle;

/// <summary>The library against a nested loop straight over the JSON, which shares no code with it.</summary>
public sealed class OracleTests(ITestOutputHelper output)
{
    private static readonly OracleCheck Checker = new(OracleFacts.Instance);
    private static readonly OraclePlan Planner = new(OracleFacts.Instance);

    private static long Cases => long.Parse(Environment.GetEnvironmentVariable("CUDACOMPAT_ORACLE_CASES") ?? "3000", CultureInfo.InvariantCulture);

    [Fact]
    public void Check_RandomMachinesAndStacks_AgreesWithTheOracle()
    {
        var tally = new Dictionary<string, int>();
        var disagreements = new SortedDictionary<string, (int Count, string First)>(StringComparer.Ordinal);
        var (slowest, slow, total) = (TimeSpan.Zero, "", TimeSpan.Zero);
        Generators.Machine.SelectMany(m => Generators.Stack(m).Select(s => (m, s))).Sample(
            x =>
            {
                var expected = Checker.Check(x.m, x.s);
                var clock = System.Diagnostics.Stopwatch.StartNew();
                var result = Resolver.Check(x.m.ForLibrary(), x.s.ForLibrary());
                total += clock.Elapsed;
                if (clock.Elapsed > slowest)
                    (slowest, slow) = (clock.Elapsed, $"{x.m}\n      {x.s}");
                var errors = string.Join(' ', result.Findings.Where(f => f.Severity == Severity.Error).Select(f => f.Rule).Distinct().Order(StringComparer.Ordinal));
                var actual = new OVerdict(CheckVerdictNames.Instance.NameOf(result.Verdict), errors);
                lock (tally)
                {
                    tally[expected.Verdict] = tally.GetValueOrDefault(expected.Verdict) + 1;
                    if (expected.Verdict != actual.Verdict || !SameErrors(x.m, expected.Errors, actual.Errors))
                        Note(disagreements, $"oracle {expected.Verdict} [{expected.Errors}], library {actual.Verdict} [{actual.Errors}]", $"{x.m}\n      {x.s}");
                }
            }, iter: Cases, seed: Seed(), threads: 1);
        output.WriteLine($"library {total}, slowest {slowest}: {slow}");
        Report(tally, disagreements);
    }

    [Fact]
    public void Plan_RandomMachinesAndRequests_AgreesWithTheOracle()
    {
        var tally = new Dictionary<string, int>();
        var disagreements = new SortedDictionary<string, (int Count, string First)>(StringComparer.Ordinal);
        var (slowest, slow, total) = (TimeSpan.Zero, "", TimeSpan.Zero);
        Generators.Machine.SelectMany(m => Generators.Request(m).Select(r => (m, r))).Sample(
            x =>
            {
                var expected = Planner.Plan(x.m, x.r);
                var clock = System.Diagnostics.Stopwatch.StartNew();
                var actual = PlanOf(x.m, x.r);
                total += clock.Elapsed;
                if (clock.Elapsed > slowest)
                    (slowest, slow) = (clock.Elapsed, $"{x.m}\n      {x.r}");
                lock (tally)
                {
                    tally[expected.Verdict] = tally.GetValueOrDefault(expected.Verdict) + 1;
                    if (!Same(expected, actual))
                        Note(disagreements, Difference(expected, actual), $"{x.m}\n      {x.r}\n      oracle  {expected}\n      library {actual}");
                }
            }, iter: Cases, seed: Seed(), threads: 1);
        output.WriteLine($"library {total}, slowest {slowest}: {slow}");
        Report(tally, disagreements);
    }

    private static OBest PlanOf(OMachine machine, ORequest request)
    {
        var result = Resolver.TryPlan(machine.ForLibrary(), request.ForLibrary());
        var verdict = PlanVerdictNames.Instance.NameOf(result.Verdict);
        return result.Plan is not { } plan ? new OBest(verdict) : new OBest(verdict, plan.Stack.Torch?.ToString(), plan.Stack.CudaTag?.ToString(), plan.Stack.Torchvision?.ToString(), plan.Stack.Torchaudio?.ToString(), plan.Stack.Toolkit?.ToString(), plan.Stack.Cudnn?.ToString(), plan.Compatibility);
    }

    // What else is said of a build that does not exist, and of a name that is two chips, is the library's choice.
    private static bool SameErrors(OMachine machine, string expected, string actual) => expected == actual
        || expected.Contains("no-such-build", StringComparison.Ordinal) && actual.Contains("no-such-build", StringComparison.Ordinal)
        || OracleView.Of(OracleFacts.Instance, machine).Count() > 1;

    // 0.2 and 0.2.0 are one version.
    private static bool Same(OBest a, OBest b) => a == b || a.Torchaudio is not null && b.Torchaudio is not null && new Num(a.Torchaudio).Same(new Num(b.Torchaudio)) && a == b with { Torchaudio = a.Torchaudio };

    private static string Difference(OBest expected, OBest actual) => expected.Verdict != actual.Verdict
        ? $"oracle {expected.Verdict}, library {actual.Verdict}"
        : "planned, other " + string.Join(", ", new[]
        {
            expected.Torch == actual.Torch ? null : "torch", expected.Tag == actual.Tag ? null : "tag", expected.Torchvision == actual.Torchvision ? null : "torchvision", expected.Torchaudio == actual.Torchaudio ? null : "torchaudio",
            expected.Toolkit == actual.Toolkit ? null : "toolkit", expected.Cudnn == actual.Cudnn ? null : "cudnn", expected.Compatibility == actual.Compatibility ? null : "compatibility",
        }.OfType<string>());

    private static string? Seed() => Environment.GetEnvironmentVariable("CUDACOMPAT_ORACLE_SEED") is { Length: > 0 } seed ? seed : null;

    private static void Note(SortedDictionary<string, (int Count, string First)> disagreements, string kind, string first) =>
        disagreements[kind] = disagreements.TryGetValue(kind, out var seen) ? (seen.Count + 1, seen.First) : (1, first);

    private void Report(Dictionary<string, int> tally, SortedDictionary<string, (int Count, string First)> disagreements)
    {
        output.WriteLine(string.Join(", ", tally.Select(t => $"{t.Key} {t.Value}")));
        var text = string.Join('\n', disagreements.OrderByDescending(d => d.Value.Count).Select(d => $"{d.Value.Count}x {d.Key}\n      {d.Value.First}"));
        disagreements.Should().BeEmpty("both decide the same questions; {0} of {1} cases differ:\n{2}", disagreements.Sum(d => d.Value.Count), tally.Sum(t => t.Value), text);
    }
}
