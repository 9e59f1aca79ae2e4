using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Planning;

/// <summary>
/// The steps of plans made before. Many machines get the same plan, and its steps were half the work of it (docs/quality.md), so those that
/// rest on the choice, the system, the processor and the Python alone are kept, a bounded number beside the data they come from.
/// </summary>
internal sealed class KnownSteps
{
    private const int Most = 1024;
    private static readonly ConditionalWeakTable<InstallData, KnownSteps> Known = [];
    private readonly ConcurrentDictionary<Key, PlannedSteps> _steps = new();

    /// <summary>The steps for a chosen stack. They see no more of the machine than the key does.</summary>
    public static PlannedSteps Of(ChosenStack chosen, CudnnRow? cudnn)
    {
        var machine = chosen.Machine;
        chosen = chosen with { Machine = new DriverInfo { OperatingSystem = machine.OperatingSystem, Architecture = machine.Architecture, Python = machine.Python } };
        if (chosen is not { Prefix: null, Mirror: null, FromDefaultIndex: false, IndexUrl: null, GpuIndexes: null, GpuUuids: null })
            return StepBuilder.Build(chosen);
        var kept = Known.GetOrCreateValue(chosen.Data)._steps;
        var key = new Key(chosen, cudnn);
        if (kept.TryGetValue(key, out var steps))
            return steps;
        steps = StepBuilder.Build(chosen);
        if (kept.Count < Most && kept.TryAdd(key, steps))
            StepListConverter.Share(steps.Steps);
        return steps;
    }

    /// <summary>What the steps of a plan rest on. Rows are the same where they are the same object: each is made once for a matrix.</summary>
    private readonly struct Key(ChosenStack chosen, CudnnRow? cudnn) : IEquatable<Key>
    {
        private readonly BuildRow? _torch = chosen.Torch;
        private readonly BuildRow? _torchvision = chosen.Torchvision;
        private readonly BuildRow? _torchaudio = chosen.Torchaudio;
        private readonly CudnnRow? _cudnn = cudnn;
        private readonly (CudaVersion? Toolkit, PythonVersion? Python, OperatingSystemFamily Os, CpuArchitecture? Arch, bool Compiles) _values =
            (chosen.Stack.Toolkit, chosen.Machine.Python, chosen.Machine.OperatingSystem, chosen.Machine.Architecture, chosen.Compiles);

        private readonly (string Packaging, string? ToolkitFrom) _ways = (chosen.Packaging, chosen.ToolkitFrom);

        public bool Equals(Key other) =>
            ReferenceEquals(_torch, other._torch) && ReferenceEquals(_torchvision, other._torchvision) && ReferenceEquals(_torchaudio, other._torchaudio)
            && ReferenceEquals(_cudnn, other._cudnn) && _values.Equals(other._values) && _ways.Equals(other._ways);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(
            _torch is null ? 0 : RuntimeHelpers.GetHashCode(_torch),
            _torchvision is null ? 0 : RuntimeHelpers.GetHashCode(_torchvision),
            _torchaudio is null ? 0 : RuntimeHelpers.GetHashCode(_torchaudio),
            _cudnn is null ? 0 : RuntimeHelpers.GetHashCode(_cudnn),
            _values,
            _ways);
    }
}
