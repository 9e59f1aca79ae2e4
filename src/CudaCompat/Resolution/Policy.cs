using System.Text.Json.Serialization;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>Which of NVIDIA's compatibilities a plan may rest on; each allows what the one before allows.</summary>
[JsonConverter(typeof(PolicyNames))]
public enum Policy
{
    /// <summary>The CUDA version of every component is at most the one that the driver reports.</summary>
    Strict,

    /// <summary>Minor-version compatibility too, where the build carries native code for each GPU.</summary>
    Minor,

    /// <summary>The forward-compatibility package too, where NVIDIA supports it.</summary>
    Forward,
}

/// <summary>The document names of <see cref="Policy"/>.</summary>
internal sealed class PolicyNames() : NamedEnumConverter<Policy>((Policy.Strict, "strict"), (Policy.Minor, "minor"), (Policy.Forward, "forward"))
{
    internal static readonly PolicyNames Instance = new();
}
