namespace CudaCompat.Planning.Formats;

/// <summary>What is done beside the packages of a toolkit or cuDNN, as lines of a shell and as comments.</summary>
internal static class PipPartText
{
    private const string Packages = "$(python -c 'import sysconfig; print(sysconfig.get_path(\"purelib\"))')";

    /// <summary>The lines of a script for one step; <paramref name="prefix"/> is the folder as a word of the shell.</summary>
    public static IEnumerable<string> Bash(PipPlace place, string prefix)
    {
        foreach (var (name, target) in place.Links ?? new Dictionary<string, string>())
            yield return $"[ -e {prefix}/{BashQuote.Word(name)} ] || ln -s {BashQuote.Word(target)} {prefix}/{BashQuote.Word(name)}";
        if (place.LinkerNames is not { } names)
            yield break;
        yield return $"for library in {prefix}/{BashQuote.Word(names)}/lib*.so.*; do";
        yield return "  name=\"${library##*/}\"";
        yield return "  [ ! -e \"$library\" ] || [ -e \"${library%/*}/${name%%.so.*}.so\" ] || ln -s \"$name\" \"${library%/*}/${name%%.so.*}.so\"";
        yield return "done";
    }

    /// <summary>What a person types in the activated environment after the packages are there.</summary>
    public static IEnumerable<string> ByHand(IEnumerable<InstallStep> parts, bool isWindows)
    {
        foreach (var step in parts)
        {
            var (prefix, variable) = step is ToolkitStep toolkit ? (toolkit.Prefix, "CUDA_HOME") : ((step as CudnnStep)?.Prefix, "CUDNN_HOME");
            if (prefix is null || Steps.PipToolkitSteps.PlaceOf(step) is not { } place)
                continue;
            var folder = prefix[(prefix.LastIndexOf("site-packages", StringComparison.Ordinal) + "site-packages".Length)..];
            if (isWindows)
            {
                yield return $"$env:{variable} = \"$(python -c 'import sysconfig; print(sysconfig.get_path(''purelib''))'){folder}\"";
                continue;
            }

            yield return $"export {variable}=\"{Packages}{folder}\"";
            foreach (var (name, target) in place.Links ?? new Dictionary<string, string>())
                yield return $"ln -sfn {target} \"${variable}/{name}\"";
            if (place.LinkerNames is { } names)
                yield return $"(cd \"${variable}/{names}\" && for f in lib*.so.*; do [ -e \"${{f%%.so.*}}.so\" ] || ln -s \"$f\" \"${{f%%.so.*}}.so\"; done)";
        }
    }

    /// <summary>The requirements of a plan's toolkit and cuDNN; none where they are no packages of pip.</summary>
    public static string[] Requirements(InstallPlan plan) => [.. plan.Steps.Select(Steps.PipToolkitSteps.AsPackages).OfType<TorchStep>().SelectMany(p => p.Requirements)];

    /// <summary>What a list of packages cannot say, as comments without their sign.</summary>
    public static IEnumerable<string> Comments(InstallPlan plan)
    {
        var parts = plan.Steps.Where(s => Steps.PipToolkitSteps.PlaceOf(s) is not null).ToArray();
        if (parts.Length == 0)
            yield break;
        yield return "then, in the activated environment (cudacompat apply does it):";
        foreach (var line in ByHand(parts, PlanText.IsWindows(plan)))
            yield return "  " + PlanText.OneLine(line);
    }
}
