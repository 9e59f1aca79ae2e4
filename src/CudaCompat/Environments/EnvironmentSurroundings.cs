using System.Runtime.InteropServices;

namespace CudaCompat.Environments;

/// <summary>What surrounds an environment: variables, the current folder, the processor.</summary>
internal sealed record EnvironmentSurroundings
{
    /// <summary>The environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>The folder that programs are started in.</summary>
    public required string CurrentFolder { get; init; }

    /// <summary>The user's home folder, or null.</summary>
    public string? Home { get; init; }

    /// <summary>x86_64 or aarch64.</summary>
    public required string Machine { get; init; }

    /// <summary>How many GPUs there are; null where that is not known.</summary>
    public int? Gpus { get; init; }

    /// <summary>Those of this process.</summary>
    public static EnvironmentSurroundings Current()
    {
        var variables = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = variable.Value as string ?? "";
        return new EnvironmentSurroundings
        {
            Variables = variables,
            CurrentFolder = Environment.CurrentDirectory,
            Home = variables.GetValueOrDefault(OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME") is { Length: > 0 } home ? home : null,
            Machine = RuntimeInformation.OSArchitecture switch { Architecture.Arm64 => "aarch64", _ => "x86_64" },
        };
    }
}
