namespace CudaCompat.Planning;

/// <summary>What planning adds to a chosen stack.</summary>
/// <param name="Steps">In order.</param>
/// <param name="Commands">What a person would type.</param>
/// <param name="Environment">Variables that make the plan true, such as CUDA_VISIBLE_DEVICES.</param>
/// <param name="Notes">What to know about the steps.</param>
internal sealed record PlannedSteps(IReadOnlyList<InstallStep> Steps, IReadOnlyList<string> Commands, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> Notes);
