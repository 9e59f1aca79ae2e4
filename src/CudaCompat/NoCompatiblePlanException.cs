using CudaCompat.Planning;

namespace CudaCompat;

/// <summary>Nothing runs on the machine as asked, or the data cannot decide; carries the whole answer.</summary>
public sealed class NoCompatiblePlanException : Exception
{
    internal NoCompatiblePlanException(PlanResult result)
        : base(result.Explanation) => Result = result;

    /// <summary>The verdict, the findings and the remedies.</summary>
    public PlanResult Result { get; }
}
