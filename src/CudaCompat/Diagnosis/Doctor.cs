using CudaCompat.Detection;
using CudaCompat.Environments;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Resolution.Alternatives;
using CudaCompat.Resolution.Answers;
using CudaCompat.Resolution.Choice;
using CudaCompat.Resolution.Rules;
using CudaCompat.Verification;
using CudaCompat.Versions;

namespace CudaCompat.Diagnosis;

/// <summary>Judges what is installed: the rules of <c>Check</c> on the combination found, and what only a look at the machine shows.</summary>
public static class Doctor
{
    /// <summary>Examines a machine that was detected.</summary>
    /// <param name="report">What was detected.</param>
    /// <param name="matrix">What is known; null takes the matrix that the library carries.</param>
    /// <param name="environment">What was read of the Python environment; null where there is none.</param>
    /// <param name="proof">What came of using it; null where it was not used.</param>
    public static DoctorReport Examine(DetectionReport report, CompatibilityMatrix? matrix = null, EnvironmentReport? environment = null, VerificationReport? proof = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        matrix ??= CompatibilityMatrix.Embedded;
        report = WithInstalled(report, environment);
        var machine = MachineFacts.Of(matrix, report.Machine);
        var stack = StackOf(report, environment);
        var chosen = report.Pythons.FirstOrDefault(p => p.IsChosen);
        var causes = new List<Cause>();
        Question? question = null;
        IReadOnlyList<Cause> judged = [];
        causes.AddRange(report.Failures.Select(f => new DriverFailure(f.Kind) { Subject = f.Kind == DetectionFailure.TorchImportFailed ? "torch" : "driver", Text = f.Message, Next = f.Next }));
        if (report.LinuxDriverFilesInWsl.Count > 0)
            causes.Add(new LinuxDriverInWsl { Subject = "WSL", Files = report.LinuxDriverFilesInWsl });
        causes.AddRange(StaleLibraries(report));
        if (stack is null)
        {
            causes.Add(new NothingInstalled { Subject = "machine", Severity = Severity.Info });
            causes.AddRange(DriverCauses(machine));
        }
        else
        {
            question = Question.Of(stack, report.Machine, matrix);
            judged = CheckAnswer.Judge(question);
            causes.AddRange(judged.Where(c => c is not FactMissing && !IsReadBetter(c, environment)).Select(c => AsInstalled(c, report)));
            causes.AddRange(PathOrder(question, report));
            if (chosen is { TorchIsCpu: true, Torch: { } torch } && machine.Gpus is not { Length: 0 } && !causes.Exists(c => c is CpuOnlyBuild))
                causes.Add(new CpuOnlyBuild { Subject = $"torch {torch}", Build = $"torch {torch}", ByDefault = false, Os = machine.BuildOs, Arch = machine.Arch });
        }

        IEnumerable<Finding> known = stack is null ? [] : AdvisoryRule.Of(machine, stack).Select(AdvisoryRule.FindingOf);
        return new DoctorReport
        {
            Machine = report.Machine,
            Stack = stack,
            Findings = [.. (environment?.Findings ?? []).Concat(Failures(proof, report)).Concat(CheckAnswer.Findings(causes).Select(AsFound)).Concat(known).OrderBy(f => f.Severity)],
            Remedies = [.. Commands(environment), .. question is null ? [] : RemediesOf(question, causes, judged).Select(r => WithCommand(r, stack!, report, environment, matrix))],
            DataVersion = matrix.DataVersion,
        };
    }

    // A CPU build is a choice in a request; found on a machine with a GPU it is what went wrong. And what is installed does exist, released or not.
    private static Cause AsInstalled(Cause cause, DetectionReport report) => cause switch
    {
        CpuOnlyBuild => cause with { Severity = Severity.Error },
        NoNvidiaGpu => cause with { Severity = Severity.Warning }, // a build server, a container started without GPUs
        (NoSuchRelease { Package: "torch" } or NotInData or Prerelease) when report.Machine.Installed?.Torch is { } torch && cause.Subject.StartsWith("torch ", StringComparison.Ordinal) =>
            new TorchNotReleased { Subject = cause.Subject, Severity = Severity.Info, Undecided = true, Torch = torch.ToString() },
        _ => cause,
    };

    private static IReadOnlyList<Remedy> RemediesOf(Question question, List<Cause> causes, IReadOnlyList<Cause> judged)
    {
        // In place of a CPU build: the same release for CUDA, else the nearest release of the default index.
        if (causes.Exists(c => c is CpuOnlyBuild))
            return [.. Remedies.ForStack(question).Where(r => r.Change == "cudaTag").Concat(Remedies.ForStack(question with { Tag = null }).Where(r => r.Change == "torch")).Take(1)];
        return causes.Exists(c => c is TorchNotReleased) || !causes.Exists(c => c.Severity == Severity.Error) || CheckAnswer.VerdictOf(judged) != CheckVerdict.Incompatible ? [] : Remedies.ForStack(question);
    }

    // Another build is one command for this environment: that of a plan for this machine with the changed fact pinned, so it was solved again.
    private static Remedy WithCommand(Remedy remedy, StackDocument stack, DetectionReport report, EnvironmentReport? environment, CompatibilityMatrix matrix)
    {
        string? Changed(string fact) => remedy.Change == fact ? remedy.To : remedy.Also?.FirstOrDefault(a => a.Change == fact)?.To;
        var packages = ((string[])["torch", "torchvision", "torchaudio", "cudaTag"]).Where(f => Changed(f) is not null).ToArray();
        var isOfPackages = (remedy.Also ?? []).Select(a => a.Change).Append(remedy.Change).All(packages.Contains);
        if (environment?.Pip is not { } pip || stack.Torch is null || stack.Packaging != Packaging.Pip || !isOfPackages)
            return remedy;
        VersionSpec? Spec(string fact) => Changed(fact) is { } to && VersionSpec.TryParse(to, out var spec) ? spec : null;
        var request = new PlanRequest
        {
            Torch = Spec("torch") ?? VersionSpec.Exactly(stack.Torch.Value),
            Torchvision = Spec("torchvision"),
            Torchaudio = Spec("torchaudio"),
            Cuda = Changed("cudaTag") ?? (Changed("torch") is null ? stack.CudaTag?.ToString() : null),
            Components = [ComponentNames.Torch, .. environment.Torchvision is null ? [] : (string[])[ComponentNames.Torchvision], .. environment.Torchaudio is null ? [] : (string[])[ComponentNames.Torchaudio]],
        };
        var plan = Resolver.TryPlan(report.Machine with { Python = environment.Python ?? report.Machine.Python }, request, matrix).Plan;
        return plan?.Steps.OfType<TorchStep>().FirstOrDefault() is not { ExtraIndexUrls.Count: 0, FindLinks.Count: 0 } step
            ? remedy
            : remedy with { Mending = pip.InstallAgain([.. step.Requirements, .. step.Bounds ?? []], alone: false, step.IndexUrl) };
    }

    // A request without a GPU is told to take a CPU build; of what is installed the question is where the GPU went.
    private static Finding AsFound(Finding finding) => finding.Rule != "no-nvidia-gpu" ? finding : finding with
    {
        Message = "No NVIDIA GPU was found, so this CUDA build runs on the processor. Where there should be one: nvidia-smi says whether the driver is loaded, " +
            "and a container wants --gpus all.",
    };

    // What failed when it was used. An import that detection tried already is told once.
    private static IEnumerable<Finding> Failures(VerificationReport? proof, DetectionReport report) => (proof?.Checks ?? [])
        .Where(c => c.Status == VerificationStatus.Failed && !(c.Name == "torch" && report.Failures.Any(f => f.Kind == DetectionFailure.TorchImportFailed)))
        .Select(c => new Finding("does-not-work", Severity.Error, c.Name, $"{c.Name} does not work when it is used: {c.Message}" + (c.Cause is { } cause ? $" {cause}" : ""), []));

    // One command for each finding of the environment, the same one once.
    private static IEnumerable<Remedy> Commands(EnvironmentReport? environment) => (environment?.Findings ?? [])
        .Where(f => f.Command is not null && f.Severity != Severity.Info).DistinctBy(f => f.Command)
        .Select(f => new Remedy("environment", f.Subject, null, null, f.Command!));

    // What the files of an environment say of partners and of the loader's choice goes before what versions alone let one expect.
    private static bool IsReadBetter(Cause cause, EnvironmentReport? environment) => environment is not null && cause is (CompanionMismatch or CudnnShadowed);

    private static DetectionReport WithInstalled(DetectionReport report, EnvironmentReport? environment) => environment is null ? report : report with
    {
        Machine = report.Machine with
        {
            Python = environment.Python ?? report.Machine.Python,
            Installed = (report.Machine.Installed ?? new InstalledComponents()) with
            {
                Torch = report.Pythons.FirstOrDefault(p => p.IsChosen)?.TorchSource?.StartsWith("import", StringComparison.Ordinal) == true ? report.Machine.Installed?.Torch : environment.Torch,
                Torchvision = environment.Torchvision,
                Torchaudio = environment.Torchaudio,
            },
        },
    };

    private static StackDocument? StackOf(DetectionReport report, EnvironmentReport? environment)
    {
        var installed = report.Machine.Installed;
        var toolkit = report.Toolkits.FirstOrDefault(t => t.PathOrder == 0)?.Version ?? (report.Toolkits.Count == 1 ? report.Toolkits[0].Version : (CudaVersion?)null);
        var cudnn = report.Cudnn.FirstOrDefault(c => !c.IsBundled && c.IsOnLoaderPath)?.Version;
        if (installed?.Torch is null && toolkit is null && cudnn is null)
            return null;
        return new StackDocument
        {
            Torch = installed?.Torch?.WithoutLabel,
            CudaTag = environment?.CudaTag ?? TagOf(report, installed?.Torch),
            Torchvision = installed?.Torchvision,
            Torchaudio = installed?.Torchaudio,
            Toolkit = toolkit,
            Cudnn = cudnn,
            Packaging = report.Pythons.FirstOrDefault(p => p.IsChosen) is { Kind: "conda" } ? null : Packaging.Pip,
        };
    }

    private static CudaTag? TagOf(DetectionReport report, PackageVersion? torch)
    {
        if (torch?.Label is { } label && CudaTag.TryParse(label, out var tag))
            return tag;
        return report.Pythons.FirstOrDefault(p => p.IsChosen) switch
        {
            { TorchCuda: { } cuda } => CudaTag.Of(cuda),
            { TorchIsCpu: true } => CudaTag.Cpu, // a build of a distribution says so in no label
            _ => null,
        };
    }

    private static IEnumerable<Cause> DriverCauses(MachineFacts machine) =>
        (machine.Gpus ?? []).SelectMany(g => DriverGpuRule.All(machine, g));

    private static IEnumerable<Cause> StaleLibraries(DetectionReport report)
    {
        if (report.Machine.Driver is not { } driver)
            yield break;
        foreach (var library in report.CompatLibraries)
        {
            if (library.Driver < driver && library.IsOnLoaderPath)
                yield return new ForwardCompatStale { Subject = library.Path, Library = library.Driver, Driver = driver, Path = library.Path };
        }
    }

    private static IEnumerable<Cause> PathOrder(Question question, DetectionReport report)
    {
        if (Stacks.Candidates(question)[0] is not { Build: { Cuda: { } cuda } build, Toolkit: { } first } || first.MajorMinor == cuda)
            yield break;
        if (report.Toolkits.FirstOrDefault(t => t.Version.MajorMinor == cuda) is { } fitting)
            yield return new ToolkitPathOrder { Subject = $"toolkit {first}", Severity = Severity.Warning, First = first, Fitting = fitting.Version, FittingFolder = fitting.Folder, Build = build.ToString() };
    }
}
