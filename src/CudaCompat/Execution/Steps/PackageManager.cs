using System.Text.RegularExpressions;
using CudaCompat.Execution.Journals;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Steps;

/// <summary>What a manager says it would do.</summary>
/// <param name="Changes">Packages that it would add or change.</param>
/// <param name="Removed">Packages that it would take away.</param>
internal sealed record PackageSimulation(IReadOnlyList<PackageChange> Changes, IReadOnlyList<string> Removed);

/// <summary>The words of one system package manager: how it simulates, installs, removes and lists. All without shell and without questions.</summary>
internal sealed partial record PackageManager(
    string Name, string Program, Func<string[], string[]> Simulate, string[] Install, string[] Remove, string[] Downgrade, char VersionMark, string[] Query, Func<string, PackageSimulation> Parse)
{
    private static readonly PackageManager[] Known =
    [
        new("apt", "apt-get", install => ["--simulate", .. install], ["--yes", "--no-install-recommends", "install"], ["--yes", "remove"],
            ["--yes", "--allow-downgrades", "install"], '=', ["dpkg-query", "--show", "--showformat=${binary:Package}|${Version}|${db:Status-Status}\\n"], ParseApt)
        {
            Wait = ["-o", "DPkg::Lock::Timeout=600"],
            Repair = ["dpkg", "--configure", "--pending"],
        },
        new("dnf", "dnf", install => ["--assumeno", .. install.Where(w => w is not ("--assumeyes" or "-y"))], ["--assumeyes", "install"], ["--assumeyes", "--noautoremove", "remove"],
            ["--assumeyes", "downgrade"], '-', ["rpm", "--query", "--queryformat", "%{NAME}|%{VERSION}-%{RELEASE}|installed\\n"], ParseDnf),
        new("zypper", "zypper", install => [.. install, "--dry-run", "--details"], ["--non-interactive", "install", "--no-recommends"],
            ["--non-interactive", "remove"], ["--non-interactive", "install", "--oldpackage"], '=', ["rpm", "--query", "--queryformat", "%{NAME}|%{VERSION}-%{RELEASE}|installed\\n"], ParseZypper),
    ];

    /// <summary>Words that make it wait for another that works; none for one that does so by itself.</summary>
    public string[] Wait { get; private init; } = [];

    /// <summary>The program and its words that bring packages to an end which were interrupted half way; none for one that does so by itself.</summary>
    public string[] Repair { get; private init; } = [];

    /// <summary>What comes before the packages: as in the plan's command, which is what people read; else our own.</summary>
    /// <exception cref="StepFailedException">The command is none of this manager for these packages.</exception>
    public string[] InstallWords(IReadOnlyList<string>? command, IReadOnlyList<string> packages)
    {
        if (command is null)
            return Install;
        var words = command.Skip(1).Where(w => !packages.Contains(w)).ToArray();
        if (command[0] != Program || words.Count(w => w == "install") != 1 || words.Any(w => w != "install" && !StepCommand.Harmless.Contains(w)) || packages.Any(p => !command.Contains(p)))
            throw new StepFailedException($"the plan's command is none with which {Program} installs {string.Join(' ', packages)}.", "make the plan anew; this one contradicts itself.");
        return words;
    }

    /// <summary>The manager of a step's method; null where the method is none.</summary>
    public static PackageManager? Of(string method) => Known.FirstOrDefault(k => k.Name == method);

    // Inst name [old] (new repository [arch]) / Remv name [old]
    internal static PackageSimulation ParseApt(string output) => new(
        [.. AptInstall().Matches(output).Select(m => new PackageChange(m.Groups[1].Value, m.Groups[2].Success ? m.Groups[2].Value : null, m.Groups[3].Value))],
        [.. AptRemove().Matches(output).Select(m => m.Groups[1].Value)]);

    // " name  arch  version  repository  size" below a heading; installing ones, upgrading ones and removing ones apart.
    internal static PackageSimulation ParseDnf(string output)
    {
        var changes = new List<PackageChange>();
        var removed = new List<string>();
        var heading = "";
        foreach (var line in output.Split('\n'))
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line.Length > 0 && line[0] != ' ')
                heading = line.TrimEnd(':', ' ');
            else if (heading.StartsWith("Remov", StringComparison.Ordinal) && columns.Length >= 3)
                removed.Add(columns[0]);
            else if ((heading.StartsWith("Install", StringComparison.Ordinal) || heading.StartsWith("Upgrad", StringComparison.Ordinal)) && columns.Length >= 5)
                changes.Add(new PackageChange(columns[0], heading[0] == 'U' ? "" : null, columns[2]));
        }

        return new PackageSimulation(changes, removed);
    }

    // "The following 3 NEW packages are going to be installed:" and below it, indented, "name  version  arch …"
    internal static PackageSimulation ParseZypper(string output)
    {
        var changes = new List<PackageChange>();
        var removed = new List<string>();
        var heading = "";
        foreach (var line in output.Split('\n'))
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line.StartsWith("The following", StringComparison.Ordinal))
                heading = line;
            else if (columns.Length == 0 || line[0] != ' ')
                heading = "";
            else if (heading.Contains("REMOVED", StringComparison.Ordinal))
                removed.Add(columns[0]);
            else if (heading.Contains("NEW package", StringComparison.Ordinal))
                changes.Add(new PackageChange(columns[0], null, columns.Length > 1 ? columns[1] : ""));
            else if (heading.Contains("upgraded", StringComparison.Ordinal))
                changes.Add(new PackageChange(columns[0], columns.Length > 1 ? columns[1] : "", columns.Length > 3 ? columns[3] : ""));
        }

        return new PackageSimulation(changes, removed);
    }

    [GeneratedRegex(@"^Inst (\S+) (?:\[([^\]]+)\] )?\((\S+)", RegexOptions.Multiline, 2000)]
    private static partial Regex AptInstall();

    [GeneratedRegex(@"^Remv (\S+)", RegexOptions.Multiline, 2000)]
    private static partial Regex AptRemove();
}
