using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Planning.Steps;

/// <summary>
/// The Python packages, pinned so that no other build can take their place: by the local label where the file has one, by the file itself
/// where only its folder tells it apart.
/// </summary>
internal static class TorchStepBuilder
{
    public static TorchStep? Build(StepContext context)
    {
        if (context.Form is not { } form)
            return null;
        return context.Conda ? Conda(context, form) : Pip(context, form);
    }

    /// <summary>The options of pip and uv that say where the packages come from.</summary>
    public static IEnumerable<string> PipOptions(TorchStep step) =>
    [
        .. step.IndexUrl is { } index ? new[] { "--index-url", index } : [],
        .. step.ExtraIndexUrls.SelectMany(url => new[] { "--extra-index-url", url }),
        .. step.FindLinks.SelectMany(url => new[] { "--find-links", url }),
    ];

    private static TorchStep Conda(StepContext context, InstallForm form)
    {
        string[] channels = [.. form.Channels.Select(context.Mirror.Channel)];
        return new TorchStep
        {
            Component = ComponentNames.Torch,
            Version = context.Chosen.Stack.Torch.ToString(),
            Method = context.Chosen.Packaging,
            Requirements = form.Packages,
            Channels = channels,
            Environment = context.EnvironmentFolder,
            Command = ["conda", "install", "--yes", "--prefix", context.EnvironmentFolder, .. form.Packages, .. channels.SelectMany(c => new[] { "-c", c })],
            Description = $"Installs {string.Join(", ", form.Packages)} into {context.EnvironmentFolder}.",
            Evidence = Evidence(context, form),
        };
    }

    private static TorchStep Pip(StepContext context, InstallForm form)
    {
        var chosen = context.Chosen;
        var torch = chosen.Torch!;
        var tag = chosen.Stack.CudaTag ?? torch.Tag ?? default;
        var builds = Builds(chosen).ToArray();
        // Some builds lie on the default index alone, without a label; then all come from there, or none would resolve. A mirror of the default index serves
        // what is there faster than PyTorch's own index would.
        var fromDefault = builds.All(b => b.Default)
            && (chosen.FromDefaultIndex || builds.Any(b => !b.Label || b.Index is null) || context.Mirror.Pypi is not null && context.Mirror.Wheels("") is null);
        var mirrored = fromDefault ? null : context.Mirror.Wheels(torch.Index ?? tag.ToString());
        var wheels = context.Data.Place("wheels");
        var pypi = context.DefaultIndex ?? context.Data.Place("pypi");

        // A flat folder is no index: the default index stays and the label picks the file. uv searches extra indexes first, pip all alike;
        // with the label in the pin both take the same file.
        var flat = mirrored is { Flat: true };
        var index = fromDefault || flat ? context.DefaultIndex : chosen.IndexUrl ?? mirrored?.Url ?? InstallForm.IndexUrl(wheels, torch, tag);
        List<string> extra = [];
        if (!fromDefault && !flat && (form.UsesDefaultIndex || mirrored is not null || builds.Any(b => b.Index is null)))
            extra.Add(pypi);
        if (context.Mirror.NvidiaWheels is { } nvidia && !tag.IsCpu)
            extra.Add(nvidia);

        var files = Files(context, builds);
        string[] requirements = [.. builds.Select(b => Pin(b, tag, fromDefault))];
        var bounds = Bounds(context);
        foreach (var bound in bounds)
            context.Note($"{bound.Requires} goes with torch {torch.Version}: without it {bound.Breaks}.");
        var step = new TorchStep
        {
            Component = ComponentNames.Torch,
            Version = chosen.Stack.Torch.ToString(),
            Method = chosen.Packaging,
            Requirements = requirements,
            Bounds = bounds.Length > 0 ? [.. bounds.Select(b => b.Requires)] : null,
            IndexUrl = index,
            ExtraIndexUrls = extra,
            Mirrors = !fromDefault && !flat && mirrored is not null ? [InstallForm.IndexUrl(wheels, torch, tag)] : [],
            FindLinks = flat ? [mirrored!.Value.Url] : [],
            Environment = context.EnvironmentFolder,
            Files = !fromDefault && files.All(f => f is not null) ? [.. files.Select(f => new PackageFile(f!.FileName, f.Url, f.Sha256))] : [],
            Description = $"Installs {string.Join(", ", requirements)} into {context.EnvironmentFolder}.",
            Evidence = [.. Evidence(context, form).Concat(bounds.SelectMany(b => b.Sources)).Distinct()],
        };
        var words = builds.Select((b, i) => !b.Label && !b.Default && b.Tag is not null && mirrored is null && files[i] is { } file ? $"{b.Package} @ {file.Url}" : requirements[i]);
        return step with { Command = [.. context.PipInstall, .. words, .. step.Bounds ?? [], .. PipOptions(step)] };
    }

    /// <summary>The bounds on what torch needs and does not ask for itself.</summary>
    public static DependencyBoundRow[] Bounds(StepContext context) => context.Conda || context.Chosen.Torch is not { } torch
        ? []
        : [.. EnvironmentFacts.BoundsOf("torch", torch.Version, context.Python, context.FileSystem).Where(b => b.IsBound)];

    private static string Pin(BuildRow build, CudaTag tag, bool fromDefault) => build.Label && !fromDefault ? $"{build.Package}=={build.Version}+{build.Tag ?? tag}" : $"{build.Package}=={build.Version}";

    private static IEnumerable<BuildRow> Builds(ChosenStack chosen)
    {
        yield return chosen.Torch!;
        if (chosen.Torchvision is { } vision && chosen.Wants(ComponentNames.Torchvision))
            yield return vision;
        if (chosen.Torchaudio is { } audio && chosen.Wants(ComponentNames.Torchaudio))
            yield return audio;
    }

    /// <summary>The file of each build for the machine's Python, null where it is not known.</summary>
    private static BuildFileRow?[] Files(StepContext context, BuildRow[] builds)
    {
        var files = new BuildFileRow?[builds.Length];
        for (var i = 0; i < files.Length; i++)
        {
            foreach (var file in context.Data.FilesOf(builds[i]))
            {
                if ((file.Python is null || file.Python == context.Python) && (files[i] is not { } best || IsBetter(file, best)))
                    files[i] = file;
            }
        }

        return files;
    }

    // One with a hash first, then by name.
    private static bool IsBetter(BuildFileRow file, BuildFileRow best) => file.Sha256 is null == best.Sha256 is null
        ? string.CompareOrdinal(file.FileName, best.FileName) < 0
        : file.Sha256 is not null;

    private static string[] Evidence(StepContext context, InstallForm form) =>
        [.. Builds(context.Chosen).SelectMany(b => b.Sources).Concat(form.Row.Sources).Distinct()];
}
