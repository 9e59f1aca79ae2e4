using CudaCompat.Planning.Steps;

namespace CudaCompat.Planning;

/// <summary>
/// The command of a step says in a person's words what its typed fields say. What is run comes from the fields; a command that says something
/// else makes the document and the act differ, so such a plan is refused.
/// </summary>
internal static class StepCommand
{
    /// <summary>Options without which a question would be asked, or more would be installed.</summary>
    public static readonly string[] Harmless = ["--yes", "-y", "--assumeyes", "--non-interactive", "--no-install-recommends", "--no-recommends"];
    private static readonly string[] CondaPrograms = ["conda", "mamba", "micromamba"];

    /// <summary>Why the command is not that of the step's fields; null where it is, or there is none.</summary>
    public static string? Refuse(InstallStep step)
    {
        if (step.Command is not { } command)
            return null;
        if (command.Count == 0)
            return "an empty command runs nothing.";
        var fits = step switch
        {
            ToolkitStep { Method: "runfile" } s => IsRunfile(s, command),
            ToolkitStep { Method: "installer" } s => command[0] == s.FileName && Same(command.Skip(1), ["-s", .. s.Components, "-n"]),
            ToolkitStep { Method: "pip" } or CudnnStep { Method: "pip" } => PipToolkitSteps.AsPackages(step) is { } packages && IsPip(packages, command),
            ToolkitStep { Method: "conda" } s => IsConda(command, s.Components, null),
            CudnnStep { Method: "conda" } s => IsConda(command, s.Components, null),
            ToolkitStep { Method: "apt" or "dnf" or "zypper" } s => IsPackages(s.Method, s.Components, command),
            CudnnStep { Method: "apt" or "dnf" or "zypper" } s => IsPackages(s.Method, s.Components, command),
            PythonStep s => IsPython(s, command),
            TorchStep { Method: "conda" or "conda-forge" } s => IsConda(command, s.Requirements, s.Channels),
            TorchStep s => IsPip(s, command),
            _ => false,
        };
        return fits ? null : "this is not the command of the step's own fields; a plan whose words and acts differ is refused.";
    }

    private static bool IsRunfile(ToolkitStep step, IReadOnlyList<string> command) =>
        command.Count >= 2 && command[0] == "bash" && command[1] == step.FileName
        && command.Skip(2).All(w => w is "--silent" or "--toolkit" || (step.Prefix is { } prefix && (w == "--installpath=" + prefix || w == "--toolkitpath=" + prefix)));

    private static bool IsPackages(string manager, IReadOnlyList<string> packages, IReadOnlyList<string> command) =>
        command[0] == (manager == "apt" ? "apt-get" : manager) && command.Count(w => w == "install") == 1
        && Same(command.Skip(1).Where(w => w != "install" && !Harmless.Contains(w)), packages);

    private static bool IsPython(PythonStep step, IReadOnlyList<string> command)
    {
        if (step.Method == "existing" || step.Environment is not { } folder || command[^1] is not { } last)
            return false;
        var words = command.ToArray();
        return step.Method switch
        {
            "conda" => CondaPrograms.Contains(words[0]) && words[1..] is ["create", "--yes", "--prefix", var prefix, var python]
                && prefix == folder && python == (step.Version is null ? "python" : "python=" + step.Version),
            "uv" => last == folder && words[..^1] is ["uv", "venv", .. var choice] && (choice.Length == 0 || choice is ["--python", var version] && version == step.Version),
            _ => last == folder && words[..^1] is [.. var program, "-m", "venv"] && program switch
            {
                ["py", var version] => version == "-" + (step.Version ?? "3"),
                [var python] => python == "python" || python == "python3" || python == "python" + step.Version,
                _ => false,
            },
        };
    }

    private static bool IsPip(TorchStep step, IReadOnlyList<string> command)
    {
        var at = command.ToList().IndexOf("install");
        if (at < 0)
            return false;
        var programs = new List<string> { "python", "python3" };
        if (step.Environment is { } folder)
            programs.AddRange([Join(folder, "/bin/python"), Join(folder, "\\Scripts\\python.exe"), Join(folder, "\\python.exe")]);
        var head = command.Take(at).ToArray();
        if (!(head is ["pip"] or ["uv", "pip"] || (head is [var program, "-m", "pip"] && programs.Contains(program))))
            return false;
        var words = command.Skip(at + 1).ToList();
        if (head[0] == "uv" && words is ["--python", var python, ..] && programs.Contains(python))
            words.RemoveRange(0, 2);
        var options = TorchStepBuilder.PipOptions(step).ToArray();
        if (words.Count < options.Length || !words.Skip(words.Count - options.Length).SequenceEqual(options))
            return false;
        words.RemoveRange(words.Count - options.Length, options.Length);
        // name @ address: where only the file's folder tells it apart from others of its name; the address is one of the step's own files.
        var bounds = step.Bounds ?? [];
        if (words.Count < bounds.Count || !words.TakeLast(bounds.Count).SequenceEqual(bounds))
            return false;
        words.RemoveRange(words.Count - bounds.Count, bounds.Count);
        return words.Count == step.Requirements.Count && words.Zip(step.Requirements).All(w => w.First == w.Second
            || (w.First.Split(" @ ") is [var name, var address] && w.Second.StartsWith(name + "==", StringComparison.Ordinal) && step.Files.Any(f => f.Url == address)));
    }

    private static bool IsConda(IReadOnlyList<string> command, IReadOnlyList<string> packages, IReadOnlyList<string>? channels)
    {
        if (!CondaPrograms.Contains(command[0]) || command.Count < 2 || command[1] is not ("install" or "create"))
            return false;
        var named = new List<string>();
        var sources = new List<string>();
        for (var i = 2; i < command.Count; i++)
        {
            if (command[i] is "--prefix" or "-p" && i + 1 < command.Count)
                i++;
            else if (command[i] is "-c" or "--channel" && i + 1 < command.Count)
                sources.Add(command[++i]);
            else if (!Harmless.Contains(command[i]))
                named.Add(command[i]);
        }

        var known = sources.All(c => c.Contains("://", StringComparison.Ordinal) ? PlanDocumentCheck.IsAddress(c) : c.Length > 0 && char.IsAsciiLetterOrDigit(c[0]));
        return known && Same(named, packages) && (channels is null || sources.SequenceEqual(channels));
    }

    private static string Join(string folder, string rest) => folder.TrimEnd('/', '\\') + rest;

    private static bool Same(IEnumerable<string> words, IEnumerable<string> wanted) => words.Order(StringComparer.Ordinal).SequenceEqual(wanted.Order(StringComparer.Ordinal));
}
