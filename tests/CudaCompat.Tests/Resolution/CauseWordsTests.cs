using CudaCompat.Matrix;
using CudaCompat.Resolution;
using CudaCompat.Tests.Oracle;

namespace CudaCompat.Tests.Resolution;

/// <summary>One machine for each cause, and the sentence that a person in trouble reads.</summary>
public sealed class CauseWordsTests
{
    private static readonly IReadOnlyList<(string Rule, Func<IReadOnlyList<Cause>> Find, string Sentence)> Table = CauseSamples.All;

    public static TheoryData<string, int> Rows
    {
        get
        {
            var rows = new TheoryData<string, int>();
            for (var i = 0; i < Table.Count; i++)
                rows.Add(Table[i].Rule, i);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Cause_OnItsMachine_IsToldInThisSentence(string rule, int row)
    {
        var causes = Table[row].Find();
        causes.Where(c => c.Rule == rule).Select(c => c.English()).Should().Contain(Table[row].Sentence);
    }

    [Fact]
    public void EveryCause_HasItsSentenceHere()
    {
        // Those of a program's own builds have their tests beside them.
        var all = typeof(Cause).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Cause)) && t.Namespace != "CudaCompat.Choosing").Select(t => t.Name);
        var met = Table.SelectMany(row => row.Find()).Concat(RareSentenceTests.Causes).Select(c => c.GetType().Name).Distinct();
        // Not of the resolver: what doctor finds on a machine, and why a build that works is not taken.
        all.Except(met).Should().BeEquivalentTo("DriverFailure", "ToolkitPathOrder", "ForwardCompatStale", "NothingInstalled", "TorchNotReleased", "Preferred");
    }

    [Fact]
    public void EveryRuleOfTheContract_ThatTheResolverDecides_IsMet()
    {
        string[] rules =
        [
            "driver-too-old", "driver-unknown", "driver-drops-gpu", "open-kernel-module", "forward-compat-unavailable", "gpu-not-in-build", "ptx-needs-newer-driver", "libraries-too-old-for-gpu", "gpu-unknown",
            "no-such-build", "python-unsupported", "glibc-too-old", "cpu-only-build", "torchvision-mismatch", "torchaudio-mismatch", "cudnn-cuda-mismatch", "cudnn-gpu-unsupported", "cudnn-driver-too-old", "cudnn-shadowed",
            "toolkit-driver-too-old", "toolkit-gpu-unsupported", "toolkit-torch-mismatch", "host-compiler-unsupported", "wsl-linux-driver", "os-unsupported", "no-nvidia-gpu", "platform-not-covered",
        ];
        Table.Select(row => row.Rule).Distinct().Should().Contain(rules);
    }
}
