using System.Text.Json.Serialization;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>How much a finding weighs.</summary>
[JsonConverter(typeof(SeverityNames))]
public enum Severity
{
    /// <summary>The combination does not work.</summary>
    Error,

    /// <summary>What a person would trip over later.</summary>
    Warning,

    /// <summary>Worth knowing: an assumption, a fact that is missing.</summary>
    Info,
}

/// <summary>The document names of <see cref="Severity"/>.</summary>
internal sealed class SeverityNames() : NamedEnumConverter<Severity>((Severity.Error, "error"), (Severity.Warning, "warning"), (Severity.Info, "info"))
{
    internal static readonly SeverityNames Instance = new();
}
