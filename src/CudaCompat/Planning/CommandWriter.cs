using CudaCompat.Matrix.Rows;

namespace CudaCompat.Planning;

/// <summary>
/// Writes what a person would type: upstream's form of the era, the latest form for later releases. A mirror changes the options and,
/// since an index of another make may merge builds, names the exact build.
/// </summary>
internal static class CommandWriter
{
    /// <summary>The commands for the Python packages, then those for packages of the system's package manager.</summary>
    public static IReadOnlyList<string> Write(Steps.StepContext context, IReadOnlyList<InstallStep> steps)
    {
        var commands = new List<string>();
        if (TorchCommand(context, steps.OfType<TorchStep>().FirstOrDefault()) is { } torch)
            commands.Add(torch);
        if (steps.OfType<TorchStep>().FirstOrDefault()?.Bounds is { } bounds)
        {
            // From the default index, in quotes: a shell takes < for a redirection.
            var program = context.Chosen.Packaging == "uv" ? "uv pip install" : "pip install";
            commands.Add($"{program} {string.Join(' ', bounds.Select(b => $"\"{b}\""))}" + (context.DefaultIndex is { } pypi ? $" --index-url {pypi}" : ""));
        }

        foreach (var step in steps)
        {
            if (step is ToolkitStep { Method: "apt" or "dnf" or "conda", Command: { } toolkit })
                commands.Add(Typed(toolkit, step.RequiresAdmin));
            else if (step is CudnnStep { Method: "apt" or "dnf" or "conda", Command: { } cudnn })
                commands.Add(Typed(cudnn, step.RequiresAdmin));
        }

        commands.AddRange(OfPackages(context, steps));
        return commands;
    }

    // One call for all of them, then what it leaves to be done by hand.
    private static IEnumerable<string> OfPackages(Steps.StepContext context, IReadOnlyList<InstallStep> steps)
    {
        var parts = steps.Where(s => Steps.PipToolkitSteps.PlaceOf(s) is not null).ToArray();
        if (parts.Length == 0)
            return [];
        var program = context.Chosen.Packaging == "uv" ? "uv pip install" : "pip install";
        var requirements = parts.SelectMany(s => Steps.PipToolkitSteps.AsPackages(s)!.Requirements);
        return [$"{program} {string.Join(' ', requirements)}" + (context.DefaultIndex is { } pypi ? $" --index-url {pypi}" : ""), .. Formats.PipPartText.ByHand(parts, context.Windows)];
    }

    /// <summary>The install command of the era; null where the stack has no torch.</summary>
    public static string? TorchCommand(ChosenStack chosen) => TorchCommand(new Steps.StepContext(chosen, MirrorChoice.Parse(chosen.Mirror, chosen.Data)), null);

    private static string? TorchCommand(Steps.StepContext context, TorchStep? step)
    {
        if (context.Form is not { } form)
            return null;
        IEnumerable<string> program = context.Chosen.Packaging == "uv" ? ["uv", "pip", "install"] : form.Program;
        if (context is { Mirror.Rows.Count: 0, Chosen: { FromDefaultIndex: false, IndexUrl: null } })
            return string.Join(' ', [.. program, .. form.Packages, .. form.Options]);
        step ??= Steps.TorchStepBuilder.Build(context)!;
        return step.Method is "conda" or "conda-forge"
            ? string.Join(' ', [.. program, .. form.Packages, .. step.Channels.SelectMany(c => new[] { "-c", c })])
            : string.Join(' ', [.. program, .. step.Requirements, .. Steps.TorchStepBuilder.PipOptions(step)]);
    }

    private static string Typed(IReadOnlyList<string> command, bool admin)
    {
        // People answer the question themselves; --prefix names our environment, they have theirs.
        var words = command.Where((word, i) => word is not ("--yes" or "--assumeyes" or "--prefix") && (i == 0 || command[i - 1] != "--prefix"));
        return (admin ? "sudo " : "") + string.Join(' ', words);
    }
}
