using CudaCompat.Environments.Requirements;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Environments.Checks;

/// <summary>What torch and its companions require, by their metadata and by what is known beyond it, against what is installed.</summary>
internal static class DependencyCheck
{
    public static List<Finding> Run(EnvironmentReading reading, PipCommand pip, PartnerBuilds partners)
    {
        var findings = new List<Finding>();
        var told = new HashSet<(string, string)>();
        foreach (var package in reading.Packages.All.DistinctBy(p => p.Key))
        {
            var isNeeded = reading.Closure.TryGetValue(package.Key, out var extras);
            // Of other packages only what they ask of torch's own is our business.
            foreach (var requirement in reading.ActiveRequirements(package, extras ?? [], key => (isNeeded || key is "torch" or "torchvision" or "torchaudio") && !(reading.Layout.IsConda && IsOfConda(key))))
            {
                if (Judge(reading, pip, partners, package, requirement, isNeeded) is { } finding && told.Add((finding.Rule, finding.Subject)))
                    findings.Add(finding);
            }
        }

        foreach (var member in reading.Family.Where(m => m.Version is not null))
        {
            foreach (var bound in BoundsOf(member, reading))
            {
                if (Bound(reading, pip, member, bound) is { } finding && told.Add((finding.Rule, finding.Subject)))
                    findings.Add(finding);
            }
        }

        findings.AddRange(PythonOfExtension(reading));
        return findings;
    }

    /// <summary>True where a companion requires another torch than the one that is installed.</summary>
    public static bool RefusesTorch(EnvironmentReading reading, FamilyMember member) => member is { Key: not "torch", Package: { } package }
        && reading.Packages.Find("torch") is { } torch && ReleaseVersion.Parse(torch.Version) is { } version
        && reading.ActiveRequirements(package, [], key => key == "torch").Any(r => !r.Versions.Takes(version));

    private static Finding? Judge(EnvironmentReading reading, PipCommand pip, PartnerBuilds partners, InstalledPackage package, Requirement requirement, bool isNeeded)
    {
        var installed = reading.Packages.Find(requirement.Key);
        if (installed is null)
        {
            if (reading.Family.Any(m => m.Key == requirement.Key && m.Folder is not null))
                return null; // its files are there without metadata: told as such
            var wanted = Wanted(reading, requirement);
            return new Finding(
                "dependency-missing",
                isNeeded ? Severity.Error : Severity.Warning,
                requirement.Name,
                $"{package} requires {requirement}, and {requirement.Name} is not installed.",
                [])
            { File = package.Metadata, Mending = pip.Install(wanted) };
        }

        if (ReleaseVersion.Parse(installed.Version) is not { } version || requirement.Versions.Takes(version))
            return null;
        var isPartner = package.Key is "torchvision" or "torchaudio" && requirement.Key == "torch";
        var member = isPartner ? reading.Family.First(m => m.Key == package.Key) : null;
        var conflict = isPartner ? null : Conflict(reading, requirement);
        return new Finding(
            isPartner ? package.Key + "-mismatch" : "dependency-version",
            isNeeded ? Severity.Error : Severity.Warning,
            isPartner ? package.ToString() : installed.ToString(),
            $"{(object?)member ?? package} requires {requirement}, and {installed} is installed." + (conflict is null ? "" : $" {conflict}"),
            [])
        {
            File = package.Metadata,
            Mending = isPartner ? partners.Mending(reading, pip, package.Key)
                : !isNeeded ? pip.Install(package.Name, $"{installed.Name}=={installed.Version}") // another release of what asks; what is asked for stays
                : conflict is null ? pip.Install(Wanted(reading, requirement)) : null,
        };
    }

    // All that is asked of one package at once, so that mending one requirement does not break the next.
    private static string Wanted(EnvironmentReading reading, Requirement requirement)
    {
        var clauses = AskedOf(reading, requirement.Key).SelectMany(r => r.Requirement.Versions.Text.Split(',', StringSplitOptions.RemoveEmptyEntries)).Distinct().ToArray();
        var pin = clauses.FirstOrDefault(c => c.StartsWith("==", StringComparison.Ordinal) && !c.EndsWith('*'));
        return requirement.Name + (pin ?? string.Join(',', clauses));
    }

    // Two that pin different versions cannot both be served.
    private static string? Conflict(EnvironmentReading reading, Requirement requirement)
    {
        var asked = AskedOf(reading, requirement.Key).ToArray();
        foreach (var (package, other) in asked)
        {
            var pin = other.Versions.Text.Split(',').FirstOrDefault(c => c.StartsWith("==", StringComparison.Ordinal) && !c.EndsWith('*'));
            if (pin is not null && ReleaseVersion.Parse(pin[2..]) is { } version && asked.FirstOrDefault(a => !a.Requirement.Versions.Takes(version)) is { Package: { } against, Requirement: { } refusing })
                return $"No version serves all: {package} requires {other}, {against} requires {refusing}.";
        }

        return null;
    }

    private static IEnumerable<(InstalledPackage Package, Requirement Requirement)> AskedOf(EnvironmentReading reading, string key) =>
        reading.Packages.All.DistinctBy(p => p.Key)
            .SelectMany(p => reading.ActiveRequirements(p, reading.Closure.GetValueOrDefault(p.Key) ?? [], k => k == key).Select(r => (p, r)))
            .Concat(reading.Family.SelectMany(m => BoundsOf(m, reading).Select(b => Requirement.Parse(b.Requires)!)
                .Where(r => r.Key == key).Select(r => (m.Package!, r))).Where(a => a.Item1 is not null));

    private static IEnumerable<DependencyBoundRow> BoundsOf(FamilyMember member, EnvironmentReading reading) => member.Version is not { } version
        ? []
        : EnvironmentFacts.BoundsOf(
            member.Key,
            version,
            PythonVersion.TryParse(reading.Markers["python_version"], out var python) ? python : null,
            reading.Layout.IsWindows ? OperatingSystemFamily.Windows : OperatingSystemFamily.Linux);

    private static Finding? Bound(EnvironmentReading reading, PipCommand pip, FamilyMember member, DependencyBoundRow bound)
    {
        var requirement = Requirement.Parse(bound.Requires)!;
        var severity = SeverityNames.Instance.TryParse(bound.Severity, out var named) ? named : Severity.Warning;
        var installed = reading.Packages.Find(requirement.Key);
        var file = member.Package?.Metadata ?? member.VersionFile;
        if (installed is null)
        {
            // A bound on what need not be there says nothing where it is not.
            return requirement.Versions.Text.Length > 0
                ? null
                : new Finding("dependency-missing", severity, requirement.Name, $"{requirement.Name} is not installed: {bound.Breaks} ({member}).", bound.Sources)
                {
                    File = file,
                    Mending = pip.Install(Wanted(reading, requirement)),
                };
        }

        return ReleaseVersion.Parse(installed.Version) is not { } version || requirement.Versions.Takes(version)
            ? null
            : new Finding("dependency-version", severity, installed.ToString(), $"{member} needs {requirement}, and {installed} is installed: {bound.Breaks}.", bound.Sources)
            {
                File = installed.Metadata ?? installed.Info,
                Mending = pip.Install(Wanted(reading, requirement)),
            };
    }

    /// <summary>An extension module is for one Python; its name says which.</summary>
    private static IEnumerable<Finding> PythonOfExtension(EnvironmentReading reading)
    {
        if (reading.Torch.Folder is not { } folder || reading.Markers["python_version"] is not { Length: > 0 } python)
            yield break;
        var modules = Directory.EnumerateFiles(folder, "_C.c*").Select(f => Path.GetFileName(f)).ToArray();
        var wanted = python.Replace(".", "", StringComparison.Ordinal);
        string TagOf(string name) => new([.. name.Replace("_C.cpython-", "", StringComparison.Ordinal).Replace("_C.cp", "", StringComparison.Ordinal).TakeWhile(char.IsAsciiDigit)]);
        if (modules.Length > 0 && !modules.Any(m => TagOf(m) == wanted || TagOf(m).Length == 0))
        {
            yield return new Finding(
                "python-unsupported",
                Severity.Error,
                reading.Torch.ToString(),
                $"{reading.Torch} was installed for another Python: this one is {python}, and {modules[0]} is all there is of it.",
                [])
            { File = Path.Combine(folder, modules[0]) };
        }
    }

    // conda brings these by packages of its own names.
    private static bool IsOfConda(string key) => key.StartsWith("nvidia-", StringComparison.Ordinal) || key is "triton" or "cuda-toolkit" or "cuda-bindings";
}
