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
            // Packages lie in the environment, wherever a toolkit is to go.
            if (step is ToolkitStep { Prefix: { Length: > 0 } toolkit } t)
                moved[toolkit] = t.Pip is null && elsewhere is not null ? elsewhere : Absolute(toolkit);
            else if (step is CudnnStep { Prefix: { Length: > 0 } cudnn } c)
                moved[cudnn] = c.Pip is null && elsewhere is not null ? elsewhere : Absolute(cudnn);
            if (Planning.Steps.PipToolkitSteps.PlaceOf(step) is { } place)
                moved[place.Environment] = Absolute(place.Environment);
            else if (step is PythonStep { Environment: { Length: > 0 } made })
                moved[made] = Absolute(made);
            else if (step is TorchStep { Environment: { Length: > 0 } used })
                moved[used] = Absolute(used);
        }

        // Where a folder of the plan lies now, and what lies in it; null for anything else.
        string? Moved(string path)
        {
            foreach (var (old, now) in moved)
            {
                if (path == old || (path.StartsWith(old, StringComparison.Ordinal) && path[old.Length..] is ['/' or '\\', ..]))
                    return now + path[old.Length..];
            }

            return null;
        }

        string Move(string value) => Moved(value) ?? Expand(value);

        // A word is a folder, lies in one, or names one behind an option.
        string Word(string word) => Moved(word)
            ?? (word.StartsWith("--", StringComparison.Ordinal) && moved.FirstOrDefault(m => word.EndsWith("=" + m.Key, StringComparison.Ordinal)) is { Key: { } old, Value: var now }
                ? word[..^old.Length] + now
                : word);

        InstallStep Commanded(InstallStep step) => step.Command is null ? step : step with { Command = [.. step.Command.Select(Word)] };

        return plan with
        {
            Steps = [.. plan.Steps.Select(Commanded).Select(s => s switch
            {
                ToolkitStep { Pip: { } place } t => t with { Prefix = AbsoluteOrNull(t.Prefix), Pip = place with { Environment = Absolute(place.Environment) } },
                CudnnStep { Pip: { } place } c => c with { Prefix = AbsoluteOrNull(c.Prefix), Pip = place with { Environment = Absolute(place.Environment) } },
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
