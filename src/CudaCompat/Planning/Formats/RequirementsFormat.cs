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
        if (PlanText.Step<TorchStep>(plan) is not { } torch)
            throw new PlanFormatException(Name, "it has no Python packages.");
        if (torch.Method is "conda" or "conda-forge")
            throw new PlanFormatException(Name, "its packages come from conda; take environment.");
        var text = new StringBuilder();
        foreach (var line in PlanText.Header(plan, "requirements.txt"))
            Line(text, "# " + line);
        foreach (var line in Lines(plan, torch))
            Line(text, line);
        // Hashes are told, not enforced: with one --hash pip wants one for every dependency.
        foreach (var file in torch.Files.Where(f => f.Sha256 is not null))
            Line(text, $"# {PlanText.OneLine(file.Name)} sha256:{file.Sha256}");
        foreach (var comment in PipPartText.Comments(plan))
            Line(text, "# " + comment);
        return text.ToString();
    }

    /// <summary>The lines of torch, and those of a toolkit that comes as packages: of the default index, so that is named beside an index of PyTorch's.</summary>
    internal static IEnumerable<string> Lines(InstallPlan plan, TorchStep torch)
    {
        var parts = PipPartText.Requirements(plan);
        var index = plan.Steps.Select(Steps.PipToolkitSteps.PlaceOf).FirstOrDefault(p => p is not null) is { } place ? place.IndexUrl ?? CompatibilityMatrix.Embedded.Install.Place("pypi") : null;
        var isMissing = index is not null && torch.IndexUrl is { } own && own != index && !torch.ExtraIndexUrls.Contains(index);
        return [.. Lines(isMissing ? torch with { ExtraIndexUrls = [.. torch.ExtraIndexUrls, index!] } : torch), .. parts];
    }

    /// <summary>The options and the requirements, one a line; where only the folder tells a build apart, its file is named.</summary>
    internal static IEnumerable<string> Lines(TorchStep torch)
    {
        if (torch.IndexUrl is { } index)
            yield return "--index-url " + index;
        foreach (var extra in torch.ExtraIndexUrls)
            yield return "--extra-index-url " + extra;
        foreach (var folder in torch.FindLinks)
            yield return "--find-links " + folder;
        foreach (var requirement in torch.Requirements)
        {
            var package = requirement[..requirement.IndexOf('=', StringComparison.Ordinal)];
            yield return torch.Command?.FirstOrDefault(w => w.StartsWith(package + " @ ", StringComparison.Ordinal)) ?? requirement;
        }

        foreach (var bound in torch.Bounds ?? [])
            yield return bound;
    }
}
