using System.Security.Cryptography;
using CudaCompat.Execution.Downloads;
using CudaCompat.Execution.Journals;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>What a step runner works with: the plan around the step, the journal, the cache and the programs of the machine.</summary>
internal sealed record StepContext(InstallPlan Plan, int Index, ExecutionOptions Options, Journal? OpenJournal, Downloader Downloader, DownloadCache Cache, CancellationToken Cancellation)
{
    private static readonly IProgress<ExecutionEvent> Silence = new Progress<ExecutionEvent>();

    public Journal Journal => OpenJournal ?? throw new InvalidOperationException("a dry run changes nothing.");

    public IProgress<ExecutionEvent> Events => Options.Events ?? Silence;

    public TrustedPath Programs => Options.ProgramPath is { } path ? TrustedPath.FromVariable(path) : TrustedPath.Current;

    public void Note(string message) => Events.Report(new Noted(SecretText.Mask(message)));

    /// <summary>Writes to the journal what is changed next.</summary>
    public void Record(Change change) => Journal.Append(new StepChange(Index, change));

    /// <summary>Makes a folder and its missing parents.</summary>
    public void CreateFolders(string folder)
    {
        var missing = new Stack<string>();
        for (var f = Path.GetFullPath(folder); f is not null && !Directory.Exists(f); f = Path.GetDirectoryName(f))
            missing.Push(f);
        if (missing.Count == 0)
            return;
        Record(new FoldersCreated([.. missing]));
        Directory.CreateDirectory(folder);
    }

    /// <summary>Writes a file whole, keeping what was there.</summary>
    /// <param name="block">Our own part of a file that is otherwise the user's.</param>
    public void ReplaceFile(string path, byte[] content, string? block = null)
    {
        string? backup = null;
        if (File.Exists(path))
        {
            backup = Journal.NewPath("backup");
            DurableFiles.Copy(path, backup);
        }

        Record(new FileReplaced(path, backup is null ? null : Path.GetFileName(backup), Convert.ToHexStringLower(SHA256.HashData(content)), block));
        DurableFiles.Write(path, content);
    }

    /// <summary>Runs a program of this step; it can be found again if we are killed.</summary>
    public Task<ProcessResult> RunAsync(ProcessRequest request)
    {
        var environment = new Dictionary<string, string?>(request.Environment);
        if (OpenJournal?.State.Run is { } run)
            environment[LeftoverProcesses.Variable] = run;
        return ProcessRunner.RunAsync(
            request with { Environment = environment, OnLine = line => Events.Report(new ProgramPrinted(Index, line)) },
            Cancellation);
    }

    /// <summary>Runs a program that must succeed.</summary>
    public async Task<ProcessResult> RunOrFailAsync(ProcessRequest request, string next)
    {
        var result = await RunAsync(request).ConfigureAwait(false);
        return result.Succeeded
            ? result
            : throw FailedProgram.Of(request, result, next);
    }

    /// <summary>The downloaded file of a name, checked; fetched now where no download step of the plan brought it.</summary>
    public async Task<DownloadedFile> FileAsync(string fileName, InstallStep step)
    {
        var (source, request) = RequestOf(fileName, step);
        // A download step of this run has checked it a moment ago; hashing gigabytes again would prove nothing new.
        var path = Cache.FileOf(DownloadCache.KeyOf(request));
        return source is DownloadStep && File.Exists(path) && (request.Size is null || new FileInfo(path).Length == request.Size)
            ? new DownloadedFile(path, new FileInfo(path).Length, FromCache: true, FileProof.Describe(request.Checksum))
            : await Downloader.FetchAsync(request, Cancellation).ConfigureAwait(false);
    }

    /// <summary>A file that is about to be run: never one without a checksum.</summary>
    public async Task<DownloadedFile> ProgramFileAsync(string fileName, InstallStep step)
    {
        if (RequestOf(fileName, step).Request.Checksum is null)
            throw new StepFailedException($"no source has a checksum of {fileName}; it is not run.", "take --toolkit-from redist, or fetch and run it yourself.");
        return await FileAsync(fileName, step).ConfigureAwait(false);
    }

    private (InstallStep Source, DownloadRequest Request) RequestOf(string fileName, InstallStep step)
    {
        InstallStep source = Plan.Steps.OfType<DownloadStep>().FirstOrDefault(d => DownloadRequest.Of(d).FileName == fileName) as InstallStep ?? step;
        if (source.Url is null)
            throw new StepFailedException($"the plan does not say where {fileName} comes from.", "make the plan anew; this one is incomplete.");
        return (source, DownloadRequest.Of(source));
    }

    /// <summary>The Python environment that the plan makes or uses.</summary>
    public string? EnvironmentFolder => Plan.Steps.OfType<PythonStep>().Select(s => s.Environment).FirstOrDefault(e => e is not null) is { } folder ? Path.GetFullPath(folder) : null;

    /// <summary>The folder of the toolkit that the plan installs.</summary>
    public string? ToolkitFolder => Plan.Steps.OfType<ToolkitStep>().Select(s => s.Prefix).FirstOrDefault(p => p is not null) is { } folder ? Path.GetFullPath(folder) : null;
}
