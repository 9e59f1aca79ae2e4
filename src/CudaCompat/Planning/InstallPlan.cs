using System.Text.Json.Serialization;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;

namespace CudaCompat.Planning;

/// <summary>What to install on a machine, step by step, and why.</summary>
public sealed record InstallPlan
{
    /// <summary>The chosen combination, complete, with exact versions.</summary>
    public required StackDocument Stack { get; init; }

    /// <summary>How the driver runs it: full | minor | forward | cpu.</summary>
    public required string Compatibility { get; init; }

    /// <summary>How the existence of each component is known.</summary>
    public IReadOnlyDictionary<string, KnownBy> KnownBy { get; init => field = value ?? new Dictionary<string, KnownBy>(); } = new Dictionary<string, KnownBy>();

    /// <summary>The components that PyTorch does not need, since its packages bring their own.</summary>
    public IReadOnlyList<string> NotNeededByTorch { get; init => field = value ?? []; } = [];

    /// <summary>The steps in order.</summary>
    [JsonConverter(typeof(StepListConverter))]
    public IReadOnlyList<InstallStep> Steps { get; init => field = value ?? []; } = [];

    /// <summary>What a person would type.</summary>
    public IReadOnlyList<string> Commands { get; init => field = value ?? []; } = [];

    /// <summary>Environment variables that make the plan true, such as CUDA_VISIBLE_DEVICES for a chosen subset of GPUs.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>What to know.</summary>
    public IReadOnlyList<string> Notes { get; init => field = value ?? []; } = [];

    /// <summary>The machine it is for.</summary>
    public DriverInfo? Machine { get; init; }

    /// <summary>What was asked for. Whoever is given the plan solves it again and compares.</summary>
    [JsonConverter(typeof(PlanRequestConverter))]
    public PlanRequest? Request { get; init; }

    /// <summary>The version of the data it was made from.</summary>
    public string? DataVersion { get; init; }

    /// <summary>Why this build, and why not the newer ones.</summary>
    public string Explanation { get; init => field = value ?? ""; } = "";
}
