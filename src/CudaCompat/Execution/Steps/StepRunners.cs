using CudaCompat.Planning;

namespace CudaCompat.Execution.Steps;

/// <summary>Which runner carries out which step, and what the plan document calls each kind.</summary>
internal static class StepRunners
{
    public static IStepRunner Of(InstallStep step) => step switch
    {
        DownloadStep => new DownloadRunner(),
        ToolkitStep { Method: "redist" } => new RedistToolkitRunner(),
        ToolkitStep { Method: "installer" } => new WindowsInstallerRunner(),
        ToolkitStep { Method: "runfile" } => new RunfileRunner(),
        CudnnStep { Method: "redist" or "archive" } => new CudnnArchiveRunner(),
        ToolkitStep { Method: "apt" or "dnf" or "zypper" } or CudnnStep { Method: "apt" or "dnf" or "zypper" } => new SystemPackageRunner(),
        ToolkitStep { Method: "conda" } or CudnnStep { Method: "conda" } => new CondaPackageRunner(),
        ToolkitStep { Method: "pip" } or CudnnStep { Method: "pip" } => new PipPartRunner(),
        PythonStep => new PythonRunner(),
        TorchStep => new TorchRunner(),
        EnvironmentStep => new EnvironmentRunner(),
        RepairStep => new RepairRunner(),
        VerifyStep => new VerifyRunner(),
        _ => throw new StepFailedException($"no way is known to carry out the {KindOf(step)} step of {step.Component}.", "make the plan anew."),
    };

    public static string KindOf(InstallStep step) => step switch
    {
        DownloadStep => "download",
        ToolkitStep => "toolkit",
        CudnnStep => "cudnn",
        PythonStep => "python",
        TorchStep => "torch",
        EnvironmentStep => "environment",
        RepairStep => "repair",
        _ => "verify",
    };

    /// <summary>The folders that a plan works on; two runs never work on the same at once.</summary>
    public static IEnumerable<string> TargetsOf(InstallPlan plan) => plan.Steps.Select(s => s switch
    {
        ToolkitStep t => t.Prefix,
        CudnnStep c => c.Prefix,
        PythonStep p => p.Environment,
        TorchStep t => t.Environment,
        RepairStep r => r.Environment,
        _ => null,
    }).OfType<string>().Select(Path.GetFullPath).Distinct().Order(StringComparer.Ordinal);

    /// <summary>True where the user has to agree, since it is done as administrator.</summary>
    public static bool NeedsAgreement(InstallStep step) => step.RequiresAdmin
        || step is ToolkitStep { Method: "installer" or "apt" or "dnf" or "zypper" } or CudnnStep { Method: "apt" or "dnf" or "zypper" }
        || (step is ToolkitStep { Method: "runfile" } && !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess); // root's scripts are root's acts
}
