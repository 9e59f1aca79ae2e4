using System.Runtime.InteropServices;
using CudaCompat.Machines;

namespace CudaCompat.Detection.Host;

/// <summary>Everything of a machine that probes may touch: files, environment, programs, registry. Tests make their own.</summary>
internal sealed class DetectionHost
{
    /// <summary>Makes a host.</summary>
    /// <param name="files">Its files.</param>
    /// <param name="environment">Its environment variables.</param>
    /// <param name="isWindows">True for Windows.</param>
    /// <param name="isMacOS">True for macOS.</param>
    public DetectionHost(HostFiles files, IReadOnlyDictionary<string, string> environment, bool isWindows = false, bool isMacOS = false)
    {
        Files = files;
        Environment = environment;
        IsWindows = isWindows;
        IsMacOS = isMacOS;
        Programs = new TrustedPrograms(this);
    }

    public HostFiles Files { get; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public bool IsWindows { get; }

    public bool IsMacOS { get; }

    /// <summary>True for Linux, whose files (/proc, /sys, /var) are looked for nowhere else: on Windows such a path would be one of the current drive.</summary>
    public bool IsLinux => !IsWindows && !IsMacOS;

    public TrustedPrograms Programs { get; }

    public CpuArchitecture? Architecture { get; init; }

    /// <summary>The C library's version; null where it is not glibc.</summary>
    public string? Glibc { get; init; }

    /// <summary>The folder the process was started in, which is never trusted.</summary>
    public string CurrentFolder { get; init; } = "";

    public string? HomeFolder => Variable(IsWindows ? "USERPROFILE" : "HOME");

    /// <summary>The display adapters of the Windows registry.</summary>
    public Func<IReadOnlyList<DisplayAdapter>> DisplayAdapters { get; init; } = () => [];

    /// <summary>The machine that this process runs on.</summary>
    public static DetectionHost Real()
    {
        var variables = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = variable.Value as string ?? "";
        return new DetectionHost(new HostFiles("/"), variables, OperatingSystem.IsWindows(), OperatingSystem.IsMacOS())
        {
            Architecture = RuntimeInformation.OSArchitecture switch
            {
                System.Runtime.InteropServices.Architecture.X64 => CpuArchitecture.X64,
                System.Runtime.InteropServices.Architecture.Arm64 => CpuArchitecture.Arm64,
                _ => null,
            },
            Glibc = CLibrary.GlibcVersion(),
            CurrentFolder = System.Environment.CurrentDirectory,
            DisplayAdapters = WindowsRegistry.DisplayAdapters,
        };
    }

    /// <summary>An environment variable; null where it is not set or empty.</summary>
    public string? Variable(string name) => Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>Joins a path of this host with its own separator.</summary>
    public string Join(string folder, params ReadOnlySpan<string> names)
    {
        var separator = IsWindows ? '\\' : '/';
        var path = folder.TrimEnd(separator);
        foreach (var name in names)
            path += separator + name;
        return path;
    }
}
