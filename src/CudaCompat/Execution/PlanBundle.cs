using System.Text;
using CudaCompat.Execution.Downloads;
using CudaCompat.Execution.Journals;
using CudaCompat.Execution.Steps;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution;

/// <summary>
/// A folder with everything that a plan needs, to be carried to a machine without a network: the plan, each file by its hash, the lock of the
/// Python packages, and the list of all hashes. It is laid out as a download cache.
/// </summary>
internal static class PlanBundle
{
    private const string PlanName = "plan.json";
    private const string SumsName = "SHA256SUMS";

    /// <summary>Brings every file of a plan into a folder; the bytes it holds.</summary>
    /// <exception cref="StepFailedException">A file cannot be had, or a step brings its own (apt, conda).</exception>
    public static async Task<long> FetchAsync(InstallPlan plan, string folder, ExecutionOptions options, CancellationToken cancellation)
    {
        PlanDocumentCheck.Check(plan);
        if (plan.Steps.FirstOrDefault(s => s is ToolkitStep { Method: "apt" or "dnf" or "zypper" or "conda" } or CudnnStep { Method: "apt" or "dnf" or "zypper" or "conda" } or TorchStep { Method: "conda" or "conda-forge" }) is { } own)
            throw new StepFailedException($"the {own.Component} of this plan comes from a package manager, whose files are not bundled.", "plan with --toolkit-from redist and --packaging pip.");
        folder = Path.GetFullPath(folder);
        var cache = new DownloadCache(folder);
        using var client = Downloader.CreateClient();
        var downloader = new Downloader(client, cache, options.Retry, options.Events ?? new Progress<ExecutionEvent>(), options.Clock);
        using var gate = new SemaphoreSlim(Math.Clamp(options.ParallelDownloads, 1, 16));
        await Task.WhenAll(plan.Steps.OfType<DownloadStep>().Select(async step =>
        {
            await gate.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                await downloader.FetchAsync(DownloadRequest.Of(step), cancellation).ConfigureAwait(false);
            }
            finally
            {
                gate.Release();
            }
        })).ConfigureAwait(false);

        var locked = await PlanLock.ResolveAsync(plan, options, cancellation).ConfigureAwait(false);
        await PackageLock.FetchAsync(locked, downloader, options.ParallelDownloads, cancellation).ConfigureAwait(false);
        DurableFiles.Write(Path.Combine(folder, PlanName), InstallPlanDocument.Write(plan));
        DurableFiles.Write(Path.Combine(folder, PackageLock.ListName), PackageLock.Write(locked));
        foreach (var passing in new[] { "locks", "partial" }.Select(n => Path.Combine(folder, n)))
            FileState.Remove(passing);
        var files = Directory.EnumerateFiles(Path.Combine(folder, "files")).Select(f => "files/" + Path.GetFileName(f)).Append(PlanName).Append(PackageLock.ListName).Order(StringComparer.Ordinal).ToArray();
        DurableFiles.Write(Path.Combine(folder, SumsName), Encoding.UTF8.GetBytes(string.Concat(files.Select(f => $"{DurableFiles.Sha256(Path.Combine(folder, f))}  {f}\n"))));
        return files.Sum(f => new FileInfo(Path.Combine(folder, f)).Length);
    }

    /// <summary>The plan of a bundle and the options with which it is carried out from its files alone.</summary>
    /// <exception cref="PlanDocumentException">The bundle is not whole.</exception>
    public static (InstallPlan Plan, ExecutionOptions Options) Open(string folder, ExecutionOptions options)
    {
        folder = Path.GetFullPath(folder);
        var sums = Path.Combine(folder, SumsName);
        if (!File.Exists(sums))
            throw new PlanDocumentException("", $"{folder} is no bundle: it has no {SumsName} (cudacompat fetch PLAN --to DIR makes one).");
        var names = new List<string>();
        foreach (var line in File.ReadLines(sums))
        {
            if (line.Split("  ", 2) is not [{ Length: 64 } sum, var name] || !IsOurs(name))
                throw new PlanDocumentException("", $"{SumsName} has a line that is none: {VisibleText.Of(line.Length > 100 ? line[..100] : line)}");
            var file = Path.Combine(folder, name);
            if (!File.Exists(file) || DurableFiles.Sha256(file) != sum)
                throw new PlanDocumentException("", $"{name} of the bundle is missing or not what was bundled; carry it over again.");
            names.Add(name);
        }

        if (!names.Contains(PlanName) || !names.Contains(PackageLock.ListName))
            throw new PlanDocumentException("", $"{SumsName} lists no {PlanName}.");
        var cache = new DownloadCache(options.CacheFolderOrDefault);
        foreach (var name in names.Where(n => n.StartsWith("files/", StringComparison.Ordinal)))
        {
            var target = cache.FileOf(name["files/".Length..]);
            if (options.DryRun || File.Exists(target))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            DurableFiles.Copy(Path.Combine(folder, name), target + ".cudacompat-new");
            File.Move(target + ".cudacompat-new", target, overwrite: true);
        }

        return (InstallPlanDocument.Read(File.ReadAllBytes(Path.Combine(folder, PlanName))),
            options with { Offline = true, Lock = PackageLock.ReadList(File.ReadAllBytes(Path.Combine(folder, PackageLock.ListName))) });
    }

    private static bool IsOurs(string name) => name is PlanName or PackageLock.ListName
        || (name.StartsWith("files/", StringComparison.Ordinal) && name["files/".Length..] is { Length: > 0 } key && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
}
