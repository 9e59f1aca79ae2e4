using CudaCompat.Detection.Host;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>Tells which toolkits are packages of the system: by dpkg's list, which is a file, and by asking rpm whose the compilers found are.</summary>
internal sealed class ToolkitPackages(DetectionHost host, ProbeRunner runner)
{
    private const string DpkgList = "/var/lib/dpkg/status";
    private const string Debian = "nvidia-cuda-toolkit";
    private const string Nvidia = "cuda-nvcc-";

    private static readonly string[] RpmDatabases =
        ["/var/lib/rpm/rpmdb.sqlite", "/usr/lib/sysimage/rpm/rpmdb.sqlite", "/usr/lib/sysimage/rpm/Packages.db", "/var/lib/rpm/Packages.db", "/var/lib/rpm/Packages"];

    // Debian and Ubuntu spread their package over the system's folders, with a wrapper and links for programs that want one folder.
    private static readonly string[] DebianFolders = ["/usr", "/usr/lib/nvidia-cuda-toolkit", "/usr/lib/cuda"];

    /// <summary>The toolkits with their packages; several folders of one package become one toolkit, and packages whose folder was not found are added.</summary>
    public async Task<List<FoundToolkit>> AttachAsync(List<FoundToolkit> found, CancellationToken cancellation)
    {
        if (!host.IsLinux)
            return found;
        var toolkits = found;
        foreach (var (name, full, version) in DpkgPackages())
        {
            var own = toolkits.Where(t => t.Version.MajorMinor == version.MajorMinor && IsFolderOf(name, t)).ToArray();
            if (own.Length > 0)
                toolkits = [.. toolkits.Where(t => t == own[0] || !own.Contains(t)).Select(t => t == own[0] ? t with { Version = t.Version.Patch is null ? version : t.Version, Package = $"{name} {full}" } : t)];
            else if (!toolkits.Exists(t => t.Version.MajorMinor == version.MajorMinor))
                toolkits.Add(new FoundToolkit(version, name, DpkgList, null) { Package = $"{name} {full}" });
        }

        return toolkits.Count > 0 && RpmDatabases.Any(host.Files.FileExists) ? await WithRpmAsync(toolkits, cancellation).ConfigureAwait(false) : toolkits;
    }

    private bool IsFolderOf(string package, FoundToolkit toolkit) => package == Debian
        ? DebianFolders.Contains(toolkit.Folder)
        : host.Files.Resolve(toolkit.Folder) == "/usr/local/cuda-" + package[Nvidia.Length..].Replace('-', '.');

    /// <summary>Asks only for the compilers that were found: reading rpm's whole list takes longer than all else.</summary>
    private async Task<List<FoundToolkit>> WithRpmAsync(List<FoundToolkit> toolkits, CancellationToken cancellation)
    {
        var asked = toolkits.Where(t => t.Package is null).Select(t => (Toolkit: t, Compiler: host.Join(t.Folder, "bin", "nvcc"))).Where(t => host.Files.FileExists(t.Compiler)).ToArray();
        if (asked.Length == 0 || host.Programs.FindInSystem("rpm") is not { } rpm)
            return toolkits;
        var output = await runner.RunAsync(rpm, ["--query", "--queryformat", @"%{NAME}|%{VERSION}-%{RELEASE}\n", "--file", .. asked.Select(a => a.Compiler)], cancellation).ConfigureAwait(false);
        var lines = output.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length != asked.Length)
            return toolkits;
        return [.. toolkits.Select(t => Array.FindIndex(asked, a => a.Toolkit == t) is var i and >= 0 && lines[i].Split('|') is [var name, var full] ? t with { Package = $"{name} {full}" } : t)];
    }

    /// <summary>Toolkit packages of dpkg: cuda-nvcc-12-8 (12.8.93-1), nvidia-cuda-toolkit (11.8.89~11.8.0-5).</summary>
    private IEnumerable<(string Name, string Full, CudaVersion Version)> DpkgPackages()
    {
        if (host.Files.ReadText(DpkgList) is not { } list)
            yield break;
        string? package = null;
        var installed = false;
        foreach (var line in list.Split('\n'))
        {
            if (line.StartsWith("Package: ", StringComparison.Ordinal))
                (package, installed) = (line["Package: ".Length..], false);
            else if (line.StartsWith("Status: ", StringComparison.Ordinal))
                installed = line.EndsWith(" installed", StringComparison.Ordinal);
            else if (installed && line.StartsWith("Version: ", StringComparison.Ordinal) && package is not null && VersionOf(package, line["Version: ".Length..]) is { } version)
                yield return (package, line["Version: ".Length..], version);
        }
    }

    private static CudaVersion? VersionOf(string package, string version)
    {
        if (package.StartsWith(Nvidia, StringComparison.Ordinal))
            return CudaVersion.TryParse(package[Nvidia.Length..].Replace('-', '.'), out var named) ? named : null;
        if (package != Debian)
            return null;
        var upstream = version.Contains('~', StringComparison.Ordinal) ? version[(version.IndexOf('~', StringComparison.Ordinal) + 1)..] : version;
        var cut = upstream.IndexOfAny(['-', '+']);
        return CudaVersion.TryParse(cut < 0 ? upstream : upstream[..cut], out var toolkit) ? toolkit : null;
    }
}
