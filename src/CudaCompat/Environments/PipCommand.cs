namespace CudaCompat.Environments;

/// <summary>Writes commands that change this one environment, as a person would type them.</summary>
internal sealed class PipCommand(EnvironmentReading reading, Lazy<string> wheels)
{
    private static readonly System.Buffers.SearchValues<char> ShellCharacters = System.Buffers.SearchValues.Create(" <>!~*;&|$\"'()");

    private string Python => Quoted(reading.Shown(reading.Layout.Interpreter ?? Path.Combine(reading.Layout.Root, reading.Layout.IsWindows ? "Scripts" : "bin", "python")));

    private bool HasPip => reading.Packages.Find("pip") is not null || !reading.Layout.IsVirtual;

    /// <summary>Installs what is named: <c>.venv/bin/python -m pip install …</c>, by uv where the environment has no pip.</summary>
    public string Install(params IEnumerable<string> words) =>
        (HasPip ? $"{Python} -m pip install " : $"uv pip install --python {Python} ") + string.Join(' ', words.Select(Quoted));

    /// <summary>Removes what is named.</summary>
    public string Uninstall(params IEnumerable<string> names) =>
        (HasPip ? $"{Python} -m pip uninstall -y " : $"uv pip uninstall --python {Python} ") + string.Join(' ', names);

    /// <summary>Puts the very same version back, and nothing else.</summary>
    public string Reinstall(params IReadOnlyList<InstalledPackage> packages) => packages.All(IsOfDistribution) ? $"sudo apt-get install --reinstall {string.Join(' ', packages.Select(p => "python3-" + p.Key))}" : Install(
    [
        "--force-reinstall", "--no-deps",
        .. packages.Select(p => p.Version.Length > 0 ? $"{p.Name}=={p.Version}" : p.Name),
        .. packages.Select(LabelOf).OfType<string>().Distinct().Take(1).SelectMany(IndexOf),
    ]);

    /// <summary>Removes a file or folder.</summary>
    public string Remove(IEnumerable<string> paths)
    {
        var all = string.Join(' ', paths.Select(p => Quoted(reading.Shown(p))));
        return reading.Layout.IsWindows ? $"Remove-Item -Recurse -Force {all.Replace(" ", ", ", StringComparison.Ordinal)}" : $"rm -r {all}";
    }

    /// <summary>The options that name PyTorch's index for builds with this label.</summary>
    public IEnumerable<string> IndexOf(string label) => ["--index-url", $"{wheels.Value}/{label}"];

    // What lies here was put there by the system's package manager, whose files pip may not touch.
    private static bool IsOfDistribution(InstalledPackage package) => package.Site == "/usr/lib/python3/dist-packages";

    // A label in the metadata means that the file came from PyTorch's own index.
    private static string? LabelOf(InstalledPackage package) =>
        package.Key is "torch" or "torchvision" or "torchaudio" && package.Version.IndexOf('+', StringComparison.Ordinal) is var plus and > 0
        && Versions.CudaTag.TryParse(package.Version[(plus + 1)..], out var tag) ? tag.ToString() : null;

    private static string Quoted(string word) =>
        word.AsSpan().IndexOfAny(ShellCharacters) < 0 ? word : "\"" + word.Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
