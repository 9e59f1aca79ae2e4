namespace CudaCompat.Planning.Steps;

/// <summary>The proof at the end: what was installed says so itself, and a kernel runs on each GPU.</summary>
internal static class VerifyStepBuilder
{
    public static VerifyStep? Build(ChosenStack chosen, IReadOnlyList<InstallStep> steps)
    {
        List<string> checks = [];
        if (steps.Any(s => s is ToolkitStep))
            checks.Add("nvcc");
        if (steps.Any(s => s is CudnnStep))
            checks.Add("cudnn");
        if (steps.Any(s => s is TorchStep))
            checks.Add("torch");
        if (steps.Any(s => s is TorchStep) && chosen.Stack.CudaTag is not { IsCpu: true })
            checks.Add("kernel");
        return checks.Count == 0 ? null : new VerifyStep
        {
            Component = ComponentNames.Stack,
            Version = chosen.Stack.Torch?.ToString(),
            Checks = checks,
            Description = $"Proves {string.Join(", ", checks)}.",
        };
    }
}
