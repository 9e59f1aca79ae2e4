using CudaCompat.Planning;

namespace CudaCompat.Execution;

/// <summary>The same plan with another toolkit folder, in every place where the plan names it.</summary>
internal static class PrefixOverride
{
    public static InstallPlan Apply(InstallPlan plan, string? prefix)
    {
        if (prefix is null)
            return plan;
        var folder = Path.GetFullPath(prefix);
        var old = plan.Steps.OfType<ToolkitStep>().Select(s => s.Prefix).Concat(plan.Steps.OfType<CudnnStep>().Select(s => s.Prefix)).FirstOrDefault(p => p is not null);
        string Move(string value) => old is null ? value
            : value == old ? folder
            : value.StartsWith(old, StringComparison.Ordinal) && value[old.Length..] is ['/' or '\\', ..] ? folder + value[old.Length..]
            : value;
        return plan with
        {
            Steps = [.. plan.Steps.Select(s => s switch
            {
                ToolkitStep t => t with { Prefix = folder },
                CudnnStep c => c with { Prefix = folder },
                EnvironmentStep e => e with
                {
                    Set = e.Set.ToDictionary(v => v.Key, v => Move(v.Value)),
                    Prepend = e.Prepend.ToDictionary(v => v.Key, v => (IReadOnlyList<string>)[.. v.Value.Select(Move)]),
                },
                _ => s,
            })],
        };
    }
}
