using CudaCompat.Machines;
using CudaCompat.Resolution;

namespace CudaCompat.Diagnosis;

/// <summary>What is installed on a machine, judged.</summary>
public sealed record DoctorReport
{
    /// <summary>The machine as detected.</summary>
    public required DriverInfo Machine { get; init; }

    /// <summary>The combination that is installed: torch of the chosen Python, the toolkit first on PATH, the cuDNN that the loader finds; null where nothing of the chain is installed.</summary>
    public StackDocument? Stack { get; init; }

    /// <summary>What was found, errors first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What would mend it, the cheapest first.</summary>
    public required IReadOnlyList<Remedy> Remedies { get; init; }

    /// <summary>What was done to mend it; null where that was not asked for. The findings are those of afterwards.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public RepairReport? Fix { get; init; }

    /// <summary>The version of the data.</summary>
    public required string DataVersion { get; init; }

    /// <summary>True where nothing found is an error.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Healthy => !Findings.Any(f => f.Severity == Severity.Error);
}
