using CudaCompat.Detection.Host;

namespace CudaCompat.Detection.Probes;

/// <summary>Finds package managers by their programs, without starting them.</summary>
internal sealed class PackageManagerProbe(DetectionHost host) : IProbe
{
    private static readonly (string Name, string Program)[] Managers =
    [
        ("apt", "apt-get"), ("dnf", "dnf"), ("zypper", "zypper"), ("conda", "conda"), ("mamba", "mamba"), ("micromamba", "micromamba"), ("pip", "pip3"), ("pip", "pip"), ("uv", "uv"),
    ];

    public string Name => "package managers";

    public Task<IReadOnlyList<Findings>> RunAsync(CancellationToken cancellation)
    {
        var found = new List<FoundPackageManager>();
        foreach (var (name, program) in Managers)
        {
            if (!found.Exists(f => f.Name == name) && host.Programs.Find(program) is { } path)
                found.Add(new FoundPackageManager(name, path));
        }

        return Task.FromResult<IReadOnlyList<Findings>>(found.Count == 0 ? [] : [new Findings(Name) { PackageManagers = found }]);
    }
}
