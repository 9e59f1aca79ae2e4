using System.Text;
using static CudaCompat.Planning.Formats.BashFormat;

namespace CudaCompat.Planning.Formats;

/// <summary>An environment.yml for "conda env create"; wheels go into its pip part.</summary>
internal sealed class CondaEnvironmentFormat : IPlanFormat
{
    public string Name => "environment";

    public string Write(InstallPlan plan)
    {
        if (PlanText.Step<TorchStep>(plan) is not { } torch)
            throw new PlanFormatException(Name, "it has no Python packages.");
        var text = new StringBuilder();
        foreach (var line in PlanText.Header(plan, "environment.yml"))
            Line(text, "# " + line);
        Line(text, "name: " + Text(PlanText.Slug(plan)));
        var conda = torch.Method is "conda" or "conda-forge";
        Line(text, "channels:");
        // Packages of PyTorch's own channel lean on the default channel; conda-forge stands alone.
        foreach (var channel in conda ? torch.Method == "conda" ? torch.Channels.Append("defaults") : torch.Channels.Append("nodefaults") : ["conda-forge", "nodefaults"])
            Line(text, "  - " + Text(channel));
        Line(text, "dependencies:");
        if (PlanText.Step<PythonStep>(plan)?.Version is { } python)
            Line(text, "  - " + Text(python.EndsWith('t') ? "python-freethreading=" + python.TrimEnd('t') : "python=" + python));
        if (conda)
        {
            foreach (var package in torch.Requirements)
                Line(text, "  - " + Text(package));
        }
        else
        {
            Line(text, "  - pip");
            Line(text, "  - pip:");
            foreach (var line in RequirementsFormat.Options(plan, torch).Concat(RequirementsFormat.Requirements(plan, torch)))
                Line(text, "      - " + Text(line));
        }

        foreach (var comment in PipPartText.Comments(plan))
            Line(text, "# " + comment);
        if (plan.Environment.Count > 0)
        {
            Line(text, "variables:");
            foreach (var (name, value) in plan.Environment)
                Line(text, $"  {name}: {Text(value)}");
        }

        return text.ToString();
    }

    /// <summary>YAML reads a bare 1.10 as a number and a leading sign as syntax: everything is quoted.</summary>
    private static string Text(string text) => "\"" + PlanText.OneLine(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
