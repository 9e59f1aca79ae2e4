using System.Text.Json.Serialization;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Choosing;

/// <summary>What was decided of one build.</summary>
[JsonConverter(typeof(BuildVerdictNames))]
public enum BuildVerdict
{
    /// <summary>It runs as it is meant to: on every GPU or, where there is none, without.</summary>
    Runs,

    /// <summary>It runs, but leaves the GPU unused that is there: what to fall back on.</summary>
    WithoutGpu,

    /// <summary>A fact is missing that decides.</summary>
    Unknown,

    /// <summary>It does not run.</summary>
    Refused,
}

/// <summary>The document names of <see cref="BuildVerdict"/>.</summary>
internal sealed class BuildVerdictNames() : NamedEnumConverter<BuildVerdict>(
    (BuildVerdict.Runs, "runs"),
    (BuildVerdict.WithoutGpu, "without-gpu"),
    (BuildVerdict.Unknown, "unknown"),
    (BuildVerdict.Refused, "refused"));

/// <summary>The code by which a build runs on the GPUs.</summary>
[JsonConverter(typeof(DeviceCodeNames))]
public enum DeviceCode
{
    /// <summary>Native code, on every GPU.</summary>
    Native,

    /// <summary>PTX on one GPU at least, which its driver compiles at first use.</summary>
    Ptx,
}

/// <summary>The document names of <see cref="DeviceCode"/>.</summary>
internal sealed class DeviceCodeNames() : NamedEnumConverter<DeviceCode>((DeviceCode.Native, "native"), (DeviceCode.Ptx, "ptx"));

/// <summary>One build, judged on a machine.</summary>
public sealed class JudgedBuild
{
    private readonly ChoiceContext _context;
    private readonly Judgement _judgement;
    private IReadOnlyList<Finding>? _findings;

    internal JudgedBuild(ChoiceContext context, CudaBuild build, Judgement judgement)
    {
        _context = context;
        _judgement = judgement;
        Build = build;
    }

    /// <summary>The build, as it was given.</summary>
    public CudaBuild Build { get; }

    /// <summary>Whether it runs.</summary>
    public BuildVerdict Verdict => _judgement.Verdict;

    /// <summary>The id of the rule that decided against it, or of the fact that is missing; null where it runs.</summary>
    public string? Rule => _judgement.Rule;

    /// <summary>Why it does not run, in a sentence; null where it runs.</summary>
    public string? Message => Rule is { } rule ? Findings.FirstOrDefault(f => f.Rule == rule)?.Message : null;

    /// <summary>The code by which it runs; null where it does not run, needs no GPU, or the GPUs are not known.</summary>
    public DeviceCode? Code =>
        Verdict == BuildVerdict.Runs && _judgement.Cards > 0 ? _judgement.PtxCards > 0 ? DeviceCode.Ptx : DeviceCode.Native : null;

    /// <summary>
    /// full: the driver reports its CUDA or a newer one · minor: by minor-version compatibility · cpu: without CUDA; null where it does not
    /// run or the driver is not known.
    /// </summary>
    public string? Compatibility => Verdict is not (BuildVerdict.Runs or BuildVerdict.WithoutGpu) ? null
        : Build.Cuda is null ? "cpu"
        : _judgement.Mode switch { DriverFitMode.Full => "full", DriverFitMode.Minor => "minor", _ => null };

    /// <summary>Everything found about it, errors first.</summary>
    public IReadOnlyList<Finding> Findings => _findings ??= _context.Told(Build);

    internal Judgement Judgement => _judgement;

    /// <summary>"cuda12 (CUDA 12.4): runs".</summary>
    public override string ToString() => $"{Build}: {(Rule is { } rule ? $"{Verdict}, {rule}" : Verdict)}";
}
