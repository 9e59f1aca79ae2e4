using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Resolution;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Diagnosis;

/// <summary>What of a list of packages is known to be bad on a machine.</summary>
/// <param name="Packages">How many packages were looked at.</param>
/// <param name="Findings">What is known to be bad, warnings first; notes take a circumstance that a list does not show.</param>
/// <param name="DataVersion">The version of the data.</param>
internal sealed record AuditReport(int Packages, IReadOnlyList<AuditFinding> Findings, string DataVersion)
{
    /// <summary>True where nothing is worse than a note.</summary>
    public bool IsClean => Findings.All(f => f.Finding.Severity == Severity.Info);
}

/// <summary>A finding, the line of the list that it is about and the advisory.</summary>
internal sealed record AuditFinding(Finding Finding, int Line, string Advisory);

/// <summary>Compares packages with the advisories.</summary>
internal static class Audit
{
    // Packages by what advisories call them; NVIDIA's carry the CUDA major in their names.
    private static readonly (string Start, string Package)[] Known =
    [
        ("nvidia-cudnn", "cudnn"), ("cudnn", "cudnn"), ("nvidia-cublas", "cublas"), ("libcublas", "cublas"), ("nvidia-nccl", "nccl"), ("nccl", "nccl"),
        ("triton", "triton"), ("pytorch-triton", "triton"), ("cudatoolkit", "toolkit"), ("cuda-toolkit", "toolkit"),
    ];

    public static AuditReport Of(IReadOnlyList<ListedPackage> packages, DriverInfo machine, CompatibilityMatrix matrix)
    {
        var releases = new List<(JudgedRelease Release, int Line)>();
        foreach (var package in packages)
        {
            if (package.Version is { } version)
                releases.Add((new JudgedRelease(NameOf(package.Name), version.Release), package.Line));
        }

        var facts = MachineFacts.Of(matrix, machine);
        if (releases.Find(r => r.Release.Package == "python").Release is { } python && PythonVersion.TryParse(python.Version.ToString(), out var pinned))
            facts = facts.WithPython(pinned);
        if (machine.Driver is { } driver)
            releases.Add((new JudgedRelease("driver", DottedVersion.Parse(driver.ToString())), 0));
        var findings = AdvisoryRule.Of(facts, [.. releases.Select(r => r.Release)], CudaOf(packages), circumstances: true)
            .Select(bad => new AuditFinding(AdvisoryRule.FindingOf(bad), releases.Find(r => ReferenceEquals(r.Release, bad.Release)).Line, bad.Advisory.Id))
            .OrderBy(f => f.Finding.Severity).ThenBy(f => f.Line);
        return new AuditReport(packages.Count, [.. findings], matrix.DataVersion);
    }

    private static string NameOf(string name)
    {
        if (name == "pytorch")
            return "torch";
        foreach (var (start, package) in Known)
        {
            if (name == start || name.StartsWith(start + "-cu", StringComparison.Ordinal) || start is "triton" && name == "triton-windows")
                return package;
        }

        return name;
    }

    // The local label says it, or NVIDIA's packages beside it do.
    private static CudaVersion? CudaOf(IReadOnlyList<ListedPackage> packages)
    {
        if (packages.FirstOrDefault(p => p.Name is "torch" or "pytorch") is not { } torch)
            return null;
        if (torch.Version?.Label is { } label)
            return CudaTag.TryParse(label, out var tag) ? tag.Cuda : null;
        return packages.FirstOrDefault(p => p.Name is "nvidia-cuda-runtime" or "nvidia-cuda-runtime-cu12" or "nvidia-cuda-runtime-cu11" or "pytorch-cuda" or "cuda-version") is { Version: { } runtime }
            && CudaVersion.TryParse(string.Join('.', runtime.ToString().Split('.').Take(2)), out var cuda) ? cuda : null;
    }
}
