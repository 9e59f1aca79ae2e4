using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Planning.Steps;

/// <summary>
/// The toolkit: the Windows installer, the Linux runfile, the redistributable archives merged into a folder, or the packages of a package manager or of pip.
/// Never with a display driver where that can be told apart.
/// </summary>
internal static class ToolkitStepBuilder
{
    public static IReadOnlyList<InstallStep> Build(StepContext context)
    {
        if (!context.Chosen.Wants(ComponentNames.Toolkit) || context.Chosen.Stack.Toolkit is not { } toolkit)
            return [];
        var asked = context.Chosen.ToolkitFrom;
        foreach (var method in Methods(context, asked))
        {
            var steps = method switch
            {
                "redist" => Redist(context, toolkit),
                "installer" => Installer(context, toolkit),
                "pip" => PipToolkitSteps.Toolkit(context, toolkit),
                _ => PackageSteps.Toolkit(context, toolkit, method),
            };
            if (steps.Count == 0)
                continue;
            if (asked is not null && asked != method)
                context.Note($"CUDA {toolkit} is not known to come from '{asked}' for this machine; the plan takes '{method}'.");
            return steps;
        }

        context.Note($"No source gives a file of CUDA {toolkit} for {context.Platform}; the step says what is wanted, not where it is.");
        return [new ToolkitStep { Component = ComponentNames.Toolkit, Version = toolkit.ToString(), Method = context.Windows ? "installer" : "runfile", Optional = context.ToolkitOptional }];
    }

    /// <summary>The asked method first, then the ways of the system in the order of preference.</summary>
    private static IEnumerable<string> Methods(StepContext context, string? asked)
    {
        string[] usual = context.Windows ? ["installer", "redist"] : ["redist", "installer"];
        var possible = asked is null || (context.Windows && asked is "apt" or "dnf") ? null : asked;
        return possible is null ? usual : usual.Prepend(possible).Distinct();
    }

    public static ToolkitLayoutRow? Layout(StepContext context, string method, CudaVersion toolkit) => context.Data.Layouts.FirstOrDefault(l =>
        l.Method == method && l.Os == context.FileSystem && (l.From is not { } from || from <= toolkit) && (l.To is not { } to || toolkit <= to));

    public static string? Prefix(StepContext context, ToolkitLayoutRow? layout, CudaVersion toolkit) =>
        layout is { Own: true } && context.Chosen.Prefix is { } asked ? asked : layout?.Prefix is { } prefix ? StepContext.Fill(prefix, toolkit) : null;

    private static List<InstallStep> Redist(StepContext context, CudaVersion toolkit)
    {
        if (FileChoices.In(context.Data).Redist(context.Data, toolkit, context.Platform, context.ToolkitOptional) is not { } archives)
            return [];
        List<InstallStep> steps = [.. archives.Downloads.Select(context.Mirrored)];
        var layout = Layout(context, "redist", toolkit);
        var prefix = Prefix(context, layout, toolkit);
        steps.Add(new ToolkitStep
        {
            Component = ComponentNames.Toolkit,
            Version = toolkit.ToString(),
            Method = "redist",
            Prefix = prefix,
            Archives = archives.Names,
            Optional = context.ToolkitOptional,
            Description = $"Merges {archives.Names.Count} archives of CUDA {toolkit} into {prefix}; no driver, no administrator.",
            Evidence = archives.Sources,
        });
        return steps;
    }

    private static List<InstallStep> Installer(StepContext context, CudaVersion toolkit)
    {
        var row = FileChoices.In(context.Data).Installer(context.Data, toolkit, context.FileSystem, context.Architecture);
        if (row is null)
            return [];
        var method = context.Windows ? "installer" : "runfile";
        var layout = Layout(context, method, row.Toolkit);
        var prefix = Prefix(context, layout, row.Toolkit);
        var components = context.Windows ? Components(context, row) : [];
        var arguments = (layout?.Arguments ?? []).SelectMany(a => a == "{components}" ? components : [prefix is null ? a : a.Replace("{prefix}", prefix, StringComparison.Ordinal)]);
        var version = row.Toolkit.ToString();
        return
        [
            context.Download(ComponentNames.Toolkit, version, row.Url, row.FileName, row.Checksum, row.Size, row.Sources),
            new ToolkitStep
            {
                Component = ComponentNames.Toolkit,
                Version = version,
                Method = method,
                Prefix = prefix,
                FileName = row.FileName,
                Components = components,
                Command = [.. (context.Windows ? [row.FileName] : new[] { "bash", row.FileName }), .. arguments],
                RequiresAdmin = layout?.Admin ?? true,
                Optional = context.ToolkitOptional,
                Description = $"Installs CUDA {version} into {prefix ?? "its usual folder"}{(context.Windows && components.Length == 0 && row.EmbeddedDriver is not null ? ", the whole of it, display driver included" : ", without a display driver")}.",
                Evidence = row.Sources,
            },
        ];
    }

    /// <summary>Named components leave the driver out; where no names are known for a release, the whole installer runs.</summary>
    private static string[] Components(StepContext context, InstallerRow row)
    {
        var known = context.Data.InstallerComponents.FirstOrDefault(c => c.From <= row.Toolkit && row.Toolkit <= c.To);
        if (known is null && row.EmbeddedDriver is { } driver)
            context.Note($"The component names of the CUDA {row.Toolkit} installer are not known, so it runs whole and brings the display driver {driver}; choose 'custom' by hand to keep a newer driver.");
        return known is null ? [] : [.. known.Names.Select(n => n + "_" + row.Toolkit.MajorMinor)];
    }
}
