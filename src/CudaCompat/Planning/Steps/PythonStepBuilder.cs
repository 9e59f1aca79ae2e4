namespace CudaCompat.Planning.Steps;

/// <summary>The Python environment that the packages go into; a system's own Python is never touched.</summary>
internal static class PythonStepBuilder
{
    public static PythonStep? Build(StepContext context, IEnumerable<InstallStep> others)
    {
        var inConda = others.Any(s => s is ToolkitStep { Method: "conda" } or CudnnStep { Method: "conda" });
        if (!context.Chosen.Wants(ComponentNames.Torch) && !inConda && !others.Any(s => PipToolkitSteps.PlaceOf(s) is not null))
            return null;
        var python = context.Python?.ToString();
        if (context.Chosen.Machine.Python is null && python is not null)
            context.Note($"No Python was given; the plan takes {python}, the newest that all chosen packages have.");
        var folder = context.EnvironmentFolder;
        var method = context.Conda || inConda ? "conda" : context.Chosen.Packaging == "uv" ? "uv" : "venv";
        string[] command = method switch
        {
            "conda" => ["conda", "create", "--yes", "--prefix", folder, python is null ? "python" : "python=" + python],
            "uv" => python is null ? ["uv", "venv", folder] : ["uv", "venv", "--python", python, folder],
            _ when context.Windows => python is null ? ["py", "-3", "-m", "venv", folder] : ["py", "-" + python, "-m", "venv", folder],
            _ => ["python" + (python ?? "3"), "-m", "venv", folder],
        };
        return new PythonStep
        {
            Component = ComponentNames.Python,
            Version = python,
            Method = method,
            Environment = folder,
            Command = command,
            Description = $"Makes the environment {folder} with Python {python ?? "3"}.",
        };
    }
}
