using System.Globalization;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Planning.Steps;

/// <summary>The variables that make the plan true: where the toolkit lies, and which GPUs it is for.</summary>
internal static class EnvironmentStepBuilder
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>CUDA_VISIBLE_DEVICES for a chosen subset; the driver's order is that of the bus, which CUDA does not follow by itself.</summary>
    public static IReadOnlyDictionary<string, string> GpuSelection(ChosenStack chosen)
    {
        if (chosen.GpuUuids is { Count: > 0 } uuids)
            return new Dictionary<string, string> { ["CUDA_VISIBLE_DEVICES"] = string.Join(',', uuids) };
        if (chosen.GpuIndexes is not { Count: > 0 } indexes)
            return Nothing;
        return new Dictionary<string, string>
        {
            ["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID",
            ["CUDA_VISIBLE_DEVICES"] = string.Join(',', indexes.Select(i => i.ToString(CultureInfo.InvariantCulture))),
        };
    }

    public static EnvironmentStep? Build(StepContext context, IReadOnlyList<InstallStep> steps, IReadOnlyDictionary<string, string> gpus)
    {
        var set = new Dictionary<string, string>();
        var prepend = new Dictionary<string, IReadOnlyList<string>>();
        var toolkit = steps.OfType<ToolkitStep>().FirstOrDefault();
        string[] evidence = [];
        if (steps.Any(s => PipToolkitSteps.PlaceOf(s) is not null))
        {
            evidence = AddPackages(context, steps, set, prepend);
        }
        else if (toolkit is { Prefix: { } prefix } && context.Chosen.Stack.Toolkit is { } version
            && ToolkitStepBuilder.Layout(context, toolkit.Method, version) is { SetsEnvironment: false } layout)
        {
            foreach (var name in layout.Home)
                set[name] = prefix;
            AddFolders(context, prepend, "PATH", prefix, layout.Path);
            AddFolders(context, prepend, "LD_LIBRARY_PATH", prefix, layout.Libraries);
            evidence = layout.Sources;
        }
        else if (toolkit is null && steps.OfType<CudnnStep>().FirstOrDefault() is { Prefix: { } own } cudnn)
        {
            AddFolders(context, prepend, context.Windows ? "PATH" : "LD_LIBRARY_PATH", own, [context.Windows ? "bin" : cudnn.Method == "archive" ? "lib64" : "lib"]);
        }

        // Visible devices belong to one project, not to the whole account, but a step has one scope: the narrow one where there is no toolkit.
        foreach (var (name, value) in gpus)
            set[name] = value;
        if (set.Count == 0 && prepend.Count == 0)
            return null;
        // What lies in a Python environment is that environment's matter.
        var account = prepend.Count > 0 && gpus.Count == 0 && toolkit?.Pip is null;
        return new EnvironmentStep
        {
            Component = ComponentNames.Stack,
            Scope = !account && (context.Chosen.Wants(ComponentNames.Torch) || toolkit?.Pip is not null) && !context.Conda ? "activate" : context.Windows ? "user" : "shell-file",
            Set = set,
            Prepend = prepend,
            Optional = toolkit is not null && context.ToolkitOptional && gpus.Count == 0,
            Description = $"Sets {string.Join(", ", set.Keys.Concat(prepend.Keys).Distinct().Order(StringComparer.Ordinal))}.",
            Evidence = evidence,
        };
    }

    private static string[] AddPackages(StepContext context, IReadOnlyList<InstallStep> steps, Dictionary<string, string> set, Dictionary<string, IReadOnlyList<string>> prepend)
    {
        List<string> evidence = [], folders = [];
        foreach (var step in steps)
        {
            var prefix = (step as ToolkitStep)?.Prefix ?? (step as CudnnStep)?.Prefix;
            if (prefix is null || step.Version is null || PipToolkitSteps.Layout(context, step.Component, DottedVersion.Parse(step.Version)) is not { } layout)
                continue;
            foreach (var name in layout.Home)
                set[name] = prefix;
            if (PipToolkitSteps.PlaceOf(step) is not null)
                folders.AddRange(layout.Path.Select(f => context.Join(prefix, context.Windows ? f.Replace('/', '\\') : f)));
            evidence.AddRange(layout.Sources);
        }

        if (folders.Count > 0)
            prepend["PATH"] = folders;
        return [.. evidence.Distinct()];
    }

    private static void AddFolders(StepContext context, Dictionary<string, IReadOnlyList<string>> prepend, string variable, string prefix, string[] folders)
    {
        if (folders.Length > 0)
            prepend[variable] = [.. folders.Select(f => context.Join(prefix, f))];
    }
}
