namespace CudaCompat.Detection;

/// <summary>How a machine is looked at.</summary>
public sealed record DetectionOptions
{
    /// <summary>The environment variable that names a machine document to be taken instead of looking.</summary>
    public const string MachineVariable = "CUDACOMPAT_MACHINE";

    /// <summary>The longest any one probe or program may take; default 10 seconds.</summary>
    public TimeSpan ProbeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The interpreter or environment folder that torch is for; null to take the active environment, then the first Python on PATH.</summary>
    public string? Python { get; init; }

    /// <summary>True to import torch in the chosen Python and ask it; by default its metadata is read, which runs none of its code.</summary>
    public bool ImportTorch { get; init; }

    /// <summary>False to ignore the environment variable <see cref="MachineVariable"/>.</summary>
    public bool HonourMachineVariable { get; init; } = true;
}
