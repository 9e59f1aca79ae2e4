using CudaCompat.Environments.Checks;
using CudaCompat.Matrix;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Environments;

/// <summary>What a Python environment is and what is wrong with it, read from its files: nothing in it is run.</summary>
public sealed record EnvironmentReport
{
    /// <summary>The folder of the environment.</summary>
    public required string Root { get; init; }

    /// <summary>Its interpreter; null where it has none that can be started.</summary>
    public string? Interpreter { get; init; }

    /// <summary>Its Python; null where no file says it.</summary>
    public PythonVersion? Python { get; init; }

    /// <summary>torch, with the label that is written inside it; null where there is none.</summary>
    public PackageVersion? Torch { get; init; }

    /// <summary>What torch was built for; null where nothing says it.</summary>
    public CudaTag? CudaTag { get; init; }

    /// <summary>torchvision; null where there is none.</summary>
    public PackageVersion? Torchvision { get; init; }

    /// <summary>torchaudio; null where there is none.</summary>
    public PackageVersion? Torchaudio { get; init; }

    /// <summary>What was found, errors first; each names the file it rests on and, where one is known, the command that mends it.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Writes commands and acts for this environment.</summary>
    internal PipCommand? Pip { get; init; }
}

/// <summary>Reads Python environments without running anything in them.</summary>
public static class EnvironmentReader
{
    /// <summary>Reads an environment.</summary>
    /// <param name="path">Its folder, its bin folder, a folder of packages, or an interpreter; relative paths are of the current folder.</param>
    /// <param name="gpus">How many GPUs the machine has; null where that is not known.</param>
    /// <param name="matrix">What is known; null takes the matrix that the library carries.</param>
    /// <returns>The report, or null where there is no Python environment.</returns>
    public static EnvironmentReport? Read(string path, int? gpus = null, CompatibilityMatrix? matrix = null) =>
        Read(path, EnvironmentSurroundings.Current() with { Gpus = gpus }, matrix ?? CompatibilityMatrix.Embedded);

    /// <summary>True where there is a Python environment to read.</summary>
    /// <param name="path">As for <see cref="Read(string, int?, CompatibilityMatrix?)"/>.</param>
    public static bool IsEnvironment(string path) => PythonLayout.Find(path, null) is not null;

    internal static EnvironmentReport? Read(string path, EnvironmentSurroundings surroundings, CompatibilityMatrix matrix)
    {
        if (PythonLayout.Find(path, surroundings.Variables.ContainsKey("PYTHONNOUSERSITE") ? null : surroundings.Home) is not { } layout)
            return null;
        var reading = new EnvironmentReading(layout, surroundings);
        var pip = new PipCommand(reading, new Lazy<string>(() => matrix.Install.Place("wheels")));
        return new EnvironmentReport
        {
            Root = layout.Root,
            Interpreter = layout.Interpreter,
            Python = PythonVersion.TryParse(layout.Version, out var python) ? python : null,
            Torch = reading.Torch.Version,
            CudaTag = reading.Torch.Tag,
            Torchvision = reading.Torchvision.Version,
            Torchaudio = reading.Torchaudio.Version,
            Findings = Findings(reading, pip, matrix),
            Pip = pip,
        };
    }

    private static IReadOnlyList<Finding> Findings(EnvironmentReading reading, PipCommand pip, CompatibilityMatrix matrix)
    {
        var partners = new PartnerBuilds(matrix);
        var (files, missing) = FileCheck.Run(reading, pip);
        var dependencies = DependencyCheck.Run(reading, pip, partners);
        List<Finding> findings =
        [
            .. LayoutCheck.Run(reading, pip),
            .. PackageCheck.Run(reading, pip),
            .. files,
            .. dependencies,
            .. CompanionCheck.Run(reading, pip, partners),
            .. PackagedToolkitCheck.Run(reading, pip, matrix),
        ];

        // A companion that does not go with its torch lacks libraries for that reason; a library that its package promised, or whose package is not there,
        // is told as the package's. The loader's view adds what no list promises.
        var failing = reading.Family.Where(m => CompanionCheck.ImportFails(reading, m) || DependencyCheck.RefusesTorch(reading, m)).Select(m => m.Key).ToHashSet(StringComparer.Ordinal);
        var absent = dependencies.Where(f => f.Rule == "dependency-missing").Select(f => f.Subject).ToArray();
        findings.AddRange(LibraryCheck.Run(reading, pip, failing)
            .Where(f => f.Rule != "library-missing" || !missing.Contains(f.Subject) && !Array.Exists(absent, a => a.Contains(StemOf(f.Subject), StringComparison.OrdinalIgnoreCase))));
        findings.AddRange(SurroundingsCheck.Run(reading));
        return [.. findings.DistinctBy(f => (f.Rule, f.Subject, f.Severity)).OrderBy(f => f.Severity)];
    }

    // libcudnn.so.9 is of a package with cudnn in its name.
    private static string StemOf(string library) => library.Split('.')[0] is var stem && stem.StartsWith("lib", StringComparison.Ordinal) ? stem["lib".Length..] : stem;
}
