namespace CudaCompat.Planning.Formats;

/// <summary>Writes a plan as a text of one kind, from the same steps that an execution carries out.</summary>
internal interface IPlanFormat
{
    /// <summary>The name of the format: bash, powershell, dockerfile, environment, requirements, pyproject, pylock.</summary>
    string Name { get; }

    /// <summary>Writes the plan.</summary>
    /// <exception cref="PlanFormatException">This plan cannot be written so; the message says what to take instead.</exception>
    string Write(InstallPlan plan);

    /// <summary>Writes the plan with everything that its Python packages need, by hash.</summary>
    /// <exception cref="PlanFormatException">This plan cannot be written so, or the format has no place for hashes.</exception>
    string Write(InstallPlan plan, IReadOnlyList<LockedPackage> packages) => throw new PlanFormatException(Name, "it has no place for hashes; take requirements, pylock or bash.");
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
        new PylockFormat(),
    ];

    /// <summary>The format of that name, or null.</summary>
    public static IPlanFormat? Find(string name) => All.FirstOrDefault(f => f.Name == name);
}
