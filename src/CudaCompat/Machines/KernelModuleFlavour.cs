using System.Text.Json.Serialization;
using CudaCompat.Versions;

namespace CudaCompat.Machines;

/// <summary>Which of NVIDIA's two Linux kernel modules is loaded.</summary>
[JsonConverter(typeof(KernelModuleFlavourNames))]
public enum KernelModuleFlavour
{
    /// <summary>The closed module; drives every card its branch supports.</summary>
    Proprietary,

    /// <summary>The open module; drives Turing (7.5) and newer only.</summary>
    Open,
}

/// <summary>The document names of <see cref="KernelModuleFlavour"/>.</summary>
internal sealed class KernelModuleFlavourNames() : NamedEnumConverter<KernelModuleFlavour>(
    (KernelModuleFlavour.Proprietary, "proprietary"),
    (KernelModuleFlavour.Open, "open"))
{
    internal static readonly KernelModuleFlavourNames Instance = new();
}
