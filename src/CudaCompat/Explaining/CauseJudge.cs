using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Explaining;

/// <summary>A row that the text shows, judged with what is known.</summary>
/// <param name="Hit">Where it stands.</param>
/// <param name="Kind">The kind, which facts may have changed.</param>
/// <param name="Certainty">How sure it is now.</param>
/// <param name="Message">The sentence.</param>
internal sealed record JudgedCause(CauseHit Hit, string Kind, Certainty Certainty, string Message);

/// <summary>Puts the rows that a text shows in their order: first what names a cause, the first in the text before what follows from it; facts settle what the text leaves open.</summary>
internal sealed class CauseJudge(CauseTable table, CompatibilityMatrix matrix, DriverInfo? machine, bool isSystemKnown)
{
    private const int MostHits = 4;

    /// <summary>The causes, the best first.</summary>
    public IReadOnlyList<JudgedCause> Judge(IEnumerable<CauseHit> hits)
    {
        var fitting = hits.Where(h => Holds(h.Row)).OrderBy(h => h.Row.Role).ThenBy(h => h.Number).ThenBy(h => table.Order[h.Row]).Take(MostHits).ToList();
        if (fitting.Count == 0)
            return [];
        var causes = new List<JudgedCause>();
        foreach (var hit in fitting)
        {
            var judged = Settled(hit);
            if (!causes.Exists(c => c.Kind == judged.Kind))
                causes.Add(causes.Count == 0 ? judged : judged with { Certainty = Later(judged, causes[0]) });
        }

        foreach (var kind in fitting[0].Row.OrElse ?? [])
        {
            if (causes[0].Certainty != Certainty.Certain && !causes.Exists(c => c.Kind == kind))
                causes.Add(new JudgedCause(fitting[0], kind, Certainty.Possible, table.Kind(kind).Message));
        }

        return causes;
    }

    /// <summary>The torch that runs: what is known of the environment.</summary>
    private PackageVersion? Torch => machine?.Installed?.Torch;

    // A consequence, and another cause on another line, is possible at most: the first one explains it as well.
    private static Certainty Later(JudgedCause cause, JudgedCause first) =>
        cause.Hit.Row.Role == CauseRole.Cause && cause.Hit.Number != first.Hit.Number && cause.Certainty != Certainty.Possible ? Certainty.Likely : Certainty.Possible;

    private bool Holds(CauseRow row)
    {
        if (row.Os is { } systems && (!isSystemKnown || machine is null ? row.Needs?.Contains("os") == true : !systems.Contains(machine.OperatingSystem)))
            return false;
        if (row.Torch is { } range && Torch is { } torch && !range.Matches(torch.WithoutLabel))
            return false;
        return row.Needs?.Contains("gpu") != true || machine?.Gpus is { Count: > 0 };
    }

    private JudgedCause Settled(CauseHit hit)
    {
        var row = hit.Row;
        var certainty = row.Torch is not null && Torch is not null && row.Certainty == Certainty.Likely ? Certainty.Certain : row.Certainty;
        var judged = new JudgedCause(hit, row.Kind, certainty, Sentence(row.Message ?? table.Kind(row.Kind).Message, hit));
        return row.Kind switch
        {
            "no-kernel-image" => Architecture(judged),
            "companion-mismatch" or "companion-cpu-cuda" or "companion-cuda-mismatch" when row.OrElse is { Count: > 0 } => Companions(judged),
            _ => judged,
        };
    }

    // "No kernel image" where torch has code for the card is about another package's kernels.
    private JudgedCause Architecture(JudgedCause cause)
    {
        if (machine?.Gpus is not { Count: > 0 } gpus || Torch is not { } torch || !CudaTag.TryParse(torch.Label, out var tag) || tag.IsCpu)
            return cause;
        var verdict = Resolver.Check(machine with { Driver = null, MaxCuda = null }, new StackDocument { Torch = torch.WithoutLabel, CudaTag = tag }, matrix);
        var name = gpus[0].Name ?? $"compute capability {gpus[0].ComputeCapability}";
        if (verdict.Findings.Any(f => f.Rule == "gpu-not-in-build"))
            return cause with { Certainty = Certainty.Certain, Message = $"torch {torch} has no code for {name}." };
        if (verdict.Verdict == CheckVerdict.Incompatible || verdict.Findings.Any(f => f.Rule is "no-such-build" or "gpu-unknown" or "not-in-data" or "newer-than-data" or "prerelease" or "ptx-needs-newer-driver" or "runs-by-ptx"))
            return cause;
        return cause.Hit.Row.Id is "no-kernel" or "invalid-function"
            ? cause with { Kind = "companion-mismatch", Certainty = Certainty.Likely, Message = $"torch {torch} does have code for {name}: the kernel that is missing is that of another package, which was built for other cards or another torch." }
            : cause;
    }

    // Which of the three it is shows in the versions that are installed.
    private JudgedCause Companions(JudgedCause cause)
    {
        if (Torch is not { } torch)
            return cause;
        foreach (var (name, version) in new[] { ("torchvision", machine?.Installed?.Torchvision), ("torchaudio", machine?.Installed?.Torchaudio) })
        {
            if (version is not { } companion || !cause.Hit.Line.Contains(name, StringComparison.OrdinalIgnoreCase))
                continue;
            var stack = new StackDocument
            {
                Torch = torch.WithoutLabel,
                CudaTag = CudaTag.TryParse(torch.Label, out var tag) ? tag : null,
                Torchvision = name == "torchvision" ? companion.WithoutLabel : null,
                Torchaudio = name == "torchaudio" ? companion.WithoutLabel : null,
            };
            if (Resolver.Check(machine!, stack, matrix).Findings.FirstOrDefault(f => f.Rule == name + "-mismatch") is { } finding)
                return cause with { Kind = "companion-mismatch", Certainty = Certainty.Certain, Message = finding.Message };
            if (torch.Label is { } mine && companion.Label is { } other && mine != other)
                return cause with { Kind = mine == "cpu" || other == "cpu" ? "companion-cpu-cuda" : "companion-cuda-mismatch", Certainty = Certainty.Certain, Message = $"torch {torch} and {name} {companion} are not of one build." };
        }

        return cause;
    }

    internal static string Sentence(string sentence, CauseHit hit)
    {
        for (var gap = hit.Names; gap is not null; gap = gap.Before)
            sentence = sentence.Replace($"{{{gap.Name}}}", gap.Value, StringComparison.Ordinal);
        var open = sentence.IndexOf('{', StringComparison.Ordinal);
        while (open >= 0 && sentence.IndexOf('}', open) is > 0 and var close)
        {
            var name = sentence[(open + 1)..close];
            sentence = sentence[..open] + Unnamed(name) + sentence[(close + 1)..];
            open = sentence.IndexOf('{', open);
        }

        return sentence;
    }

    private static string Unnamed(string name) => name switch
    {
        "dll" or "lib" => "the library",
        "module" or "package" or "name" => "it",
        "companion" => "the other package",
        "sm" => "this GPU's architecture",
        _ => "",
    };
}
