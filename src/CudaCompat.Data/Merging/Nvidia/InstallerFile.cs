using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>One installer while its sources are read.</summary>
internal sealed class InstallerFile(CudaVersion toolkit, OperatingSystemFamily os, CpuArchitecture arch, string kind, string url)
{
    private readonly List<(Checksum Checksum, bool Official, string From)> _checksums = [];
    private readonly List<string> _evidence = [];
    private string[] _sources = [];
    private long? _size;

    /// <summary>Its address, https.</summary>
    public string Url => url;

    /// <summary>The last part of the address.</summary>
    public string FileName => url[(url.LastIndexOf('/') + 1)..];

    /// <summary>The driver inside.</summary>
    public DriverVersion? Driver { get; set; }

    /// <summary>Adds a checksum. A later one of the same kind and rank stands behind an earlier one.</summary>
    public void Add(Checksum checksum, bool official, string from)
    {
        if (!_checksums.Any(c => c.Checksum == checksum && c.Official == official))
            _checksums.Add((checksum, official, from));
    }

    /// <summary>Sets the size; sources must agree.</summary>
    public void Size(long? size, SourceRecord record)
    {
        if (size is not null && _size is not null && size != _size)
            throw record.Error($"size {size} of {FileName}, another source says {_size}.");
        _size ??= size;
    }

    /// <summary>Names a source.</summary>
    public void Source(string[] ids, string? evidence)
    {
        _sources = SourceIds.Union(_sources, ids);
        if (evidence is not null && !_evidence.Contains(evidence))
            _evidence.Add(evidence);
    }

    /// <summary>The row of data/toolkit-installers.json.</summary>
    public InstallerRow ToRow()
    {
        var best = _checksums.OrderBy(c => c.Checksum.Kind == "sha256" ? 0 : 1).ThenBy(c => c.Official ? 0 : 1).FirstOrDefault().Checksum;
        var others = _checksums.GroupBy(c => c.Checksum.Kind).Where(g => g.Select(c => c.Checksum.Value).Distinct().Count() > 1)
            .Select(g => $"sources disagree on the {g.Key}: {string.Join("; ", g.Select(c => $"{c.Checksum.Value} ({c.From})"))}").ToList();
        return new InstallerRow(toolkit, os, arch, kind, FileName, url, best, _size, Driver, _sources, _evidence.Count == 0 ? null : string.Join("; ", _evidence), others.Count == 0 ? null : string.Join(". ", others));
    }
}
