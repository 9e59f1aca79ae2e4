using System.Text;
using static CudaCompat.Planning.Formats.BashFormat;

namespace CudaCompat.Planning.Formats;

/// <summary>A Dockerfile that runs the steps while it is built. The kernel check needs a GPU, which a build has not: it is left to a run.</summary>
internal sealed class DockerfileFormat : IPlanFormat
{
    public string Name => "dockerfile";

    public string Write(InstallPlan plan)
    {
        if (PlanText.IsWindows(plan))
            throw new PlanFormatException(Name, "it is for Windows; containers with NVIDIA GPUs are Linux.");
        var python = PlanText.Step<PythonStep>(plan);
        var text = new StringBuilder();
        Line(text, "# syntax=docker/dockerfile:1");
        foreach (var line in PlanText.Header(plan, "Dockerfile plan"))
            Line(text, "# " + line);
        Line(text, "# Run it with the host's driver: docker run --gpus all IMAGE");
        var conda = python?.Method == "conda";
        Line(text, $"FROM {(conda ? "condaforge/miniforge3" : python?.Version is { } version ? $"python:{version.TrimEnd('t')}-slim" : "debian:stable-slim")}");
        Line(text, "SHELL [\"/bin/bash\", \"-c\"]");
        Line(text, "WORKDIR /opt/cudacompat");
        Line(text, "RUN apt-get update \\");
        Line(text, " && apt-get install --yes --no-install-recommends ca-certificates curl xz-utils \\");
        Line(text, " && rm -rf /var/lib/apt/lists/*");
        if (python?.Method == "uv")
            Line(text, "COPY --from=ghcr.io/astral-sh/uv /uv /usr/local/bin/uv");
        // The same script as for a machine; archives are dropped in the layer that fetched them.
        var script = new StringBuilder();
        WriteBody(script, plan with { Steps = [.. plan.Steps.Where(s => s is not EnvironmentStep).Select(WithoutKernel)] }, "/opt/cudacompat");
        Line(text, "RUN <<'STEPS'");
        Line(text, "set -euo pipefail");
        text.Append(script);
        Line(text, "rm -rf -- \"${cache:-/root/.cache/cudacompat}\"");
        Line(text, "STEPS");
        foreach (var environment in plan.Steps.OfType<EnvironmentStep>())
            Environment(text, environment);
        if (python?.Environment is { } folder)
            Line(text, $"ENV PATH={Value(Absolute(folder) + "/bin")}:$PATH");
        return text.ToString();
    }

    private static InstallStep WithoutKernel(InstallStep step) => step is VerifyStep verify ? verify with { Checks = [.. verify.Checks.Where(c => c != "kernel")] } : step;

    private static void Environment(StringBuilder text, EnvironmentStep step)
    {
        foreach (var (name, value) in step.Set)
            Line(text, $"ENV {name}={Value(name.EndsWith("_HOME", StringComparison.Ordinal) || name.EndsWith("_PATH", StringComparison.Ordinal) ? Absolute(value) : value)}");
        foreach (var (name, folders) in step.Prepend)
            Line(text, $"ENV {name}={Value(string.Join(':', folders.Select(Absolute)))}${{{name}:+:${name}}}");
    }

    private static string Absolute(string folder) => folder.StartsWith('/') ? folder : "/opt/cudacompat/" + folder;

    private static string Value(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal) + "\"";
}
