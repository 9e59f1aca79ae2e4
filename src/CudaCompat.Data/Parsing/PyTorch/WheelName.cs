using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.PyTorch;

/// <summary>A wheel's file name in its parts (PEP 427): package-version[+label]-python-abi-platform.whl.</summary>
/// <param name="Version">Without the local label.</param>
/// <param name="Label">cu128, cpu, rocm6.3 … or null.</param>
/// <param name="PythonTag">cp311, py2.py3.</param>
/// <param name="Platform">manylinux_2_28_x86_64, win_amd64, any.</param>
internal sealed partial record WheelName(string FileName, string Package, PackageVersion Version, string? Label, string PythonTag, string Abi, string Platform)
{
    private string[] Abis => Abi.Split('.');

    /// <summary>The one CPython it is for; null where it serves several.</summary>
    public PythonVersion? Python =>
        !Abis.Any(a => a.StartsWith("abi", StringComparison.Ordinal)) && CPython().Match(PythonTag) is { Success: true } m
            ? new PythonVersion(m.Groups["major"].Value[0] - '0', int.Parse(m.Groups["minor"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture), IsFreeThreaded)
            : null;

    /// <summary>
    /// True where a Python can load it: for the stable ABI (cp310-abi3; abi3t without a global interpreter lock) that Python and every later one, for py3 any.
    /// </summary>
    public bool Serves(PythonVersion python)
    {
        if (Python is { } one)
            return one == python;
        if (CPython().Match(PythonTag) is not { Success: true } m)
            return python.Major >= 3;
        var first = new PythonVersion(m.Groups["major"].Value[0] - '0', int.Parse(m.Groups["minor"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));
        return new PythonVersion(python.Major, python.Minor) >= first && Abis.Contains(python.FreeThreaded ? "abi3t" : "abi3");
    }

    /// <summary>True for wheels of the build without a global interpreter lock (cp313-cp313t).</summary>
    public bool IsFreeThreaded => Abi.Length > 4 && Abi.EndsWith('t');

    /// <summary>True for a wheel without compiled code.</summary>
    public bool IsPure => Platform == "any";

    /// <summary>The lowest glibc that the platform tag promises; null where it promises none (linux_x86_64).</summary>
    public DottedVersion? Glibc
    {
        get
        {
            var tag = Platform.Split('.')[0];
            if (ManyLinux().Match(tag) is { Success: true } m)
                return DottedVersion.Parse($"{m.Groups["major"].Value}.{m.Groups["minor"].Value}");
            // The older names are aliases (PEP 600).
            return tag.StartsWith("manylinux1_", StringComparison.Ordinal) ? DottedVersion.Parse("2.5")
                : tag.StartsWith("manylinux2010_", StringComparison.Ordinal) ? DottedVersion.Parse("2.12")
                : tag.StartsWith("manylinux2014_", StringComparison.Ordinal) ? DottedVersion.Parse("2.17")
                : null;
        }
    }

    /// <summary>System and CPU, or null with the reason where builds for that platform are not covered.</summary>
    public (OperatingSystemFamily Os, CpuArchitecture Arch)? Target(out string? whyNot)
    {
        whyNot = null;
        if (Platform == "win_amd64")
            return (OperatingSystemFamily.Windows, CpuArchitecture.X64);
        if (Platform == "win_arm64")
            return (OperatingSystemFamily.Windows, CpuArchitecture.Arm64);
        if (Platform.Contains("linux", StringComparison.Ordinal) && Platform.EndsWith("_x86_64", StringComparison.Ordinal))
            return (OperatingSystemFamily.Linux, CpuArchitecture.X64);
        if (Platform.Contains("linux", StringComparison.Ordinal) && Platform.EndsWith("_aarch64", StringComparison.Ordinal))
            return (OperatingSystemFamily.Linux, CpuArchitecture.Arm64);
        whyNot = Platform.StartsWith("macosx", StringComparison.Ordinal) ? "macOS: no CUDA" : $"platform {Platform} is not covered";
        return null;
    }

    /// <summary>True for the name of a wheel variant (PEP 817): a label stands behind the platform.</summary>
    public static bool IsVariant(string fileName) => fileName.EndsWith(".whl", StringComparison.Ordinal) && fileName.LastIndexOf('-') is > 0 and var at && TryParse(fileName[..at] + ".whl", out _);

    /// <summary>Reads a file name.</summary>
    public static bool TryParse(string fileName, [NotNullWhen(true)] out WheelName? name)
    {
        name = null;
        var m = Form().Match(fileName);
        if (!m.Success || !PackageVersion.TryParse(m.Groups["version"].Value, out var version))
            return false;
        name = new WheelName(
            fileName,
            m.Groups["package"].Value,
            version,
            m.Groups["label"] is { Success: true } label ? label.Value : null,
            m.Groups["python"].Value,
            m.Groups["abi"].Value,
            m.Groups["platform"].Value);
        return true;
    }

    // A build number (2.10.0-3-cp39) stands between version and Python.
    [GeneratedRegex(@"^(?<package>[A-Za-z0-9_]+)-(?<version>[0-9][^-+]*)(?:\+(?<label>[^-]+))?(?:-\d[^-]*)?-(?<python>(?:cp|py)\d[^-]*)-(?<abi>[^-]+)-(?<platform>[^-]+)\.whl\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex(@"^cp(?<major>\d)(?<minor>\d+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex CPython();

    [GeneratedRegex(@"^manylinux_(?<major>\d+)_(?<minor>\d+)_", RegexOptions.CultureInvariant)]
    private static partial Regex ManyLinux();
}
