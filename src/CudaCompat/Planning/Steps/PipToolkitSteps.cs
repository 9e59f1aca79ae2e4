using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Planning.Steps;

/// <summary>
/// Toolkit and cuDNN as packages of the default index, in the environment of torch itself: each package in the version of the release, but for what torch
/// pins, which stays as it is.
/// </summary>
internal static class PipToolkitSteps
{
    private const string Method = "pip";

    public static List<InstallStep> Toolkit(StepContext context, CudaVersion toolkit)
    {
        if (PackageFolder(context) is not { } packages || Layout(context, ComponentNames.Toolkit, DottedVersion.Parse(toolkit.ToString())) is not { } layout)
            return [];
        var parts = WheelToolkits.Parts(context.Data, toolkit, context.Platform, "compiler");
        // Torch's own headers include them; on Linux torch's packages bring them.
        if (context.Chosen.Wants(ComponentNames.Torch) && !IsPinned(context))
            parts = [.. parts, .. WheelToolkits.Parts(context.Data, toolkit, context.Platform, "headers")];
        if (parts.Length == 0)
            return [];
        List<string> requirements = [], evidence = [.. layout.Sources];
        foreach (var part in parts)
        {
            var (pin, sources) = IsPinned(context) && context.Data.WheelParts.First(p => p.Package == part.Package).OfTorch
                ? OfTorch(context, part.Package)
                : (part.Pin, part.Sources);
            evidence.AddRange(sources);
            if (pin is not null)
                requirements.Add($"{part.Package}=={pin}");
        }

        var prefix = context.Join(packages, context.FolderOf(layout.Folder, toolkit));
        context.Note($"The toolkit goes into the Python environment as packages ({prefix}): CUDA_HOME is set where the environment is activated, and what torch pins stays as it is.");
        return
        [
            new ToolkitStep
            {
                Component = ComponentNames.Toolkit,
                Version = toolkit.ToString(),
                Method = Method,
                Prefix = prefix,
                Components = requirements,
                Pip = Place(context, layout),
                Command = Command(context, requirements),
                Optional = context.ToolkitOptional,
                Description = $"Installs nvcc and the headers of CUDA {toolkit} into {context.EnvironmentFolder}: {requirements.Count} packages, no driver, no administrator.",
                Evidence = [.. evidence.Distinct()],
            },
        ];
    }

    /// <summary>cuDNN beside such a toolkit; null where its package would move the one that torch pins, or where there is none.</summary>
    public static CudnnStep? Cudnn(StepContext context, DottedVersion cudnn, CudaVersion cuda)
    {
        if (PackageFolder(context) is not { } packages || Layout(context, ComponentNames.Cudnn, cudnn) is not { } layout
            || WheelToolkits.Cudnn(context.Data, cudnn, cuda, context.Platform) is not { } wheel)
            return null;
        if (IsPinned(context) && context.Chosen.Torch?.Cudnn is { } own && own != wheel.Version)
        {
            context.Note($"cuDNN {cudnn} goes into a folder of its own: its package would take the place of cuDNN {own}, which torch {context.Chosen.Torch.Version} pins.");
            return null;
        }

        if (context.Windows)
            context.Note("The package of cuDNN for Windows has headers and DLLs and no import library: what links with cuDNN needs one made of the DLL, or NVIDIA's archive (--toolkit-from redist).");
        string[] requirements = [$"{wheel.Package}=={wheel.Pin}"];
        return new CudnnStep
        {
            Component = ComponentNames.Cudnn,
            Version = cudnn.ToString(),
            Method = Method,
            Prefix = context.Join(packages, context.FolderOf(layout.Folder, cuda)),
            Components = requirements,
            Pip = Place(context, layout),
            Command = Command(context, requirements),
            Optional = context.ToolkitOptional,
            Description = $"Makes the headers and libraries of cuDNN {cudnn} in {context.EnvironmentFolder} ready to build with.",
            Evidence = [.. wheel.Sources.Concat(layout.Sources).Distinct()],
        };
    }

    /// <summary>Where the parts of such a component lie; null for a release of which the data does not say it.</summary>
    public static WheelLayoutRow? Layout(StepContext context, string component, DottedVersion version) => context.Data.WheelLayouts.FirstOrDefault(l =>
        l.Component == component && l.Os == context.FileSystem && (l.Arch is not { } arch || arch == context.Architecture)
        && (l.From is not { } from || from <= version) && (l.To is not { } to || version <= to));

    /// <summary>What pip or uv is asked for, in the form of the step that installs packages.</summary>
    public static TorchStep? AsPackages(InstallStep step) => step switch
    {
        ToolkitStep { Pip: { } place } toolkit => AsPackages(step, place, toolkit.Components),
        CudnnStep { Pip: { } place } cudnn => AsPackages(step, place, cudnn.Components),
        _ => null,
    };

    /// <summary>The place of a toolkit or cuDNN that is packages of an environment.</summary>
    public static PipPlace? PlaceOf(InstallStep step) => step switch
    {
        ToolkitStep toolkit => toolkit.Pip,
        CudnnStep cudnn => cudnn.Pip,
        _ => null,
    };

    private static TorchStep AsPackages(InstallStep step, PipPlace place, IReadOnlyList<string> requirements) => new()
    {
        Component = step.Component,
        Version = step.Version,
        Method = step.Command is ["uv", ..] ? "uv" : "pip",
        Requirements = requirements,
        IndexUrl = place.IndexUrl,
        Environment = place.Environment,
        Command = step.Command,
    };

    private static PipPlace Place(StepContext context, WheelLayoutRow layout) => new()
    {
        Environment = context.EnvironmentFolder,
        IndexUrl = context.DefaultIndex,
        Links = layout.Links,
        LinkerNames = layout.LinkerNames,
    };

    private static string[] Command(StepContext context, IReadOnlyList<string> requirements) =>
        [.. context.PipInstall, .. requirements, .. context.DefaultIndex is { } index ? new[] { "--index-url", index } : []];

    private static bool IsPinned(StepContext context) => context.Chosen is { Torch: not null } chosen && chosen.Wants(ComponentNames.Torch)
        && PipToolkitRule.IsPinnedByTorch(context.FileSystem, chosen.Stack.CudaTag);

    private static (string? Pin, string[] Sources) OfTorch(StepContext context, string package)
    {
        var torch = context.Chosen.Torch!;
        if (WheelToolkits.PinOf(context.Data, torch.Version, context.Chosen.Stack.CudaTag!.Value, package) is { } pin)
            return pin;
        context.Note($"{package} is the one that torch {torch.Version}+{context.Chosen.Stack.CudaTag} brings; in which version is not known.");
        return (null, []);
    }

    // Where the environment's Python looks for packages; null where the Python is not known.
    private static string? PackageFolder(StepContext context) => context.Windows
        ? context.Join(context.EnvironmentFolder, "Lib\\site-packages")
        : context.Python is { } python ? context.Join(context.EnvironmentFolder, $"lib/python{python}/site-packages") : null;
}
