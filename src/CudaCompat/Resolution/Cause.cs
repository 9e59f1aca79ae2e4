namespace CudaCompat.Resolution;

/// <summary>
/// Why something does not work, works only in part, or could not be judged: the facts, with their sentence beside them. A further language is one more
/// method here, and a cause without its sentence does not compile.
/// </summary>
internal abstract record Cause
{
    /// <summary>The rule id of the contract.</summary>
    public abstract string Rule { get; }

    public Severity Severity { get; init; } = Severity.Error;

    /// <summary>What it is about: "torch 2.8.0+cu128", "driver 535.104.05".</summary>
    public required string Subject { get; init; }

    /// <summary>True where nothing known decides: with no error beside it the verdict is unknown.</summary>
    public bool Undecided { get; init; }

    /// <summary>Ids of the sources of the facts.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The place in the machine of the GPU that it is about, or -1: one rule is told once for each GPU.</summary>
    public virtual int GpuIndex => -1;

    /// <summary>What a choice must be allowed to take it in spite of this, where it is no error.</summary>
    public virtual Allowance Needs => Allowance.None;

    /// <summary>One sentence, or a few that belong together.</summary>
    public abstract string English();

    /// <summary>True where it keeps a candidate from being taken.</summary>
    public bool Stops(Allowance allowed) => Severity == Severity.Error || Undecided || (Needs & ~allowed) != 0;

    /// <summary>The same of something that torch does not use: it fails nothing, and leaves nothing undecided.</summary>
    public Cause BesideTorch() => this with { Severity = Severity == Severity.Error ? Severity.Warning : Severity, Undecided = false };

    public Finding ToFinding() => new(Rule, Severity, Words.Short(Subject), English(), Sources);
}

/// <summary>What a choice takes only where nothing better is left: each is a warning, not an error.</summary>
[Flags]
internal enum Allowance
{
    None = 0,

    /// <summary>No native code for a GPU, but PTX that its driver compiles.</summary>
    Ptx = 1,

    /// <summary>A bundled cuDNN that does not serve a GPU: convolutions fail.</summary>
    CudnnWithoutTheGpu = 2,

    /// <summary>A toolkit or cuDNN that has a fault which torch itself does not meet.</summary>
    ToolkitFault = 4,

    /// <summary>A toolkit of another CUDA minor than torch's, or of another CUDA where nothing is compiled.</summary>
    OtherToolkit = 8,
}
