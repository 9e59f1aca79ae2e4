using System.Text.Json.Serialization;
using CudaCompat.Versions;

namespace CudaCompat.Machines;

/// <summary>The operating systems that the rules tell apart.</summary>
[JsonConverter(typeof(OperatingSystemNames))]
public enum OperatingSystemFamily
{
    /// <summary>Linux with the NVIDIA driver in its own kernel.</summary>
    Linux,

    /// <summary>Windows.</summary>
    Windows,

    /// <summary>Linux inside Windows (WSL 2): Linux builds, but the Windows driver and its numbers.</summary>
    Wsl,

    /// <summary>macOS, for which nothing of the chain exists any more.</summary>
    MacOS,
}

/// <summary>The document names of <see cref="OperatingSystemFamily"/>.</summary>
internal sealed class OperatingSystemNames() : NamedEnumConverter<OperatingSystemFamily>(
    (OperatingSystemFamily.Linux, "linux"),
    (OperatingSystemFamily.Windows, "windows"),
    (OperatingSystemFamily.Wsl, "wsl"),
    (OperatingSystemFamily.MacOS, "macos"))
{
    internal static readonly OperatingSystemNames Instance = new();
}
