using System.Globalization;
using System.Text.Json;
using CsCheck;
using CudaCompat.Documents;
using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Oracle;

/// <summary>What must hold on every machine, whatever the data says.</summary>
public sealed class LawTests
{
    private static readonly OracleFacts Facts = OracleFacts.Instance;
    private static readonly Gen<(OMachine Machine, OStack Stack)> Stacks = Generators.Machine.SelectMany(m => Generators.Stack(m).Select(s => (m, s)));
    private static readonly Gen<(OMachine Machine, ORequest Request)> Requests = Generators.Machine.SelectMany(m => Generators.Request(m).Select(r => (m, r)));

    private static long Cases => long.Parse(Environment.GetEnvironmentVariable("CUDACOMPAT_LAW_CASES") ?? "1000", CultureInfo.InvariantCulture);

    [Fact]
    public void Plan_OfAnyMachine_PassesCheck() => Requests.Sample(
        x =>
        {
            var machine = x.Machine.ForLibrary();
            // With the forward-compatibility package the machine has what Check does not see: Check judges by minor-version compatibility.
            if (Resolver.TryPlan(machine, x.Request.ForLibrary()).Plan is not { Compatibility: not "forward" } plan)
                return;
            var check = Resolver.Check(machine, plan.Stack);
            check.Verdict.Should().Be(CheckVerdict.Compatible, "{0} | {1} -> {2}: {3}", x.Machine, x.Request, plan.Stack, string.Join(" ", check.Findings.Select(f => f.Message)));
        }, iter: Cases, threads: 1);

    [Fact]
    public void Check_WithANewerDriverThatStillServesTheCard_KeepsWorking() => Stacks.SelectMany(x => Gen.Int[0, 10_000].Select(i => (x.Machine, x.Stack, Pick: i))).Sample(
        x =>
        {
            if (x.Machine.Driver is not { } driver || OracleView.Of(Facts, x.Machine).Count() > 1 || !Works(x.Machine, x.Stack))
                return;
            var newer = Facts.Drivers.Where(d => d.Os == (x.Machine.Os == "linux" ? "linux" : "windows") && d.Version > new Num(driver) && !d.Version.StartsWith(new Num(driver))).Select(d => d.Version.Text).Distinct().ToArray();
            if (newer.Length == 0)
                return;
            var machine = x.Machine with { Driver = newer[x.Pick % newer.Length] };
            var check = Check(machine, x.Stack);
            if (check.Findings.All(f => f.Rule != "driver-drops-gpu"))
                check.Verdict.Should().Be(CheckVerdict.Compatible, "{0} works with {1} and {2}", x.Stack, x.Machine, machine.Driver);
        }, iter: Cases * 3, threads: 1);

    [Fact]
    public void Check_WithOneMoreGpu_DoesNotStartToWork() => Stacks.SelectMany(x => Generators.AnyGpu.Select(g => (x.Machine, x.Stack, Gpu: g))).Sample(
        x =>
        {
            if (x.Machine.Gpus is not { Length: > 0 } gpus || Works(x.Machine, x.Stack))
                return;
            Works(x.Machine with { Gpus = [.. gpus, x.Gpu] }, x.Stack).Should().BeFalse("{0} does not work on {1}", x.Stack, x.Machine);
        }, iter: Cases, threads: 1);

    [Fact]
    public void Plan_ByAWiderPolicy_IsNotWorse() => Requests.Sample(
        x =>
        {
            var plans = new[] { "strict", "minor", "forward" }.Select(policy => Resolver.TryPlan(x.Machine.ForLibrary(), (x.Request with { Policy = policy }).ForLibrary())).ToArray();
            for (var i = 1; i < plans.Length; i++)
            {
                if (plans[i - 1].Plan is not { } narrow)
                    continue;
                plans[i].Plan.Should().NotBeNull("{0} | {1} has a plan by a narrower policy", x.Machine, x.Request);
                // Which torch a named toolkit or cuDNN brings along depends on which of its faults each policy sees.
                if (x.Machine.Gpus is not null && narrow.Stack.Torch is { } older && (x.Request.Toolkit ?? x.Request.Cudnn) is null)
                    plans[i].Plan!.Stack.Torch!.Value.CompareTo(older).Should().BeGreaterThanOrEqualTo(0, "{0} | {1}", x.Machine, x.Request);
            }
        }, iter: Cases / 2, threads: 1);

    [Fact]
    public void CheckRemedies_Applied_Work() => Stacks.Sample(
        x =>
        {
            foreach (var remedy in Check(x.Machine, x.Stack).Remedies)
            {
                var (machine, stack) = Applied(x.Machine.ForLibrary(), x.Stack.ForLibrary(), [(remedy.Change, remedy.To), .. (remedy.Also ?? []).Select(a => (a.Change, a.To))]);
                var check = Resolver.Check(machine, stack);
                // Of a machine of which nothing is known no more can be asked than that no error is left.
                var expected = x.Machine is { Driver: null, MaxCuda: null, Gpus: null } && check.Findings.All(f => f.Severity != Severity.Error) ? check.Verdict : CheckVerdict.Compatible;
                check.Verdict.Should().Be(expected, "{0} helps {1} on {2}: {3}", remedy, x.Stack, x.Machine, string.Join(" ", check.Findings.Select(f => f.Message)));
                if (remedy is { Change: "driver", Also: null })
                    PredecessorFails(x.Machine, remedy.To!, d => Resolver.Check(machine with { Driver = d }, stack).Verdict != CheckVerdict.Compatible, $"{remedy} for {x.Stack} on {x.Machine}");
            }
        }, iter: Cases / 2, threads: 1);

    [Fact]
    public void PlanRemedies_OfTheDriver_WorkAndAreTheLowest() => Requests.Sample(
        x =>
        {
            var (document, request) = (x.Machine.ForLibrary(), x.Request.ForLibrary());
            var result = Resolver.TryPlan(document, request);
            var first = true;
            foreach (var remedy in result.Remedies.Where(r => r.Change == "driver"))
            {
                var machine = document with { Driver = DriverVersion.Parse(remedy.To!), MaxCuda = null };
                var plan = Resolver.TryPlan(machine, request).Plan;
                plan.Should().NotBeNull("{0} for {1} on {2}", remedy, x.Request, x.Machine);
                if (plan!.Stack.Torch is { } torch)
                    $"torch {torch}+{plan.Stack.CudaTag}".Should().Be(remedy.Gives, "{0} on {1}", x.Request, x.Machine);
                if (first && result.Verdict == PlanVerdict.Refused)
                    PredecessorFails(x.Machine, remedy.To!, d => Resolver.TryPlan(machine with { Driver = d }, request).Plan is null, $"{remedy} for {x.Request} on {x.Machine}");
                first = false;
            }
        }, iter: Cases / 2, threads: 1);

    [Fact]
    public void PlanRemedies_OfTheRequest_Work() => Requests.Sample(
        x =>
        {
            var (document, request) = (x.Machine.ForLibrary(), x.Request.ForLibrary());
            foreach (var remedy in Resolver.TryPlan(document, request).Remedies)
            {
                (DriverInfo, PlanRequest)? changed = remedy.Change switch
                {
                    "torch" => (document, request with { Torch = VersionSpec.Parse(remedy.To!) }),
                    "cudaTag" when remedy.To == "cpu" => (document, request with { Cuda = "cpu", Components = (request.Components ?? PlanRequest.AllComponents).Where(c => c.StartsWith("torch", StringComparison.Ordinal)).ToArray() }),
                    "cudaTag" => (document, request with { Cuda = remedy.To }),
                    "toolkit" => (document, request with { Toolkit = VersionSpec.Parse(remedy.To!) }),
                    "cudnn" => (document, request with { Cudnn = VersionSpec.Parse(remedy.To!) }),
                    "torchvision" or "torchaudio" when remedy.To == "none" => (document, request with { Components = [.. (request.Components ?? PlanRequest.AllComponents).Except([remedy.Change])] }),
                    "torchvision" => (document, request with { Torchvision = VersionSpec.Parse(remedy.To!) }),
                    "torchaudio" => (document, request with { Torchaudio = VersionSpec.Parse(remedy.To!) }),
                    "compiler" => (WithCompiler(document, remedy.To!.Split(' ')), request),
                    "gpu" => (document with { Gpus = Kept(document.Gpus!, remedy.To!) }, request),
                    "packaging" => (document, request with { Packaging = remedy.To }),
                    "python" => (document with { Python = PythonVersion.Parse(remedy.To!) }, request),
                    _ => null,
                };
                if (changed is var (machine, ask))
                {
                    // Of a machine of which nothing is known no more can be asked than that nothing is refused.
                    var unknown = x.Machine is { Driver: null, MaxCuda: null, Gpus: null };
                    var verdict = Resolver.TryPlan(machine, ask).Verdict;
                    (verdict == PlanVerdict.Planned || unknown && verdict == PlanVerdict.Unknown).Should().BeTrue("{0} for {1} on {2}, not {3}", remedy, x.Request, x.Machine, verdict);
                }
            }
        }, iter: Cases / 2, threads: 1);

    [Fact]
    public void Answers_OfTheSameInput_AreTheSameBytes() => Requests.Sample(
        x =>
        {
            string Once() => JsonSerializer.Serialize(Resolver.TryPlan(x.Machine.ForLibrary(), x.Request.ForLibrary()), DocumentJson.Default.PlanResult);
            Once().Should().Be(Once());
        }, iter: Cases / 4, threads: 1);

    private static CheckResult Check(OMachine machine, OStack stack) => Resolver.Check(machine.ForLibrary(), stack.ForLibrary());

    private static bool Works(OMachine machine, OStack stack) => Check(machine, stack).Verdict == CheckVerdict.Compatible;

    // Of the known releases below, the nearest one must not do as well; a release that a prefix stands for is the same driver.
    private static void PredecessorFails(OMachine machine, string driver, Func<DriverVersion, bool> fails, string because)
    {
        var before = Facts.Drivers.Where(d => d.Os == (machine.Os == "linux" ? "linux" : "windows") && d.Version < new Num(driver)).Select(d => d.Version.Text)
            .LastOrDefault(d => !Facts.Drivers.Any(other => other.Version.Text != d && other.Version.StartsWith(new Num(d))));
        if (before is not null)
            fails(DriverVersion.Parse(before)).Should().BeTrue("{0} would do as well: {1}", before, because);
    }

    private static (DriverInfo Machine, StackDocument Stack) Applied(DriverInfo machine, StackDocument stack, IEnumerable<(string Change, string? To)> changes)
    {
        foreach (var (change, to) in changes)
        {
            (machine, stack) = change switch
            {
                "driver" => (machine with { Driver = DriverVersion.Parse(to!), MaxCuda = null }, stack),
                "python" => (machine with { Python = PythonVersion.Parse(to!) }, stack),
                "compiler" => (WithCompiler(machine, to!.Split(' ')), stack),
                "gpu" => (machine with { Gpus = Kept(machine.Gpus!, to!) }, stack),
                "torch" => (machine, stack with { Torch = PackageVersion.Parse(to!) }),
                "cudaTag" => (machine, stack with { CudaTag = CudaTag.Parse(to!) }),
                "torchvision" => (machine, stack with { Torchvision = PackageVersion.Parse(to!) }),
                "torchaudio" => (machine, stack with { Torchaudio = PackageVersion.Parse(to!) }),
                "toolkit" => (machine, stack with { Toolkit = CudaVersion.Parse(to!) }),
                "cudnn" => (machine, stack with { Cudnn = DottedVersion.Parse(to!) }),
                "packaging" => (machine, stack with { Packaging = to switch { "conda" => CudaCompat.Matrix.Rows.Packaging.Conda, "conda-forge" => CudaCompat.Matrix.Rows.Packaging.CondaForge, _ => CudaCompat.Matrix.Rows.Packaging.Pip } }),
                _ => throw new InvalidOperationException($"the contract has no change '{change}'."),
            };
        }

        return (machine, stack);
    }

    private static DriverInfo WithCompiler(DriverInfo machine, string[] words) => words[0] switch
    {
        "gcc" => machine with { Gcc = DottedVersion.Parse(words[1]) },
        "clang" => machine with { Clang = DottedVersion.Parse(words[1]) },
        _ => machine with { Msvc = DottedVersion.Parse(words[1]) },
    };

    private static Gpu[] Kept(IReadOnlyList<Gpu> gpus, string names)
    {
        var kept = names.Split(" + ");
        return [.. gpus.Where((g, i) => kept.Contains(g.Name ?? $"GPU {i}"))];
    }
}
