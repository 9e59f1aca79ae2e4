using CudaCompat.Planning;

namespace CudaCompat.Execution.Steps;

/// <summary>The conda command that the plan prints, for the environment's full path; and what conda's own records say is there.</summary>
internal sealed record CondaCommand(IReadOnlyList<string> Packages, IReadOnlyList<string> Channels)
{
    /// <summary>The command of a step.</summary>
    /// <exception cref="StepFailedException">It has none, or one with a word that is not known.</exception>
    public static CondaCommand Of(InstallStep step)
    {
        if (step.Command?.ToArray() is not ["conda" or "mamba" or "micromamba", "install" or "create", .. var words])
            throw new StepFailedException("the plan has no conda command.", "make the plan anew; this one is incomplete.");
        var packages = new List<string>();
        var channels = new List<string>();
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] is "--prefix" or "-p")
                i++; // the environment's full path is named instead
            else if (words[i] is "-c" or "--channel" && i + 1 < words.Length)
                channels.AddRange(["-c", words[++i]]);
            else if (words[i] is not ("--yes" or "-y"))
                packages.Add(words[i] is [not '-', ..] ? words[i] : throw new StepFailedException($"'{words[i]}' in the plan's command is not known.", "correct the plan: packages and -c are taken."));
        }

        return new CondaCommand(packages, channels);
    }

    /// <summary>The words that make conda take its own cache alone where nothing may come from a network.</summary>
    public static string[] Bounds(ExecutionOptions options) => options.Offline ? ["--offline"] : [];

    /// <summary>The arguments that install into a folder.</summary>
    // Where the plan's one channel is a whole distribution, a configured one would mix with it; the older channels need the configured default beside them.
    public string[] Arguments(string folder, ExecutionOptions options) =>
        ["install", "--yes", "--prefix", folder, .. Packages, .. Channels, .. Channels is ["-c", "conda-forge"] ? new[] { "--override-channels" } : [], .. Bounds(options)];

    /// <summary>True where conda's records of the folder have every package asked for, in its version and build.</summary>
    public bool IsInstalled(string folder)
    {
        var records = Path.Combine(folder, "conda-meta");
        if (Packages.Count == 0 || !Directory.Exists(records))
            return false;
        // name-version-build.json; the name may hold '-', the others not.
        var there = Directory.EnumerateFiles(records, "*.json").Select(f => Path.GetFileNameWithoutExtension(f).Split('-'))
            .Where(p => p.Length >= 3).GroupBy(p => string.Join('-', p[..^2])).ToDictionary(g => g.Key, g => g.First()[^2..]);
        return Packages.All(p => Satisfies(p, there));
    }

    // name, name=version (and what begins with it), name==version, name=version=build with '*'; what else conda knows is left to conda.
    private static bool Satisfies(string package, Dictionary<string, string[]> there)
    {
        var parts = package.Split("==") is [var exactName, var exact] ? [exactName, exact] : package.Split('=');
        if (!there.TryGetValue(parts[0], out var found))
            return false;
        var isExact = package.Contains("==", StringComparison.Ordinal);
        return (parts.Length < 2 || IsLike(found[0], parts[1]) || (!isExact && found[0].StartsWith(parts[1] + ".", StringComparison.Ordinal)))
            && (parts.Length < 3 || IsLike(found[1], parts[2]));
    }

    private static bool IsLike(string found, string wanted) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(wanted, found, ignoreCase: false);
}
