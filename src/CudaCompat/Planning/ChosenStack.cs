using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;

namespace CudaCompat.Planning;

/// <summary>What resolution has chosen, and what was asked about how to install it: all that steps and commands are made from.</summary>
internal sealed record ChosenStack
{
    /// <summary>The combination; null parts are not installed.</summary>
    public required StackDocument Stack { get; init; }

    /// <summary>The machine it is for.</summary>
    public required DriverInfo Machine { get; init; }

    /// <summary>The second tier of the data.</summary>
    public required InstallData Data { get; init; }

    /// <summary>The chosen builds, null where the component was not requested.</summary>
    public BuildRow? Torch { get; init; }

    /// <inheritdoc cref="Torch"/>
    public BuildRow? Torchvision { get; init; }

    /// <inheritdoc cref="Torch"/>
    public BuildRow? Torchaudio { get; init; }

    /// <summary>The requested components: toolkit, cudnn, torch, torchvision, torchaudio.</summary>
    public IReadOnlyList<string> Components { get; init; } = ComponentNames.All;

    /// <summary>pip | uv | conda | conda-forge.</summary>
    public string Packaging { get; init; } = "pip";

    /// <summary>installer | redist | apt | dnf | conda | pip; null for what suits the machine.</summary>
    public string? ToolkitFrom { get; init; }

    /// <summary>True where extensions are to be compiled.</summary>
    public bool Compiles { get; init; }

    /// <summary>The toolkit's folder; the Python environment goes into its folder "venv".</summary>
    public string? Prefix { get; init; }

    /// <summary>The asked mirrors, as <see cref="PlanRequest.Mirror"/> has them.</summary>
    public string? Mirror { get; init; }

    /// <summary>True where the packages are to come from the default index, or a mirror of it.</summary>
    public bool FromDefaultIndex { get; init; }

    /// <summary>The address of the index that was asked for; null for the one that PyTorch or the default has.</summary>
    public string? IndexUrl { get; init; }

    /// <summary>The chosen GPUs by their index in the driver's order, null where all are meant.</summary>
    public IReadOnlyList<int>? GpuIndexes { get; init; }

    /// <summary>The chosen GPUs by their UUID, which wins over the index; null where all are meant.</summary>
    public IReadOnlyList<string>? GpuUuids { get; init; }

    /// <summary>True where <paramref name="component"/> was requested and the stack has it.</summary>
    public bool Wants(string component) => Components.Contains(component) && component switch
    {
        ComponentNames.Toolkit => Stack.Toolkit is not null,
        ComponentNames.Cudnn => Stack.Cudnn is not null,
        ComponentNames.Torch => Stack.Torch is not null,
        ComponentNames.Torchvision => Stack.Torchvision is not null,
        ComponentNames.Torchaudio => Stack.Torchaudio is not null,
        _ => false,
    };
}

/// <summary>The names of the components in documents.</summary>
internal static class ComponentNames
{
    public const string Toolkit = "toolkit";
    public const string Cudnn = "cudnn";
    public const string Torch = "torch";
    public const string Torchvision = "torchvision";
    public const string Torchaudio = "torchaudio";
    public const string Python = "python";
    public const string Stack = "stack";

    public static readonly IReadOnlyList<string> All = [Toolkit, Cudnn, Torch, Torchvision, Torchaudio];

    /// <summary>The components that a stack has.</summary>
    public static IReadOnlyList<string> Of(StackDocument stack) =>
    [
        .. stack.Toolkit is null ? Array.Empty<string>() : [Toolkit],
        .. stack.Cudnn is null ? Array.Empty<string>() : [Cudnn],
        .. stack.Torch is null ? Array.Empty<string>() : [Torch],
        .. stack.Torchvision is null ? Array.Empty<string>() : [Torchvision],
        .. stack.Torchaudio is null ? Array.Empty<string>() : [Torchaudio],
    ];
}
