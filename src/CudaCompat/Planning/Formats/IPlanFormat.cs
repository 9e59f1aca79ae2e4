namespace CudaCompat.Planning.Formats;

/// <summary>Writes a plan as a text of one kind, from the same steps that an execution carries out.</summary>
internal interface IPlanFormat
{
    /// <summary>The name of the format: bash, powershell, dockerfile, environment, requirements, pyproject.</summary>
    string Name { get; }

    /// <summary>Writes the plan.</summary>
    /// <exception cref="PlanFormatException">This plan cannot be written so; the message says what to take instead.</exception>
    string Write(InstallPlan plan);
}

/// <summary>The formats that there are.</summary>
internal static class PlanFormats
{
    public static IReadOnlyList<IPlanFormat> All { get; } =
    [
        new BashFormat(),
        new PowerShellFormat(),
        new DockerfileFormat(),
        new CondaEnvironmentFormat(),
        new RequirementsFormat(),
        new PyprojectFormat(),
    ];

    /// <summary>The format of that name, or null.</summary>
    public static IPlanFormat? Find(string name) => All.FirstOrDefault(f => f.Name == name);
}
