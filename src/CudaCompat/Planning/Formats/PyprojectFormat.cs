using System.Text;
using static CudaCompat.Planning.Formats.BashFormat;

namespace CudaCompat.Planning.Formats;

/// <summary>The parts of a pyproject.toml that make uv take these builds, from this index and for these packages alone.</summary>
internal sealed class PyprojectFormat : IPlanFormat
{
    public string Name => "pyproject";

    public string Write(InstallPlan plan)
    {
        if (PlanText.Step<TorchStep>(plan) is not { } torch)
            throw new PlanFormatException(Name, "it has no Python packages.");
        if (torch.Method is "conda" or "conda-forge")
            throw new PlanFormatException(Name, "its packages come from conda; take environment.");
        var lines = RequirementsFormat.Requirements(plan, torch).ToArray();
        var text = new StringBuilder();
        foreach (var line in PlanText.Header(plan, "pyproject.toml for uv: merge these tables into yours"))
            Line(text, "# " + line);
        foreach (var comment in PipPartText.Comments(plan))
            Line(text, "# " + comment);
        Line(text, "[project]");
        if (PlanText.Step<PythonStep>(plan)?.Version is { } python)
            Line(text, $"requires-python = {Text($"=={python.TrimEnd('t')}.*")}");
        Line(text, "dependencies = [");
        foreach (var line in lines)
            Line(text, $"    {Text(line)},");
        Line(text, "]");
        if (torch.FindLinks.Count > 0)
        {
            Line(text, "");
            Line(text, "[tool.uv]");
            Line(text, $"find-links = [{string.Join(", ", torch.FindLinks.Select(Text))}]");
        }

        if (torch.IndexUrl is not { } index)
            return text.ToString();
        var name = "pytorch" + (plan.Stack.CudaTag is { } tag ? "-" + tag : "");
        // A mirror of the default index takes its place; PyTorch's index is for its packages alone.
        var isDefault = torch.FindLinks.Count > 0 || torch.Files.Count == 0 && torch.ExtraIndexUrls.Count == 0 && plan.Stack.CudaTag is { } of && !index.TrimEnd('/').EndsWith("/" + of, StringComparison.Ordinal);
        Line(text, "");
        Line(text, "[[tool.uv.index]]");
        Line(text, $"name = {Text(isDefault ? "default" : name)}");
        Line(text, $"url = {Text(index)}");
        Line(text, isDefault ? "default = true" : "explicit = true");
        if (isDefault)
            return text.ToString();
        Line(text, "");
        Line(text, "[tool.uv.sources]");
        var others = PipPartText.Requirements(plan).Concat(torch.Bounds ?? []).ToArray();
        foreach (var package in lines.Where(l => !l.Contains(" @ ", StringComparison.Ordinal) && !others.Contains(l)).Select(l => l[..l.IndexOf('=', StringComparison.Ordinal)]))
            Line(text, $"{package} = {{ index = {Text(name)} }}");
        return text.ToString();
    }

    private static string Text(string text) => "\"" + PlanText.OneLine(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
