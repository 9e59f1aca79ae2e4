using System.Text;
using CudaCompat.Matrix;
using static CudaCompat.Planning.Formats.BashFormat;

namespace CudaCompat.Planning.Formats;

/// <summary>A requirements.txt with the index that the exact builds come from.</summary>
internal sealed class RequirementsFormat : IPlanFormat
{
    public string Name => "requirements";

    public string Write(InstallPlan plan)
    {
        var torch = Torch(plan);
        var text = Headed(plan);
        foreach (var line in Options(plan, torch).Concat(Requirements(plan, torch)))
            Line(text, line);
        // Hashes are told, not enforced: with one --hash pip wants one for every dependency, and no source lists these.
        foreach (var file in torch.Files.Where(f => f.Sha256 is not null))
            Line(text, $"# {PlanText.OneLine(file.Name)} sha256:{file.Sha256}");
        foreach (var comment in PipPartText.Comments(plan))
            Line(text, "# " + comment);
        return text.ToString();
    }

    /// <summary>The options that say where the packages come from: the default index too where a toolkit comes as packages, which lie there.</summary>
    internal static IEnumerable<string> Options(InstallPlan plan, TorchStep torch)
    {
        var index = plan.Steps.Select(Steps.PipToolkitSteps.PlaceOf).FirstOrDefault(p => p is not null) is { } place ? place.IndexUrl ?? CompatibilityMatrix.Embedded.Install.Place("pypi") : null;
        var isMissing = index is not null && torch.IndexUrl is { } own && own != index && !torch.ExtraIndexUrls.Contains(index);
        return Options(isMissing ? torch with { ExtraIndexUrls = [.. torch.ExtraIndexUrls, index!] } : torch);
    }

    /// <summary>The requirements of torch, and those of a toolkit that comes as packages.</summary>
    internal static IEnumerable<string> Requirements(InstallPlan plan, TorchStep torch) => Requirements(torch).Concat(PipPartText.Requirements(plan));

    public string Write(InstallPlan plan, IReadOnlyList<LockedPackage> packages)
    {
        var text = Headed(plan);
        foreach (var line in Options(Torch(plan)).Concat(packages.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => p.Requirement)))
            Line(text, line);
        return text.ToString();
    }

    private TorchStep Torch(InstallPlan plan)
    {
        if (PlanText.Step<TorchStep>(plan) is not { } torch)
            throw new PlanFormatException(Name, "it has no Python packages.");
        if (torch.Method is "conda" or "conda-forge")
            throw new PlanFormatException(Name, "its packages come from conda; take environment.");
        return torch;
    }

    private static StringBuilder Headed(InstallPlan plan)
    {
        var text = new StringBuilder();
        foreach (var line in PlanText.Header(plan, "requirements.txt"))
            Line(text, "# " + line);
        return text;
    }

    /// <summary>The options that say where the packages come from, one a line.</summary>
    internal static IEnumerable<string> Options(TorchStep torch)
    {
        if (torch.IndexUrl is { } index)
            yield return "--index-url " + index;
        foreach (var extra in torch.ExtraIndexUrls)
            yield return "--extra-index-url " + extra;
        foreach (var folder in torch.FindLinks)
            yield return "--find-links " + folder;
    }

    /// <summary>The requirements, one a line; where only the folder tells a build apart, its file is named.</summary>
    internal static IEnumerable<string> Requirements(TorchStep torch)
    {
        foreach (var requirement in torch.Requirements)
        {
            var package = requirement[..requirement.IndexOf('=', StringComparison.Ordinal)];
            yield return torch.Command?.FirstOrDefault(w => w.StartsWith(package + " @ ", StringComparison.Ordinal)) ?? requirement;
        }

        foreach (var bound in torch.Bounds ?? [])
            yield return bound;
    }
}
