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
        return First(
            Array.FindAll(data.InstallersOf(toolkit), r => r.Os == os && r.Arch == arch && r.Kind.StartsWith(kind, StringComparison.Ordinal) && (toolkit.Patch is null || r.Toolkit == toolkit)),
            static (left, right) => Order(
                right.Toolkit.CompareTo(left.Toolkit),
                string.CompareOrdinal(left.Kind, right.Kind),
                IsEncrypted(right.Url).CompareTo(IsEncrypted(left.Url)),
                string.CompareOrdinal(right.Checksum?.Kind ?? "", left.Checksum?.Kind ?? ""),
                (right.Size is not null).CompareTo(left.Size is not null)));
    }, data);

    /// <summary>The archive of a cuDNN for a CUDA version: the newest build number, a redistributable before an older archive, the plain platform before a named system.</summary>
    public CudnnFileRow? Cudnn(InstallData data, DottedVersion cudnn, CudaVersion cuda, string platform) => _cudnn.GetOrAdd((cudnn, cuda, platform), static (key, data) =>
    {
        var (cudnn, cuda, platform) = key;
        return First(
            Array.FindAll(data.CudnnFilesOf(cudnn), f => f.Cuda.Contains(cuda) && PlatformRank(f.Platform, platform) >= 0),
            (left, right) => Order(
                right.Version.CompareTo(left.Version),
                (right.Kind == "redist").CompareTo(left.Kind == "redist"),
                PlatformRank(left.Platform, platform).CompareTo(PlatformRank(right.Platform, platform)),
                (right.Checksum is not null).CompareTo(left.Checksum is not null),
                IsEncrypted(right.Url).CompareTo(IsEncrypted(left.Url))));
    }, data);

    // The first of those that come before all others, in the order of the file.
    private static T? First<T>(T[] rows, Comparison<T> order)
        where T : class
    {
        T? first = null;
        foreach (var row in rows)
        {
            if (first is null || order(row, first) < 0)
                first = row;
        }

        return first;
    }

    private static int Order(params ReadOnlySpan<int> orders)
    {
        foreach (var order in orders)
        {
            if (order != 0)
                return order;
        }

        return 0;
    }

    private static bool IsEncrypted(string url) => url.StartsWith("https:", StringComparison.Ordinal);

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
