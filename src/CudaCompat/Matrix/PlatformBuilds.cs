using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>The builds of torch for one packaging, system and processor, and what rules ask of all of them.</summary>
internal sealed class PlatformBuilds
{
    private readonly Lazy<Dictionary<(PackageVersion, CudaTag), TorchBuild>> _byName;
    private readonly Lazy<Dictionary<PackageVersion, TorchBuild>> _defaults;
    private readonly Lazy<PythonVersion[]> _pythons;

    public PlatformBuilds(TorchBuild[] builds)
    {
        Builds = builds;
        _byName = new(() => First(builds, b => (b.Version, b.Tag)));
        _defaults = new(() => First(builds.Where(b => b.Row.Default), b => b.Version));
        _pythons = new(() => [.. builds.SelectMany(b => b.Row.Pythons).Distinct().Order()]);
    }

    /// <summary>Newest torch and highest CUDA first.</summary>
    public TorchBuild[] Builds { get; }

    /// <summary>Every Python that any build is for, sorted.</summary>
    public PythonVersion[] Pythons => _pythons.Value;

    /// <summary>The build with this version and tag, or null.</summary>
    public TorchBuild? Find(PackageVersion version, CudaTag tag) => _byName.Value.GetValueOrDefault((version.WithoutLabel, tag));

    /// <summary>The build of this version that the default index gives, or null.</summary>
    public TorchBuild? Default(PackageVersion version) => _defaults.Value.GetValueOrDefault(version.WithoutLabel);

    private static Dictionary<TKey, TorchBuild> First<TKey>(IEnumerable<TorchBuild> builds, Func<TorchBuild, TKey> key)
        where TKey : notnull
    {
        var first = new Dictionary<TKey, TorchBuild>();
        foreach (var build in builds)
            first.TryAdd(key(build), build);
        return first;
    }
}
