using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>
/// What of a person's pip configuration passes to an isolated pip: how to reach the network (proxy, certificates, time limit), by name. Where
/// packages come from and where they go does not pass: that is the plan's, and the configured index is only told.
/// </summary>
internal static class PipSettings
{
    private static readonly string[] Passed = ["proxy", "cert", "client-cert", "timeout", "default-timeout", "retries"];
    private static readonly string[] Told = ["index-url", "extra-index-url", "find-links", "index"];

    /// <summary>The variables that pip runs with: isolated, but for what passes.</summary>
    /// <param name="python">The Python whose pip it is.</param>
    /// <param name="cache">The folder that pip keeps its downloads in.</param>
    /// <param name="note">Hears what is told of the rest of the configuration, one sentence each.</param>
    /// <param name="cancellation">Ends the asking.</param>
    public static async Task<Dictionary<string, string?>> EnvironmentAsync(string python, string cache, Action<string>? note, CancellationToken cancellation)
    {
        var request = new ProcessRequest(python, ["-m", "pip", "config", "list"]) { TimeLimit = TimeSpan.FromSeconds(60) };
        var result = await ProcessRunner.RunAsync(request, cancellation).ConfigureAwait(false);
        var (variables, notes) = Of(result.Succeeded ? result.Output : "");
        foreach (var sentence in notes)
            note?.Invoke(sentence);
        var environment = new Dictionary<string, string?>(PythonPrograms.Environment(cache), StringComparer.Ordinal);
        foreach (var (name, value) in variables)
            environment[name] = value;
        return environment;
    }

    /// <summary>What passes, and what is told of the rest, from pip's own list: section.name='value' a line, variables as :env:.name.</summary>
    internal static (IReadOnlyDictionary<string, string?> Variables, IReadOnlyList<string> Notes) Of(string list)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        var notes = new List<string>();
        foreach (var line in list.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                continue;
            var name = line[..equals].Split('.')[^1];
            var value = line[(equals + 1)..].Trim('\'', '"');
            if (Passed.Contains(name) && VisibleText.IsPlain(value))
                variables["PIP_" + name.ToUpperInvariant().Replace('-', '_')] = value;
            else if (Told.Contains(name))
                notes.Add(SecretText.Mask($"pip's configuration names {name} {value}; it is not taken: the plan says where packages come from (cudacompat plan --mirror)."));
        }

        return (variables, notes);
    }
}
