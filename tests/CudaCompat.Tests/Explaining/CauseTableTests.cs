using CudaCompat.Explaining;

namespace CudaCompat.Tests.Explaining;

/// <summary>The table of causes is sound: every text is shown by an example, no near miss fits, every kind is there.</summary>
public sealed class CauseTableTests
{
    // The contract's list.
    private static readonly string[] Kinds =
    [
        "companion-mismatch", "companion-cpu-cuda", "companion-cuda-mismatch", "cpu-build", "no-kernel-image", "driver-too-old", "driver-not-loaded", "driver-library-mismatch", "driver-state",
        "device-hidden", "no-device", "library-missing", "library-shadowed", "vc-runtime-missing", "vc-runtime-too-old", "cudnn-mismatch", "numpy-version", "dependency-missing", "dependency-version",
        "python-unsupported", "index-unreachable", "wrong-index", "package-incomplete", "disk-full", "path-too-long", "console-encoding", "glibc-too-old", "libstdcxx-too-old", "host-compiler-missing",
        "host-compiler-unsupported", "toolkit-missing", "toolkit-torch-mismatch", "arch-unsupported-by-toolkit", "ptx-newer-than-driver", "out-of-memory", "paging-file-too-small", "wsl-libcuda",
        "container-runtime", "permissions", "fabric-manager", "forward-compat", "nccl", "triton-missing", "triton-compiler", "conda-mixed", "wheel-not-for-this-platform", "externally-managed",
        "antivirus", "cpu-instruction", "path-shadowed", "known-bad-release", "other",
    ];

    public static TheoryData<string> Rows => [.. CauseTable.Curated.Rows.Select(r => r.Id)];

    [Fact]
    public void Kinds_AreThoseOfTheContract_AndEachIsReachedByAText()
    {
        CauseJson.ReadKinds().Select(k => k.Kind).Should().BeEquivalentTo(Kinds);
        CauseTable.Curated.Rows.Select(r => r.Kind).Should().Contain(Kinds);
        CauseTable.Curated.Rows.SelectMany(r => r.OrElse ?? []).Should().BeSubsetOf(Kinds);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row_ShowsEveryText_AndHasANearMissThatItDoesNotFit(string id)
    {
        var row = CauseTable.Curated.Rows.Single(r => r.Id == id);
        row.Sources.Should().NotBeEmpty();
        row.Examples.Should().NotBeEmpty();
        row.NearMisses.Should().NotBeEmpty();
        foreach (var text in row.Texts)
        {
            var alone = Table(row with { Texts = [text], With = null, Unless = null });
            row.Examples.Should().Contain(e => Fits(alone, e), "'{0}' is shown by no example", text);
        }

        var whole = Table(row with { With = null, Unless = null });
        row.Examples.Should().AllSatisfy(e => Fits(whole, e).Should().BeTrue("'{0}' is an example of {1}", e, id));
        row.NearMisses.Should().AllSatisfy(n => Fits(whole, n).Should().BeFalse("'{0}' is a near miss of {1}", n, id));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row_SaysNoNameThatNoTextHas(string id)
    {
        var row = CauseTable.Curated.Rows.Single(r => r.Id == id);
        foreach (var example in row.Examples)
        {
            var cause = Explainer.Explain(example).Causes;
            if (row.Needs is not null && cause.Count == 0)
                continue;
            cause.Should().NotBeEmpty("'{0}' is an example of {1}", example, id);
            cause.Should().AllSatisfy(c => c.Message.Should().NotContainAny("{", "}"));
        }
    }

    [Fact]
    public void Ids_AreUnique() => CauseTable.Curated.Rows.Select(r => r.Id).Should().OnlyHaveUniqueItems();

    private static CauseTable Table(CauseRow row) => new([row], CauseJson.ReadKinds());

    private static bool Fits(CauseTable table, string text)
    {
        var scanner = new CauseScanner(table);
        foreach (var line in text.Split('\n'))
            scanner.Read(line);
        return scanner.Hits.Any();
    }
}
