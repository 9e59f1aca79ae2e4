namespace CudaCompat.Resolution.Rules;

/// <summary>The part of a candidate that a rule is about.</summary>
[Flags]
internal enum Part
{
    /// <summary>The machine's facts, and what is missing of them: they weigh nothing in a choice.</summary>
    Machine = 1,

    /// <summary>The platform: what no choice can mend.</summary>
    Platform = 2,

    /// <summary>The driver against each GPU: what no choice can mend either.</summary>
    Cards = 4,

    Torch = 8,

    Companions = 16,

    Toolkit = 32,

    Cudnn = 64,

    /// <summary>Whether there is a GPU, and whether anything is known: what a choice has settled before.</summary>
    Presence = 128,

    All = 255,
}

/// <summary>
/// Every rule, in the order in which a person would meet them. The first that stops a candidate is why it is out; all that they find is the verdict on a
/// stack. Nothing else puts rules in order: plan, check, remedies and refusals ask here.
/// </summary>
internal static class RuleBook
{
    [ThreadStatic]
    private static Causes? scratch;

    private delegate void Judge(Question question, Candidate candidate, Causes found);

    private static readonly (Part Part, Judge Judge)[] Rules =
    [
        (Part.Machine, MachineRule.Judge),
        (Part.Platform, PlatformRule.Judge),
        (Part.Presence, KnownMachineRule.Judge),
        (Part.Platform, OtherMakerRule.Judge),
        (Part.Platform, ForwardLibraryRule.Judge),
        (Part.Torch, ExistenceRule.Judge),
        (Part.Torch, PythonRule.Judge),
        (Part.Torch, GlibcRule.Judge),
        (Part.Cards, DriverGpuRule.Judge),
        (Part.Torch, DriverRule.Judge),
        (Part.Torch, GpuCodeRule.Judge),
        (Part.Torch, ProgramRule.Judge),
        (Part.Torch, BundledCudnnRule.Judge),
        (Part.Presence, GpuPresenceRule.Judge),
        (Part.Presence, DriverLifeRule.Judge),
        (Part.Companions, CompanionRule.Judge),
        (Part.Toolkit, ToolkitExistsRule.Judge),
        (Part.Toolkit, PipToolkitRule.Judge),
        (Part.Toolkit, ToolkitDriverRule.Judge),
        (Part.Toolkit, ToolkitGpuRule.Judge),
        (Part.Toolkit, ToolkitTorchRule.Judge),
        (Part.Toolkit, HostCompilerRule.Judge),
        (Part.Toolkit, MinorVersionRule.Judge),
        (Part.Cudnn, CudnnExistsRule.Judge),
        (Part.Cudnn, CudnnShadowRule.Judge),
        (Part.Cudnn, CudnnCudaRule.Judge),
        (Part.Cudnn, CudnnGpuRule.Judge),
        (Part.Cudnn, CudnnDriverRule.Judge),
    ];

    /// <summary>Everything that the rules find.</summary>
    public static Causes All(Question question, Candidate candidate, Part parts = Part.All)
    {
        parts = Sayable(question, parts);
        var found = new Causes();
        foreach (var (part, judge) in Rules)
        {
            if ((part & parts & ~found.Closed) != 0)
                judge(question, candidate, found);
        }

        return found;
    }

    /// <summary>The first cause that stops the candidate, one that lacks a fact only where none decides; null where none does.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="candidate">What is judged.</param>
    /// <param name="parts">The parts of it that count.</param>
    /// <param name="allowed">The warnings that do not stop it.</param>
    public static Cause? First(Question question, Candidate candidate, Part parts, Allowance allowed)
    {
        parts = Sayable(question, parts);
        // Thousands of candidates are looked at for one answer and most of them have no cause: one list serves them all.
        var found = scratch ??= [];
        found.Clear();
        var seen = 0;
        Cause? undecided = null;
        foreach (var (part, judge) in Rules)
        {
            if ((part & parts & ~found.Closed) == 0)
                continue;
            judge(question, candidate, found);
            for (; seen < found.Count; seen++)
            {
                var cause = found[seen];
                if (!cause.Stops(allowed))
                    continue;
                if (cause.Severity == Severity.Error || !cause.Undecided)
                    return cause;
                undecided ??= cause;
            }
        }

        return undecided;
    }

    /// <summary>What is assumed of the machine and missing of it, whatever the candidate.</summary>
    public static Causes OfMachine(Question question) => All(question, new Candidate(), Part.Machine);

    /// <summary>True where no rule finds an error or lacks a fact; that the machine is not known at all is nobody's fault.</summary>
    public static bool Passes(Question question, Candidate candidate) =>
        First(question, candidate, Part.All & ~Part.Presence, Anything) is null && First(question, candidate, Part.Presence, Anything) is null or MachineUnknown;

    private const Allowance Anything = (Allowance)~0;

    // What there is for macOS is not in the data, so nothing more can be said of it.
    private static Part Sayable(Question question, Part parts) =>
        question.Machine.BuildOs == Machines.OperatingSystemFamily.MacOS ? parts & (Part.Machine | Part.Platform) : parts;
}

/// <summary>The causes found so far, each once.</summary>
internal sealed class Causes : List<Cause>
{
    /// <summary>The parts of which no more can be said, since what is named is not known.</summary>
    public Part Closed { get; private set; }

    public void Close(Part part) => Closed |= part;

    public new void Clear()
    {
        base.Clear();
        Closed = 0;
    }

    public new void Add(Cause? cause)
    {
        if (cause is not null && !Contains(cause))
            base.Add(cause);
    }

    public void AddAll(IEnumerable<Cause> causes)
    {
        foreach (var cause in causes)
            Add(cause);
    }
}
