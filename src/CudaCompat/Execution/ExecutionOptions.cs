using CudaCompat.Execution.Archives;
using CudaCompat.Execution.Downloads;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Planning;

namespace CudaCompat.Execution;

/// <summary>How a plan is carried out.</summary>
public sealed record ExecutionOptions
{
    /// <summary>True to change nothing and say what would be changed.</summary>
    public bool DryRun { get; init; }

    /// <summary>The folder of the journal, one for each plan; null for one named after the plan in the user's state folder.</summary>
    public string? JournalFolder { get; init; }

    /// <summary>The folder of downloads, which several runs may share; null for the user's cache folder.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>A folder for the toolkit in place of the plan's.</summary>
    public string? Prefix { get; init; }

    /// <summary>True where the user agreed that steps may be done as administrator.</summary>
    public bool AllowAdmin { get; init; }

    /// <summary>True where nobody is there to answer a question, such as that for a password.</summary>
    public bool Unattended { get; init; }

    /// <summary>How many files are fetched at once.</summary>
    public int ParallelDownloads { get; init; } = 4;

    /// <summary>Hears what happens; called from several threads.</summary>
    public IProgress<ExecutionEvent>? Events { get; init; }

    /// <summary>The Python program that makes virtual environments; null for the one of the plan's version.</summary>
    public string? Python { get; init; }

    /// <summary>The shell file that environment variables are written to; null for that of the user's shell.</summary>
    public string? ShellFile { get; init; }

    /// <summary>Folders in which programs are looked for, separated as in PATH; null for PATH itself.</summary>
    public string? ProgramPath { get; init; }

    /// <summary>True to carry out a plan that differs from what this program's own data makes of the plan's request, once a person has looked at the differences.</summary>
    public bool TrustPlan { get; init; }

    /// <summary>Hosts that files may come from beside those of the data: a company's mirror, this machine in a test.</summary>
    public IReadOnlyList<string> TrustedHosts { get; init; } = [];

    /// <summary>The machine that the plan is carried out on, where it is known: a plan whose stack does not run here counts as different.</summary>
    public DriverInfo? Machine { get; init; }

    /// <summary>The data that a plan is compared with; null for the data that the library carries.</summary>
    public CompatibilityMatrix? Matrix { get; init; }

    /// <summary>True for a rollback that also takes away or overwrites what somebody added or changed after the plan.</summary>
    public bool DiscardChanges { get; init; }

    /// <summary>True for a rollback of a damaged journal: what can be proved is undone, the rest is listed.</summary>
    public bool Force { get; init; }

    /// <summary>True to take nothing from a network: what is not in the cache or in the bundle makes its step fail.</summary>
    public bool Offline { get; init; }

    /// <summary>The packages that a bundle brings; null to ask the index.</summary>
    internal IReadOnlyList<LockedPackage>? Lock { get; init; }

    internal RetryPolicy Retry { get; init; } = new();

    internal ArchiveLimits ArchiveLimits { get; init; } = new();

    /// <summary>Whether the system has a driver; null to look.</summary>
    internal bool? DriverIsThere { get; init; }

    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The folder of all journals that are named after their plans.</summary>
    internal static string JournalsFolder => Path.Combine(UserFolder("XDG_STATE_HOME", ".local/state", "state"), "journals");

    /// <summary>The folder of what this user's programs keep.</summary>
    internal static string DataFolder => UserFolder("XDG_DATA_HOME", ".local/share", "data");

    internal string CacheFolderOrDefault => Path.GetFullPath(CacheFolder ?? UserFolder("XDG_CACHE_HOME", ".cache", "cache"));

    /// <summary>The journal folder of a plan: the one given, or one named after the plan.</summary>
    internal string JournalFolderFor(string planSha256) =>
        Path.GetFullPath(JournalFolder ?? Path.Combine(JournalsFolder, planSha256[..16]));

    // .NET gives an empty text where the home folder is not there, and a path made from that is one in the current folder.
    private static string UserFolder(string variable, string inHome, string onWindows)
    {
        if (!OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } root && Path.IsPathFullyQualified(root))
            return Path.Combine(root, "cudacompat");
        var home = Environment.GetFolderPath(OperatingSystem.IsWindows() ? Environment.SpecialFolder.LocalApplicationData : Environment.SpecialFolder.UserProfile);
        if (home.Length == 0)
            throw new JournalException("this user has no home folder in which journals and downloads could be kept; name folders with --journal and --cache.");
        return OperatingSystem.IsWindows() ? Path.Combine(home, "CudaCompat", onWindows) : Path.Combine(home, inHome, "cudacompat");
    }
}
