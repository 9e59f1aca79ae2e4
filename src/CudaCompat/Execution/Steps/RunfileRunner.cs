using System.Text.RegularExpressions;
using CudaCompat.Execution.Journals;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>
/// Runs the Linux runfile, toolkit only and silent. Its options differ by release, and an unknown one makes it install nothing; so its help
/// is asked first and only what it lists is sent.
/// </summary>
internal sealed partial class RunfileRunner : IStepRunner
{
    public string Describe(InstallStep step, StepContext context) => $"run {step.FileName} silently, toolkit only, into {Folder(step)}";

    public Task<string?> FindDoneAsync(InstallStep step, StepContext context) =>
        Task.FromResult(RedistToolkitRunner.NvccOf(Folder(step)) is { } nvcc ? $"{nvcc} is there" : null);

    public async Task<string> RunAsync(InstallStep step, StepContext context)
    {
        var folder = Folder(step);
        var name = step.FileName ?? throw new StepFailedException("the plan names no runfile.", "make the plan anew; this one is incomplete.");
        var file = (await context.ProgramFileAsync(name, step).ConfigureAwait(false)).Path;
        var bash = context.Programs.Require("bash"); // not sh: dash trips over its scripts
        var help = await context.RunAsync(new ProcessRequest(bash, [file, "--help"])).ConfigureAwait(false);
        var options = Options(help.Output + string.Join('\n', help.Tail), folder, Path.Combine(context.Journal.Folder, "tmp"));
        var isNew = FileState.Of(folder) is null;
        if (isNew)
        {
            context.CreateFolders(Path.GetDirectoryName(folder)!);
            context.Record(new TreeCreated(folder));
        }
        else
        {
            context.Record(new UndoneByHand($"{folder} was there before the runfile; run {Path.Combine(folder, "bin", "cuda-uninstaller")} to take the toolkit out of it."));
        }

        var temporary = Path.Combine(context.Journal.Folder, "tmp");
        Directory.CreateDirectory(temporary);
        var request = new ProcessRequest(bash, [file, .. options]) { TimeLimit = TimeSpan.FromHours(2) };
        var needsAdmin = step.RequiresAdmin && !Environment.IsPrivilegedProcess;
        var result = await context.RunAsync(needsAdmin ? SystemPackageRunner.Elevated(request, context.Options, context.Programs) : request).ConfigureAwait(false);
        Directory.Delete(temporary, recursive: true);
        if (!result.Succeeded || RedistToolkitRunner.NvccOf(folder) is null)
        {
            throw new StepFailedException(
                $"the runfile ended with {result.Outcome}{(result.Succeeded ? $", but nvcc is not in {folder}" : "")}.",
                "look at /var/log/cuda-installer.log or /tmp/cuda-installer.log (one of another user there makes it fail: remove it), or take --toolkit-from redist.",
                result.ExitCode, result.Tail);
        }

        DurableFiles.FlushFileSystem(folder);
        return $"the toolkit is in {folder}";
    }

    /// <summary>The options for a silent install of the toolkit alone, as far as the help lists them.</summary>
    /// <exception cref="StepFailedException">The help lacks one without which it cannot be done.</exception>
    internal static IReadOnlyList<string> Options(string help, string folder, string temporary)
    {
        var listed = Option().Matches(help).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        if (!listed.Contains("--silent") || !listed.Contains("--toolkit"))
            throw new StepFailedException("the runfile's help lists no --silent and --toolkit.", "it is not a CUDA runfile, or is damaged; take --toolkit-from redist.");
        var place = new[] { "--installpath", "--toolkitpath" }.FirstOrDefault(listed.Contains)
            ?? throw new StepFailedException("the runfile's help lists no option for the folder.", "take --toolkit-from redist.");
        var options = new List<string> { "--silent", "--toolkit", $"{place}={folder}" };
        if (listed.Contains("--defaultroot"))
            options.Add($"--defaultroot={folder}");
        if (listed.Contains("--tmpdir"))
            options.Add($"--tmpdir={temporary}");
        options.AddRange(new[] { "--no-man-page", "--no-opengl-libs", "--no-drm" }.Where(listed.Contains));
        return options;
    }

    private static string Folder(InstallStep step)
    {
        if (((ToolkitStep)step).Prefix is { } prefix)
            return Path.GetFullPath(prefix);
        return $"/usr/local/cuda-{string.Join('.', (step.Version ?? "").Split('.').Take(2))}";
    }

    [GeneratedRegex(@"--[a-z][a-z0-9-]+", RegexOptions.None, 2000)]
    private static partial Regex Option();
}
