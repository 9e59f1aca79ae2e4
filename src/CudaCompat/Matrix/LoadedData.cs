using System.Text.RegularExpressions;
using CudaCompat.Matrix.Image;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Matrix;

/// <summary>
/// What holds for any data that was not carried by the library: every row can be read, every address is https on a host that the carried data names, every hash has its
/// shape, and the few rules without which answers are wrong. Data that breaks one is refused as a whole.
/// </summary>
internal static partial class LoadedData
{
    private static readonly Lazy<HashSet<string>> KnownHosts = new(() => [.. Urls(CompatibilityMatrix.Embedded.Install).Select(u => u.Url).Concat(Places(CompatibilityMatrix.Embedded.Install)).Select(u => new Uri(u).Host)]);

    /// <summary>Checks a matrix and its install tier.</summary>
    /// <exception cref="DataFormatException">It breaks a rule; the message names the row.</exception>
    public static void Check(CompatibilityMatrix matrix, InstallData install)
    {
        try
        {
            if (!Version().IsMatch(matrix.DataVersion))
                throw new DataFormatException($"{MatrixImage.FileName}: '{matrix.DataVersion}' is no version of data.");
            CheckMatrix(matrix.Data);
            CheckInstall(install);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new DataFormatException($"{MatrixImage.FileName}, {InstallImage.FileName}: a row cannot be read: {e.Message}", e);
        }
    }

    // Each list is gone through, which decodes its rows.
    private static void CheckMatrix(MatrixData data)
    {
        var sources = data.Sources.Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        (string Name, IEnumerable<string[]> Rows)[] tables =
        [
            ("toolkits", data.Toolkits.Select(r => r.Sources)), ("driver-requirements", data.DriverRequirements.Select(r => r.Sources)), ("driver-cuda", data.DriverCuda.Select(r => r.Sources)),
            ("drivers", data.Drivers.Select(r => r.Sources)), ("architectures", data.Architectures.Select(r => r.Sources)), ("cudnn", data.Cudnn.Select(r => r.Sources)),
            ("cudnn-support", data.CudnnSupport.Select(r => r.Sources)), ("gpus", data.Gpus.Select(r => r.Sources)), ("pci-gpus", data.PciGpus.Select(r => r.Sources)),
            ("host-compilers", data.HostCompilers.Select(r => r.Sources)), ("builds", data.Builds.Select(r => r.Sources)), ("arch-lists", data.ArchLists.Select(r => r.Sources)),
            ("companions", data.Companions.Select(r => r.Sources)), ("coverage", data.Coverage.Select(r => r.Sources)),
        ];
        foreach (var (name, rows) in tables)
        {
            var count = 0;
            foreach (var ids in rows)
            {
                count++;
                if (ids.Length == 0 || ids.FirstOrDefault(id => !sources.Contains(id)) is not null)
                    throw new DataFormatException($"{name}, row {count}: it names no source that is known.");
            }

            if (count == 0)
                throw new DataFormatException($"{name}: there are no rows.");
        }

        foreach (var steps in data.DriverCuda.GroupBy(r => r.Os))
        {
            if (steps.Zip(steps.Skip(1)).FirstOrDefault(p => p.Second.From <= p.First.From || p.Second.Cuda < p.First.Cuda) is { First: not null } pair)
                throw new DataFormatException($"driver-cuda: driver {pair.Second.From} prints {pair.Second.Cuda}, but {pair.First.From} already {pair.First.Cuda}.");
        }

        var toolkits = data.Toolkits.Select(t => t.Version.MajorMinor).ToHashSet();
        if (data.Builds.FirstOrDefault(b => b.Tag is { IsCpu: false } tag && !toolkits.Contains(tag.Cuda!.Value.MajorMinor)) is { } build)
            throw new DataFormatException($"builds: {build.Package} {build.Version}+{build.Tag} is for a CUDA of which no toolkit is known.");
    }

    private static void CheckInstall(InstallData install)
    {
        foreach (var (url, hash) in Urls(install))
        {
            CheckUrl(url);
            if (hash is { } checksum && !(checksum.Kind is "sha256" or "md5" && checksum.Value.Length == (checksum.Kind == "md5" ? 32 : 64) && checksum.Value.All(char.IsAsciiHexDigitLower)))
                throw new DataFormatException($"{url}: '{checksum.Value}' is no {checksum.Kind}.");
        }

        foreach (var url in Places(install))
            CheckUrl(url);
        if (install.Redist.All.FirstOrDefault(r => r.Path.Contains("..", StringComparison.Ordinal) || r.Path.Contains(':', StringComparison.Ordinal) || r.Path.StartsWith('/')) is { } outside)
            throw new DataFormatException($"redist-components: '{outside.Path}' leads out of its directory.");
    }

    private static void CheckUrl(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || uri.UserInfo.Length > 0)
            throw new DataFormatException($"'{url}' is no https address.");
        if (!KnownHosts.Value.Contains(uri.Host))
            throw new DataFormatException($"'{url}' is on a host that the data of this library does not name.");
    }

    private static IEnumerable<(string Url, Checksum? Hash)> Urls(InstallData install) =>
    [
        .. install.Installers.All.Select(r => (r.Url, r.Checksum)),
        .. install.CudnnFiles.All.Select(r => (r.Url, r.Checksum)),
        .. install.BuildFiles.All.Select(r => (r.Url, r.Sha256 is null ? (Checksum?)null : new Checksum("sha256", r.Sha256))),
        .. install.Redist.All.Where(r => r.Sha256 is not null).Select(r => (install.Place("toolkit-redist") + r.Path, (Checksum?)new Checksum("sha256", r.Sha256!))),
    ];

    private static IEnumerable<string> Places(InstallData install) => install.Places.Select(p => p.Url)
        .Concat(install.Mirrors.SelectMany(m => new[] { m.Wheels, m.Pypi, m.NvidiaWheels, m.NvidiaFiles, m.Apt }.OfType<string>().Concat((m.Channels ?? []).Values)));

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d\+[0-9a-f]{8}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
