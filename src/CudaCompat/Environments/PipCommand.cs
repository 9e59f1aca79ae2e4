using CudaCompat.Resolution;

namespace CudaCompat.Environments;

/// <summary>What changes this one environment: the commands as a person would type them, and the same as acts.</summary>
internal sealed class PipCommand(EnvironmentReading reading, Lazy<string> wheels)
{
    private static readonly System.Buffers.SearchValues<char> ShellCharacters = System.Buffers.SearchValues.Create(" <>!~*;&|$\"'()");

    /// <summary>True where the environment is the user's own, so that acts in it can be undone as a whole.</summary>
    public bool CanBeMended => (reading.Layout.IsVirtual || reading.Layout.IsConda) && reading.Layout.IsWindows == OperatingSystem.IsWindows();

    private string Python => Quoted(reading.Shown(reading.Layout.Interpreter ?? Path.Combine(reading.Layout.Root, reading.Layout.IsWindows ? "Scripts" : "bin", "python")));

    private bool HasPip => reading.Packages.Find("pip") is not null || !reading.Layout.IsVirtual;

    /// <summary>Installs what is missing, or another version of what is there.</summary>
    public Mending Install(params IReadOnlyList<string> requirements) => Mend(new InstallPackages(requirements, Again: false, Alone: false, Index: null));

    /// <summary>Installs although it is there: these files and no others (<paramref name="alone"/>), or with what they require.</summary>
    public Mending InstallAgain(IReadOnlyList<string> requirements, bool alone, string? index = null) => Mend(new InstallPackages(requirements, Again: true, alone, index));

    /// <summary>Removes what is named.</summary>
    public Mending Uninstall(params IReadOnlyList<string> names) => Mend(new UninstallPackages(names));

    /// <summary>Puts the very same version back, and nothing else.</summary>
    public Mending Reinstall(InstalledPackage package) => IsOfDistribution(package)
        ? new Mending($"sudo apt-get install --reinstall python3-{package.Key}", [])
        : Mend(Again(package, alone: true));

    /// <summary>Puts the very same version back, and all that it requires.</summary>
    public Mending ReinstallWithAll(InstalledPackage package) => Mend(Again(package, alone: false));

    /// <summary>Puts the very same version of what has files and no metadata in its place.</summary>
    public Mending Reinstall(FamilyMember member)
    {
        var label = member.Version?.Label is { } text && Versions.CudaTag.TryParse(text, out var tag) ? tag.ToString() : null;
        return InstallAgain([member.Version is { } version ? $"{member.Key}=={version.WithoutLabel}{(label is null ? "" : "+" + label)}" : member.Key], alone: true, IndexOf(label));
    }

    /// <summary>Removes one of two packages that write the same files, and puts the files of the other back.</summary>
    public Mending Replace(InstalledPackage removed, InstalledPackage kept) => Mend(new UninstallPackages([removed.Name]), Again(kept, alone: true));

    /// <summary>Puts packages back whose scripts start another Python.</summary>
    public Mending ReinstallScripts(IEnumerable<InstalledPackage> packages)
    {
        // One command takes from one index; PyTorch's has what its own packages require, and not every other package.
        var all = packages.Select(p => Again(p, alone: true)).GroupBy(r => r.Index).Select(g => new InstallPackages([.. g.SelectMany(r => r.Requirements)], Again: true, Alone: true, g.Key));
        return Mend([.. all]);
    }

    /// <summary>Removes files or folders of packages.</summary>
    public Mending Remove(IEnumerable<string> paths) => Mend(new RemoveLeftovers([.. paths]));

    /// <summary>Links the environment to a Python of its version again.</summary>
    public Mending Relink(string version) => Mend(new RelinkPython(version));

    /// <summary>Several acts as one line.</summary>
    public Mending Mend(params IReadOnlyList<Repair> repairs) =>
        new(string.Join(reading.Layout.IsWindows ? "; " : " && ", repairs.Select(Text)), CanBeMended && !repairs.Any(TouchesForeign) ? repairs : []);

    /// <summary>An act as a person types it.</summary>
    public string Text(Repair repair) => repair switch
    {
        InstallPackages install => Pip("install", [
            .. install.Again ? ["--force-reinstall"] : (string[])[],
            .. install.Alone ? ["--no-deps"] : (string[])[],
            .. install.Requirements,
            .. install.Index is { } index ? ["--index-url", index] : (string[])[]]),
        UninstallPackages uninstall => Pip("uninstall", uninstall.Names),
        RemoveLeftovers remove => reading.Layout.IsWindows
            ? $"Remove-Item -Recurse -Force {string.Join(", ", remove.Paths.Select(Shown))}"
            : $"rm -r {string.Join(' ', remove.Paths.Select(Shown))}",
        RelinkPython relink => reading.Layout.IsWindows
            ? $"py -{relink.Version} -m venv --upgrade {Shown(reading.Layout.Root)}"
            : $"rm -f {string.Join(' ', ((string[])["python", "python3", "python" + relink.Version]).Select(n => Shown(Path.Combine(reading.Layout.Root, "bin", n))))} && " + // venv stumbles over a link to nowhere
              $"python{relink.Version} -m venv --upgrade {Shown(reading.Layout.Root)}",
        _ => throw new InvalidOperationException($"{repair.GetType().Name} has no command."),
    };

    private string Pip(string verb, IEnumerable<string> words)
    {
        var program = HasPip ? $"{Python} -m pip {verb}{(verb == "uninstall" ? " -y" : "")}" : $"uv pip {verb} --python {Python}";
        return $"{program} {string.Join(' ', words.Select(Quoted))}";
    }

    private string Shown(string path) => Quoted(reading.Shown(path));

    private InstallPackages Again(InstalledPackage package, bool alone) =>
        new([package.Version.Length > 0 ? $"{package.Name}=={package.Version}" : package.Name], Again: true, alone, IndexOf(LabelOf(package)));

    private string? IndexOf(string? label) => label is null ? null : $"{wheels.Value}/{label}";

    // What conda installed is conda's: pip over its files leaves an environment that neither knows.
    private bool TouchesForeign(Repair repair)
    {
        var names = repair switch
        {
            InstallPackages install => install.Requirements.Select(NameOf),
            UninstallPackages uninstall => uninstall.Names,
            _ => [],
        };
        return names.Any(n => reading.Packages.Find(Requirements.Requirement.KeyOf(n)) is { Installer: not (null or "pip" or "uv") });
    }

    private static string NameOf(string requirement) => Requirements.Requirement.Parse(requirement)?.Name ?? requirement;

    // What lies here was put there by the system's package manager, whose files pip may not touch.
    private static bool IsOfDistribution(InstalledPackage package) => package.Site == "/usr/lib/python3/dist-packages";

    // A label in the metadata means that the file came from PyTorch's own index.
    private static string? LabelOf(InstalledPackage package) =>
        package.Key is "torch" or "torchvision" or "torchaudio" && package.Version.IndexOf('+', StringComparison.Ordinal) is var plus and > 0
        && Versions.CudaTag.TryParse(package.Version[(plus + 1)..], out var tag) ? tag.ToString() : null;

    private static string Quoted(string word) =>
        word.AsSpan().IndexOfAny(ShellCharacters) < 0 ? word : "\"" + word.Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
