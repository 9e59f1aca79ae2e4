using System.Text.RegularExpressions;
using CudaCompat.Detection.Host;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>Asks the host compilers their versions: gcc and clang, or MSVC by vswhere and its version file.</summary>
internal sealed partial class CompilerProbe(DetectionHost host, ProbeRunner runner) : IProbe
{
    public string Name => "host compilers";

    public async Task<IReadOnlyList<Findings>> RunAsync(CancellationToken cancellation)
    {
        var gcc = AskAsync("gcc", ["-dumpfullversion", "-dumpversion"], Number(), cancellation);
        var clang = AskAsync("clang", ["--version"], ClangVersion(), cancellation);
        var found = new List<Findings>();
        if (await gcc.ConfigureAwait(false) is { } g)
            found.Add(new Findings(g.Source) { Gcc = g.Version });
        if (await clang.ConfigureAwait(false) is { } c)
            found.Add(new Findings(c.Source) { Clang = c.Version });
        if (host.IsWindows && await MsvcAsync(cancellation).ConfigureAwait(false) is { } msvc)
            found.Add(msvc);
        return found;
    }

    private async Task<(DottedVersion Version, string Source)?> AskAsync(string name, string[] arguments, Regex form, CancellationToken cancellation)
    {
        if (host.Programs.Find(name) is not { } program)
            return null;
        var output = await runner.RunAsync(program, arguments, cancellation).ConfigureAwait(false);
        return output.Succeeded && form.Match(output.Output) is { Success: true } match && DottedVersion.TryParse(match.Groups["v"].Value, out var version)
            ? (version, program)
            : null;
    }

    private async Task<Findings?> MsvcAsync(CancellationToken cancellation)
    {
        var vswhere = host.Join(host.Variable("ProgramFiles(x86)") ?? @"C:\Program Files (x86)", "Microsoft Visual Studio", "Installer", "vswhere.exe");
        if (!host.Files.FileExists(vswhere))
            return null;
        var output = await runner.RunAsync(
            vswhere,
            ["-latest", "-products", "*", "-requires", "Microsoft.VisualStudio.Component.VC.Tools.x86.x64", "-property", "installationPath", "-utf8"],
            cancellation).ConfigureAwait(false);
        var folder = output.Output.Split('\n')[0].Trim();
        if (folder.Length == 0)
            return null;
        var file = host.Join(folder, "VC", "Auxiliary", "Build", "Microsoft.VCToolsVersion.default.txt");
        return CompilerOf(host.Files.ReadText(file)?.Trim()) is { } version ? new Findings(file) { Msvc = version } : null;
    }

    /// <summary>The compiler of a tool set: tool set 14.38 holds compiler 19.38 (Microsoft, _MSC_VER).</summary>
    internal static DottedVersion? CompilerOf(string? toolset) =>
        DottedVersion.TryParse(toolset, out var version) && version is { Parts: >= 2, Major: ToolsetMajor }
            ? DottedVersion.Parse(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{ToolsetMajor + 5}.{version.Minor}"))
            : null;

    private const int ToolsetMajor = 14;

    [GeneratedRegex(@"^(?<v>\d+(?:\.\d+)*)", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"clang version (?<v>\d+(?:\.\d+)+)", RegexOptions.CultureInvariant)]
    private static partial Regex ClangVersion();
}
