using System.Text.Json.Serialization;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Rows;

/// <summary>data/curated/advisories.json: releases known to be bad. What is null does not narrow it.</summary>
/// <param name="Id">Its name: adv-008.</param>
/// <param name="Package">torch, torchvision, torchaudio, cudnn, cublas, nccl, toolkit, driver, numpy, triton, python, or the package's own name.</param>
/// <param name="Versions">The releases.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Symptom">What goes wrong, one sentence.</param>
/// <param name="Take">What to take instead, after "Take".</param>
/// <param name="Date">When it became known, YYYY-MM.</param>
/// <param name="Certainty">Who says so.</param>
/// <param name="Sources">The threads.</param>
/// <param name="Os">The systems.</param>
/// <param name="Capabilities">Compute capabilities: 8.6, 10 for every 10.x, &gt;=9.0.</param>
/// <param name="Cuda">The CUDA of the build: 12.8, or 12 for every 12.x.</param>
/// <param name="Python">The Pythons.</param>
/// <param name="Beside">A package that has to be there too.</param>
/// <param name="BesideVersions">Its releases.</param>
/// <param name="When">What else it takes, which neither machine nor packages show; null where nothing else is needed.</param>
/// <param name="FixedIn">The first release without it.</param>
internal sealed record AdvisoryRow(
    string Id,
    string Package,
    VersionSpec Versions,
    AdvisorySeverity Severity,
    string Symptom,
    string Take,
    string Date,
    AdvisoryCertainty Certainty,
    string[] Sources,
    OperatingSystemFamily[]? Os = null,
    string[]? Capabilities = null,
    string[]? Cuda = null,
    string[]? Python = null,
    string? Beside = null,
    VersionSpec? BesideVersions = null,
    string? When = null,
    string? FixedIn = null);

/// <summary>How bad a release is.</summary>
[JsonConverter(typeof(AdvisorySeverityNames))]
internal enum AdvisorySeverity
{
    /// <summary>It does not work.</summary>
    Broken,

    /// <summary>It works and is wrong, without a word.</summary>
    WrongResults,

    /// <summary>Its publisher took it back.</summary>
    Withdrawn,

    /// <summary>It stops now and then.</summary>
    CrashSometimes,

    /// <summary>It is much slower than others.</summary>
    Slow,
}

/// <summary>The document names of <see cref="AdvisorySeverity"/>.</summary>
internal sealed class AdvisorySeverityNames() : NamedEnumConverter<AdvisorySeverity>(
    (AdvisorySeverity.Broken, "broken"), (AdvisorySeverity.WrongResults, "wrong-results"), (AdvisorySeverity.Withdrawn, "withdrawn"), (AdvisorySeverity.CrashSometimes, "crash-sometimes"), (AdvisorySeverity.Slow, "slow"))
{
    internal static readonly AdvisorySeverityNames Instance = new();
}

/// <summary>Who says that a release is bad.</summary>
[JsonConverter(typeof(AdvisoryCertaintyNames))]
internal enum AdvisoryCertainty
{
    /// <summary>Its maintainers.</summary>
    MaintainerConfirmed,

    /// <summary>Several users.</summary>
    SeveralUsers,

    /// <summary>One.</summary>
    OneReport,
}

/// <summary>The document names of <see cref="AdvisoryCertainty"/>.</summary>
internal sealed class AdvisoryCertaintyNames() : NamedEnumConverter<AdvisoryCertainty>(
    (AdvisoryCertainty.MaintainerConfirmed, "maintainer-confirmed"), (AdvisoryCertainty.SeveralUsers, "several-users"), (AdvisoryCertainty.OneReport, "one-report"))
{
    internal static readonly AdvisoryCertaintyNames Instance = new();
}
