using CudaCompat.Execution.Downloads;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>Finds Python programs and asks them what they are.</summary>
internal static class PythonPrograms
{
    // Variables and files by which a person's own pip, uv or Python is set up. They change what is installed, from where and whereto.
    private static readonly string[] Owned = ["PIP_", "UV_", "PYTHON", "VIRTUAL_ENV", "CONDA_CHANNEL", "CONDA_PINNED", "CONDA_CREATE_DEFAULT", "MAMBA_CHANNEL"];

    /// <summary>
    /// What every Python of ours runs with: nothing of the user's other Pythons and their settings, no questions, and byte code that does not
    /// depend on the hour, so that a resumed run and an undisturbed one end alike. Proxies and certificates of the environment stay.
    /// </summary>
    public static IReadOnlyDictionary<string, string?> Environment(string? pipCache)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var name in System.Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(n => Owned.Any(o => n.StartsWith(o, StringComparison.OrdinalIgnoreCase))))
            environment[name] = null;
        environment["PYTHONNOUSERSITE"] = "1";
        environment["PYTHONUTF8"] = "1";
        environment["SOURCE_DATE_EPOCH"] = "315532800"; // 1980-01-01, the first day that a zip can hold
        environment["PIP_CONFIG_FILE"] = OperatingSystem.IsWindows() ? "nul" : "/dev/null"; // pip's word for none
        environment["PIP_NO_INPUT"] = "1";
        environment["PIP_USER"] = "0";
        environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1";
        environment["PIP_ONLY_BINARY"] = ":all:"; // a source distribution runs code of its own while it is built
        environment["PIP_CACHE_DIR"] = pipCache;
        environment["UV_NO_CONFIG"] = "1";
        environment["UV_NO_BUILD"] = "1";
        environment["UV_CACHE_DIR"] = pipCache is null ? null : pipCache + "-uv";
        return environment;
    }

    /// <summary>The Python of an environment folder, null where there is none.</summary>
    /// <exception cref="StepFailedException">Another user could have put it there; it is not run.</exception>
    public static string? Of(string environment)
    {
        var python = new[] { "bin/python", "bin/python3", "Scripts/python.exe", "python.exe" }.Select(n => Path.Combine(environment, n)).FirstOrDefault(File.Exists);
        if (python is not null && TrustedPath.WhyNot(python) is { } reason)
            throw new StepFailedException($"{python} is not run: {reason}.", "only programs that root or you alone can have put there are run; choose another folder, or take the right to write from the others.");
        return python;
    }

    /// <summary>major.minor of a Python, with the t of a free-threaded one; null where it does not run.</summary>
    public static async Task<string?> VersionAsync(string python, CancellationToken cancellation)
    {
        const string program = "import sys, sysconfig; print('%d.%d%s' % (sys.version_info[0], sys.version_info[1], 't' if sysconfig.get_config_var('Py_GIL_DISABLED') else ''))";
        return await AskAsync(python, program, cancellation).ConfigureAwait(false) is { } answer ? answer.Trim() : null;
    }

    /// <summary>True for a Python that its system manages (PEP 668) and that is no virtual environment.</summary>
    public static async Task<bool> IsExternallyManagedAsync(string python, CancellationToken cancellation)
    {
        const string program = "import os, sys, sysconfig; print(sys.prefix == sys.base_prefix and os.path.exists(os.path.join(sysconfig.get_path('stdlib'), 'EXTERNALLY-MANAGED')))";
        return (await AskAsync(python, program, cancellation).ConfigureAwait(false))?.Trim() == "True";
    }

    /// <summary>Everything installed in a Python: normal name and version, read from its own records, in every Python from 3.5 on.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> PackagesAsync(string python, CancellationToken cancellation)
    {
        const string program = """
            import glob, os, re, sys
            for folder in sys.path:
                for path in glob.glob(os.path.join(folder, '*.dist-info', 'METADATA')) + glob.glob(os.path.join(folder, '*.egg-info', 'PKG-INFO')):
                    fields = {}
                    with open(path, 'rb') as file:
                        for line in file.read().decode('utf-8', 'replace').split('\n\n')[0].splitlines():
                            if line.startswith(('Name: ', 'Version: ')):
                                fields.setdefault(line.split(': ', 1)[0], line.split(': ', 1)[1].strip())
                    if len(fields) == 2:
                        print(re.sub('[-_.]+', '-', fields['Name']).lower() + ' ' + fields['Version'])
            """;
        var answer = await AskAsync(python, program, cancellation).ConfigureAwait(false) ?? "";
        return answer.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(l => l.Split(' ', 2)).Where(p => p.Length == 2).GroupBy(p => p[0]).ToDictionary(g => g.Key, g => g.First()[1]);
    }

    /// <summary>What everything installed in a Python requires: the package, and each requirement without its marker.</summary>
    public static async Task<IReadOnlyList<(string Package, string Requirement)>> RequirementsAsync(string python, CancellationToken cancellation)
    {
        const string program = """
            import glob, os, sys
            for folder in sys.path:
                for path in glob.glob(os.path.join(folder, '*.dist-info', 'METADATA')):
                    name = os.path.basename(os.path.dirname(path))[:-len('.dist-info')].replace('-', ' ', 1)
                    with open(path, 'rb') as file:
                        for line in file.read().decode('utf-8', 'replace').split('\n\n')[0].splitlines():
                            if line.startswith('Requires-Dist: '):
                                print(name + '\t' + line[len('Requires-Dist: '):].split(';')[0].strip())
            """;
        var answer = await AskAsync(python, program, cancellation).ConfigureAwait(false) ?? "";
        return [.. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => l.Split('\t', 2)).Where(p => p.Length == 2).Select(p => (p[0], p[1]))];
    }

    /// <summary>A Python that makes environments of a version: the one asked for, else by the usual names.</summary>
    /// <exception cref="StepFailedException">None of that version is there.</exception>
    public static async Task<string> RequireAsync(string? asked, string? version, TrustedPath programs, CancellationToken cancellation)
    {
        if (asked is null && programs.Find("py") is { } launcher && OperatingSystem.IsWindows())
            asked = await ExecutableAsync(launcher, version, cancellation).ConfigureAwait(false);
        string[] names = asked is not null ? [asked] : version is null ? ["python3", "python"] : [$"python{version}", "python3", "python"];
        foreach (var program in names.Select(programs.Find).OfType<string>())
        {
            if (await VersionAsync(program, cancellation).ConfigureAwait(false) is { } found && IsVersion(found, version))
                return program;
        }

        throw new StepFailedException(
            version is null ? "no Python was found on a trusted path." : $"no Python {version} was found on a trusted path (looked for {string.Join(", ", names)}).",
            "install it, or name one with --python-program.");
    }

    // Windows has one python.exe on PATH, or none; its launcher knows them all.
    private static async Task<string?> ExecutableAsync(string launcher, string? version, CancellationToken cancellation)
    {
        var request = new ProcessRequest(launcher, [$"-{version ?? "3"}", "-c", "import sys; print(sys.executable)"]) { TimeLimit = TimeSpan.FromSeconds(60) };
        var result = await ProcessRunner.RunAsync(request, cancellation).ConfigureAwait(false);
        return result.Succeeded && result.Output.Trim() is { Length: > 0 } python ? python : null;
    }

    /// <summary>True where a found 3.11 satisfies a wanted 3.11 or 3.11.4, or nothing is wanted.</summary>
    public static bool IsVersion(string found, string? wanted) =>
        wanted is null || found == wanted || wanted.StartsWith(found + ".", StringComparison.Ordinal);

    private static async Task<string?> AskAsync(string python, string program, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string?>(Environment(null)) { ["PYTHONDONTWRITEBYTECODE"] = "1" };
        var request = new ProcessRequest(python, ["-c", program]) { Environment = environment, TimeLimit = TimeSpan.FromSeconds(60) };
        var result = await ProcessRunner.RunAsync(request, cancellation).ConfigureAwait(false);
        return result.Succeeded ? result.Output : null;
    }
}
