using CudaCompat.Planning;

namespace CudaCompat.Execution;

/// <summary>
/// The plan with every folder as this run means it: variables such as %ProgramFiles% filled in, relative folders below the current one, the
/// toolkit elsewhere where that is asked. Done before the plan goes into the journal, so a resume from another folder means the same places,
/// and a shell file never gets a relative one. The steps' commands follow; the plan's own commands keep the words that a person would type.
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
            else if (step is PythonStep { Environment: { Length: > 0 } made })
                moved[made] = Absolute(made);
            else if (step is TorchStep { Environment: { Length: > 0 } used })
                moved[used] = Absolute(used);
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

            return Expand(value);
        }

        // A word is a folder, lies in one, or names one behind an option.
        string Word(string word)
        {
            foreach (var (old, now) in moved)
            {
                if (word == old || (word.StartsWith(old, StringComparison.Ordinal) && word[old.Length..] is ['/' or '\\', ..]))
                    return now + word[old.Length..];
                if (word.StartsWith("--", StringComparison.Ordinal) && word.EndsWith("=" + old, StringComparison.Ordinal))
                    return word[..^old.Length] + now;
            }

            return word;
        }

        InstallStep Commanded(InstallStep step) => step.Command is null ? step : step with { Command = [.. step.Command.Select(Word)] };

        return plan with
        {
            Steps = [.. plan.Steps.Select(Commanded).Select(s => s switch
            {
                ToolkitStep t => t with { Prefix = elsewhere ?? AbsoluteOrNull(t.Prefix) },
                CudnnStep c => c with { Prefix = elsewhere ?? AbsoluteOrNull(c.Prefix) },
                PythonStep p => p with { Environment = AbsoluteOrNull(p.Environment) },
                TorchStep t => t with { Environment = AbsoluteOrNull(t.Environment) },
                RepairStep r => r with { Environment = AbsoluteOrNull(r.Environment) },
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
    public static string Absolute(string folder) => Path.GetFullPath(Expand(folder));

    // Only Windows writes variables so; elsewhere %NAME% is a name like any other.
    private static string Expand(string text) => OperatingSystem.IsWindows() ? Environment.ExpandEnvironmentVariables(text) : text;

    private static string? AbsoluteOrNull(string? folder) => string.IsNullOrEmpty(folder) ? null : Absolute(folder);
}
