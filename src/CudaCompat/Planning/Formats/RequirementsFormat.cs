using System.Text;
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
        foreach (var line in Options(torch).Concat(Requirements(torch)))
            Line(text, line);
        // Hashes are told, not enforced: with one --hash pip wants one for every dependency, and no source lists these.
        foreach (var file in torch.Files.Where(f => f.Sha256 is not null))
            Line(text, $"# {PlanText.OneLine(file.Name)} sha256:{file.Sha256}");
        return text.ToString();
    }

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
