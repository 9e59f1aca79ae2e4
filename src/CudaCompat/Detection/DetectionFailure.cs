using CudaCompat.Machines;

namespace CudaCompat.Detection;

/// <summary>Why a probe or a pasted text gave no machine: a named kind, what was seen, and the next safe step.</summary>
/// <param name="Kind">The name that programs match on, such as driver_library_mismatch.</param>
/// <param name="Message">What was seen and its likely cause, one or two sentences.</param>
/// <param name="Next">What to do next.</param>
public sealed record DetectionFailure(string Kind, string Message, string Next)
{
    /// <summary>The kind of a text in which nothing known was found.</summary>
    public const string Unrecognised = "unrecognised_output";

    /// <summary>The kind of a probe whose program gave no answer in time.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>The kind of a driver whose library or program is there while its kernel module is not.</summary>
    internal const string DriverNotLoaded = "driver_comm_failed";

    /// <summary>The kind of an import of torch that was asked for and failed.</summary>
    public const string TorchImportFailed = "torch_import_failed";

    /// <summary>Facts inside the failing text, by name: nvmlLibraryVersion, busId, exitCode, kernel, requirement.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();

    /// <summary>The system that the failing text betrays (a PowerShell message is Windows), or null.</summary>
    public OperatingSystemFamily? OperatingSystem { get; init; }

    /// <summary>The probe that failed; null for pasted text.</summary>
    public string? Probe { get; init; }

    /// <inheritdoc/>
    public bool Equals(DetectionFailure? other) =>
        other is not null && Kind == other.Kind && Message == other.Message && Next == other.Next && Probe == other.Probe && OperatingSystem == other.OperatingSystem
        && Details.Count == other.Details.Count && Details.All(d => other.Details.TryGetValue(d.Key, out var value) && value == d.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Message, Next, Probe);
}
