using System.Text.Json.Serialization;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Choosing;

/// <summary>What came of a choice.</summary>
[JsonConverter(typeof(ChoiceVerdictNames))]
public enum ChoiceVerdict
{
    /// <summary>A build runs: <see cref="ChoiceResult.Best"/>.</summary>
    Chosen,

    /// <summary>None runs.</summary>
    Refused,

    /// <summary>None is known to run, and of one it cannot be decided: a fact is missing.</summary>
    Unknown,
}

/// <summary>The document names of <see cref="ChoiceVerdict"/>.</summary>
internal sealed class ChoiceVerdictNames() : NamedEnumConverter<ChoiceVerdict>(
    (ChoiceVerdict.Chosen, "chosen"),
    (ChoiceVerdict.Refused, "refused"),
    (ChoiceVerdict.Unknown, "unknown"));

/// <summary>Which of a program's builds run on a machine. Sentences and remedies are made when they are first asked for.</summary>
public sealed class ChoiceResult
{
    private readonly ChoiceContext _context;
    private IReadOnlyList<Finding>? _findings;
    private IReadOnlyList<Remedy>? _remedies;

    internal ChoiceResult(ChoiceContext context, JudgedBuild[] builds)
    {
        _context = context;
        Builds = builds;
    }

    /// <summary>The machine's own name, echoed.</summary>
    public string? Id => _context.Machine.Document.Id;

    /// <summary>Whether a build runs.</summary>
    public ChoiceVerdict Verdict => Builds.Count > 0 && Builds[0].Verdict == BuildVerdict.Runs ? ChoiceVerdict.Chosen
        : Builds.Any(b => b.Verdict == BuildVerdict.Unknown) ? ChoiceVerdict.Unknown : ChoiceVerdict.Refused;

    /// <summary>The build to take; null where none runs.</summary>
    public CudaBuild? Best => Verdict == ChoiceVerdict.Chosen ? Builds[0].Build : null;

    /// <summary>
    /// Every build, the best first: those that run, those that do without the GPU, those that cannot be decided, those that do not run.
    /// Among those that run
    /// native code comes before PTX, the driver's own CUDA before minor-version compatibility, a newer CUDA before an older one, else the
    /// order given.
    /// </summary>
    public IReadOnlyList<JudgedBuild> Builds { get; }

    /// <summary>What was assumed of the machine, and what is not known of it.</summary>
    public IReadOnlyList<Finding> Findings => _findings ??= _context.OfMachine();

    /// <summary>
    /// Changes that make a build run, or a better one than <see cref="Best"/>: each was judged again with that fact changed.
    /// </summary>
    public IReadOnlyList<Remedy> Remedies => _remedies ??= ChoiceRemedies.Of(_context, this);

    /// <summary>The version of the data.</summary>
    public string DataVersion => _context.Machine.Matrix.DataVersion;

    /// <summary>The name of the best build, or what the verdict is.</summary>
    public override string ToString() => Best?.ToString() ?? (Verdict == ChoiceVerdict.Unknown ? "unknown" : "none runs");
}
