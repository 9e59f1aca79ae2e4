using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Planning.Steps;

/// <summary>
/// The toolkit: the Windows installer, the Linux runfile, the redistributable archives merged into a folder, or the packages of a package manager.
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
                "installer" => Installer(context, toolkit, context.Windows ? "exe" : "runfile"),
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
        var rows = context.Data.RedistOf(toolkit, context.Platform).ToArray();
        var parts = context.Data.RedistParts.Where(p => (p.From is not { } from || from <= toolkit) && (p.To is not { } to || toolkit <= to)).ToLookup(p => p.Use, p => p.Component);
        if (rows.Length == 0 || parts["required"].Any(required => rows.All(r => r.Component != required)))
            return [];
        var home = context.Data.Place("toolkit-redist").Url;
        var taken = rows.Where(r => !parts["skip"].Contains(r.Component)).OrderBy(r => r.Component, StringComparer.Ordinal).ToArray();
        List<InstallStep> steps = [.. taken.Select(r => context.Download(
            ComponentNames.Toolkit, toolkit.ToString(), home + r.Path, NameOf(r.Path),
            r.Sha256 is null ? null : new Checksum("sha256", r.Sha256), r.Size, context.ToolkitOptional, r.Sources))];
        var layout = Layout(context, "redist", toolkit);
        var prefix = Prefix(context, layout, toolkit);
        steps.Add(new ToolkitStep
        {
            Component = ComponentNames.Toolkit,
            Version = toolkit.ToString(),
            Method = "redist",
            Prefix = prefix,
            Archives = [.. taken.Select(r => NameOf(r.Path))],
            Optional = context.ToolkitOptional,
            Description = $"Merges {taken.Length} archives of CUDA {toolkit} into {prefix}; no driver, no administrator.",
            Evidence = [.. taken.SelectMany(r => r.Sources).Distinct()],
        });
        return steps;
    }

    private static List<InstallStep> Installer(StepContext context, CudaVersion toolkit, string kind)
    {
        var arch = context.Architecture;
        var rows = context.Data.InstallersOf(toolkit).Where(r =>
            r.Os == context.FileSystem && r.Arch == arch && r.Kind.StartsWith(kind, StringComparison.Ordinal) && (toolkit.Patch is null || r.Toolkit == toolkit));
        // Newest patch, whole before network installer, encrypted address, stronger checksum, known size.
        var row = rows.OrderByDescending(r => r.Toolkit).ThenBy(r => r.Kind, StringComparer.Ordinal)
            .ThenByDescending(r => r.Url.StartsWith("https:", StringComparison.Ordinal))
            .ThenByDescending(r => r.Checksum?.Kind ?? "", StringComparer.Ordinal).ThenByDescending(r => r.Size is not null).FirstOrDefault();
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
            context.Download(ComponentNames.Toolkit, version, row.Url, row.FileName, row.Checksum, row.Size, context.ToolkitOptional, row.Sources),
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
                Description = $"Installs CUDA {version} into {prefix ?? "its usual folder"}, without a display driver.",
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

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
