using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Planning.Steps;

/// <summary>
/// Which of several known files is taken. The answer is the same in every plan, and finding it was most of the work of one, so it is kept
/// beside the data it comes from.
/// </summary>
internal sealed class FileChoices
{
    private static readonly ConditionalWeakTable<InstallData, FileChoices> Known = [];
    private readonly ConcurrentDictionary<(CudaVersion, string, bool), RedistArchives?> _redist = new();
    private readonly ConcurrentDictionary<(CudaVersion, OperatingSystemFamily, CpuArchitecture), InstallerRow?> _installers = new();
    private readonly ConcurrentDictionary<(DottedVersion, CudaVersion, string), CudnnFileRow?> _cudnn = new();

    public static FileChoices In(InstallData data) => Known.GetOrCreateValue(data);

    /// <summary>The archives of a toolkit, or null where the known part of the manifest is no whole toolkit.</summary>
    public RedistArchives? Redist(InstallData data, CudaVersion toolkit, string platform, bool optional) =>
        _redist.GetOrAdd((toolkit, platform, optional), static (key, data) => RedistArchives.Make(data, key.Item1, key.Item2, key.Item3), data);

    /// <summary>The installer of a toolkit: newest patch, whole before network installer, encrypted address, stronger checksum, known size.</summary>
    public InstallerRow? Installer(InstallData data, CudaVersion toolkit, OperatingSystemFamily os, CpuArchitecture arch) => _installers.GetOrAdd((toolkit, os, arch), static (key, data) =>
    {
        var (toolkit, os, arch) = key;
        var kind = os == OperatingSystemFamily.Windows ? "exe" : "runfile";
        return data.InstallersOf(toolkit)
            .Where(r => r.Os == os && r.Arch == arch && r.Kind.StartsWith(kind, StringComparison.Ordinal) && (toolkit.Patch is null || r.Toolkit == toolkit))
            .OrderByDescending(r => r.Toolkit)
            .ThenBy(r => r.Kind, StringComparer.Ordinal)
            .ThenByDescending(r => r.Url.StartsWith("https:", StringComparison.Ordinal))
            .ThenByDescending(r => r.Checksum?.Kind ?? "", StringComparer.Ordinal)
            .ThenByDescending(r => r.Size is not null)
            .FirstOrDefault();
    }, data);

    /// <summary>The archive of a cuDNN for a CUDA version: the newest build number, a redistributable before an older archive, the plain platform before a named system.</summary>
    public CudnnFileRow? Cudnn(InstallData data, DottedVersion cudnn, CudaVersion cuda, string platform) => _cudnn.GetOrAdd((cudnn, cuda, platform), static (key, data) =>
    {
        var (cudnn, cuda, platform) = key;
        return data.CudnnFilesOf(cudnn)
            .Where(f => f.Cuda.Contains(cuda) && PlatformRank(f.Platform, platform) >= 0)
            .OrderByDescending(f => f.Version)
            .ThenByDescending(f => f.Kind == "redist")
            .ThenBy(f => PlatformRank(f.Platform, platform))
            .ThenByDescending(f => f.Checksum is not null)
            .ThenByDescending(f => f.Url.StartsWith("https:", StringComparison.Ordinal))
            .FirstOrDefault();
    }, data);

    // Upstream told Windows 7 and Windows 10 files apart for a while; the one for 10 serves 11.
    private static int PlatformRank(string platform, string wanted)
    {
        if (platform == wanted)
            return 0;
        var dash = wanted.IndexOf('-', StringComparison.Ordinal);
        var (system, arch) = (wanted[..dash], wanted[dash..]);
        if (!platform.StartsWith(system, StringComparison.Ordinal) || !platform.EndsWith(arch, StringComparison.Ordinal))
            return -1;
        var between = platform[system.Length..^arch.Length];
        return int.TryParse(between, out var number) ? 100 - number : -1;
    }
}
