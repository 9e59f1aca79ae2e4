using CudaCompat.Planning;

namespace CudaCompat.Execution;

/// <summary>
/// The plan with every folder as this run means it: variables such as %ProgramFiles% filled in, relative folders below the current one, the
/// toolkit elsewhere where that is asked. Done before the plan goes into the journal, so a resume from another folder means the same places,
/// and a shell file never gets a relative one. (The plan's commands keep the words that a person would type.)
/// </summary>
internal static class PlanFolders
{
    /// <summary>Makes the folders of a plan absolute; doing so twice changes nothing more.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="prefix">A folder for the toolkit in place of the plan's; null for the plan's own.</param>
    public static InstallPlan Resolve(InstallPlan plan, string? prefix)
    {
        var moved = new Dictionary<string, string>(StringComparer.Ordinal);
        var elsewhere = prefix is null ? null : Absolute(prefix);
        foreach (var step in plan.Steps)
        {
            if (step is ToolkitStep { Prefix: { Length: > 0 } toolkit })
                moved[toolkit] = elsewhere ?? Absolute(toolkit);
            else if (step is CudnnStep { Prefix: { Length: > 0 } cudnn })
                moved[cudnn] = elsewhere ?? Absolute(cudnn);
        }

        string Move(string value)
        {
            foreach (var (old, now) in moved)
            {
                if (value == old)
                    return now;
                if (value.StartsWith(old, StringComparison.Ordinal) && value[old.Length..] is ['/' or '\\', ..])
                    return now + value[old.Length..];
            }

            return Environment.ExpandEnvironmentVariables(value);
        }

        return plan with
        {
            Steps = [.. plan.Steps.Select(s => s switch
            {
                ToolkitStep t => t with { Prefix = elsewhere ?? AbsoluteOrNull(t.Prefix) },
                CudnnStep c => c with { Prefix = elsewhere ?? AbsoluteOrNull(c.Prefix) },
                PythonStep p => p with { Environment = AbsoluteOrNull(p.Environment) },
                TorchStep t => t with { Environment = AbsoluteOrNull(t.Environment) },
                EnvironmentStep e => e with
                {
                    Set = e.Set.ToDictionary(v => v.Key, v => Move(v.Value)),
                    Prepend = e.Prepend.ToDictionary(v => v.Key, v => (IReadOnlyList<string>)[.. v.Value.Select(f => AbsoluteOrNull(Move(f)) ?? f)]),
                },
                _ => s,
            })],
        };
    }

    /// <summary>A folder as this machine means it.</summary>
    public static string Absolute(string folder) => Path.GetFullPath(Environment.ExpandEnvironmentVariables(folder));

    private static string? AbsoluteOrNull(string? folder) => string.IsNullOrEmpty(folder) ? null : Absolute(folder);
}
