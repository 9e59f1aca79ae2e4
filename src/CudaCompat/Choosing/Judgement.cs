using System.Numerics;
using CudaCompat.Resolution;

namespace CudaCompat.Choosing;

/// <summary>What the rules found of a build, without the sentences.</summary>
internal struct Judgement
{
    public BuildVerdict Verdict;

    /// <summary>The first rule that stops it or that lacks a fact.</summary>
    public string? Rule;

    public DriverFitMode Mode;

    /// <summary>The GPUs that it was judged on.</summary>
    public ushort Cards;

    /// <summary>Those of them that it serves by PTX alone.</summary>
    public ushort PtxCards;

    /// <summary>Where the GPUs are not known: the architectures of the driver's branch that its native code serves.</summary>
    public ulong Served;

    public void Stop(string rule)
    {
        Rule = Verdict == BuildVerdict.Refused ? Rule : rule;
        Verdict = BuildVerdict.Refused;
    }

    public void LeaveOpen(string rule)
    {
        if (Verdict is BuildVerdict.Refused or BuildVerdict.Unknown)
            return;
        Rule = rule;
        Verdict = BuildVerdict.Unknown;
    }

    /// <summary>Negative where the first is the better of two.</summary>
    public static int Compare(in Judgement a, CudaBuild of, in Judgement b, CudaBuild other)
    {
        if (a.Verdict != b.Verdict)
            return a.Verdict.CompareTo(b.Verdict);
        if (a.Verdict != BuildVerdict.Runs)
            return 0;
        if (of.Cuda is null || other.Cuda is null)
            return (of.Cuda is null).CompareTo(other.Cuda is null);
        // The newest architecture of an unknown machine counts first, then how many there are.
        var newest = BitOperations.LeadingZeroCount(a.Served).CompareTo(BitOperations.LeadingZeroCount(b.Served));
        if (newest != 0)
            return newest;
        var most = BitOperations.PopCount(b.Served).CompareTo(BitOperations.PopCount(a.Served));
        if (most != 0)
            return most;
        if (a.PtxCards != b.PtxCards)
            return a.PtxCards.CompareTo(b.PtxCards);
        var full = (a.Mode == DriverFitMode.Minor).CompareTo(b.Mode == DriverFitMode.Minor);
        return full != 0 ? full : other.Cuda.Value.CompareTo(of.Cuda.Value);
    }
}
