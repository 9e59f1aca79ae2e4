using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Verification;

/// <summary>
/// Proves a stack: what nvcc says, what cuDNN's header says, what torch is, and a kernel launched and checked on each GPU, since
/// <c>torch.cuda.is_available()</c> can be true where no kernel runs. Changes nothing.
/// </summary>
public static class Verifier
{
    /// <summary>Proves that what a plan brings is there and works.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">Where things are, if not where the plan says; its expectations are replaced by the plan's.</param>
    /// <param name="cancellation">Ends the programs that are running.</param>
    public static Task<VerificationReport> VerifyAsync(InstallPlan plan, VerificationOptions? options = null, CancellationToken cancellation = default) =>
        VerifyAsync(OptionsOf(plan, options ?? new VerificationOptions()), cancellation);

    /// <summary>Proves what is installed, however it came there.</summary>
    /// <param name="options">What to look at and what to expect.</param>
    /// <param name="cancellation">Ends the programs that are running.</param>
    public static async Task<VerificationReport> VerifyAsync(VerificationOptions options, CancellationToken cancellation = default)
    {
        var programs = options.ProgramPath is { } path ? TrustedPath.FromVariable(path) : TrustedPath.Current;
        var toolkit = new ToolkitChecks(options, programs);
        var checks = new List<VerificationCheck>();
        if (options.Checks.Contains("nvcc"))
            checks.Add(await toolkit.NvccAsync(cancellation).ConfigureAwait(false));
        if (options.Checks.Contains("compile"))
            checks.Add(await toolkit.CompileAsync(cancellation).ConfigureAwait(false));
        if (options.Checks.Contains("cudnn"))
            checks.Add(toolkit.Cudnn());
        if (options.Checks.Any(c => c is "torch" or "torchvision" or "torchaudio" or "kernel"))
            checks.AddRange(await TorchAsync(options, programs, cancellation).ConfigureAwait(false));
        if (options.Checks.Contains("extension"))
            checks.AddRange(FindPython(options, programs) is { } python ? await ExtensionCheck.RunAsync(python, options, cancellation).ConfigureAwait(false) : [NoPython("extension", options, VerificationStatus.NotTried)]);
        return new VerificationReport(checks);
    }

    internal static VerificationOptions OptionsOf(InstallPlan plan, VerificationOptions options)
    {
        var verify = plan.Steps.OfType<VerifyStep>().SelectMany(v => v.Checks).Distinct().ToArray();
        var packages = plan.Steps.OfType<TorchStep>().Where(t => t.Method is "pip" or "uv").SelectMany(t => t.Requirements)
            .Select(r => r.Split("==")).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase);
        return options with
        {
            Checks = verify.Length > 0 ? verify : options.Checks,
            Toolkit = options.Toolkit ?? Folder(plan.Steps.OfType<ToolkitStep>().Select(s => s.Prefix).Concat(plan.Steps.OfType<CudnnStep>().Select(s => s.Prefix))),
            Cudnn = options.Cudnn ?? Folder(plan.Steps.OfType<CudnnStep>().Select(s => s.Prefix)),
            Python = options.Python ?? Folder(plan.Steps.OfType<PythonStep>().Select(s => s.Environment).Concat(plan.Steps.OfType<TorchStep>().Select(s => s.Environment))),
            Expected = plan.Stack,
            ExpectedPackages = packages,
            ExpectedGpus = options.ExpectedGpus ?? GpusOf(plan),
            CpuOnly = plan.Compatibility == "cpu",
            Environment = plan.Environment.Concat(options.Environment).GroupBy(e => e.Key).ToDictionary(g => g.Key, g => g.Last().Value),
        };
    }

    // The first that is named; a plan for the installer names %ProgramFiles%.
    private static string? Folder(IEnumerable<string?> folders) =>
        folders.FirstOrDefault(f => f is not null) is { } folder ? Environment.ExpandEnvironmentVariables(folder) : null;

    // A chosen subset of the GPUs is named in CUDA_VISIBLE_DEVICES.
    private static int? GpusOf(InstallPlan plan)
    {
        if (plan.Compatibility == "cpu")
            return null;
        return plan.Environment.TryGetValue("CUDA_VISIBLE_DEVICES", out var chosen)
            ? chosen.Split(',', StringSplitOptions.RemoveEmptyEntries).Length
            : plan.Machine?.Gpus?.Count;
    }

    private static async Task<List<VerificationCheck>> TorchAsync(VerificationOptions options, TrustedPath programs, CancellationToken cancellation)
    {
        var isExpected = options.Expected?.Torch is not null || options.ExpectedPackages.ContainsKey("torch");
        var status = isExpected ? VerificationStatus.Failed : VerificationStatus.NotThere;
        if (FindPython(options, programs) is not { } python)
            return [NoPython("torch", options, status)];
        ProbeAnswer? answer;
        string? failure;
        try
        {
            (answer, failure) = await TorchProbe.AskAsync(python, options, cancellation).ConfigureAwait(false);
        }
        catch (ProgramNotFoundException e)
        {
            (answer, failure) = (null, e.Message);
        }

        if (answer is null)
            return [FailureCauses.Failed("torch", python, failure!)];
        var checks = new List<VerificationCheck>();
        if (options.Checks.Contains("torch"))
            checks.AddRange(TorchChecks.Packages(answer, python, options));
        foreach (var name in (string[])["torchvision", "torchaudio"])
        {
            if (options.Checks.Contains(name))
                checks.AddRange(TorchChecks.Companion(answer, name, options));
        }

        if (options.Checks.Contains("kernel"))
            checks.AddRange(TorchChecks.Kernels(answer, options));
        return checks;
    }

    private static VerificationCheck NoPython(string name, VerificationOptions options, VerificationStatus status) =>
        new(name, options.Python ?? "python3", status, null, null, "there is no Python here.", "no Python is installed, or it is elsewhere", "name it with --python-path.");

    private static string? FindPython(VerificationOptions options, TrustedPath programs)
    {
        var place = options.Python ?? Environment.GetEnvironmentVariable("VIRTUAL_ENV");
        if (place is null)
            return programs.Find("python3") ?? programs.Find("python");
        if (!Directory.Exists(place))
            return File.Exists(place) && place.Contains(Path.DirectorySeparatorChar) ? Path.GetFullPath(place) : programs.Find(place) ?? (options.Python is null ? programs.Find("python3") : null);
        return new[] { "bin/python", "bin/python3", "Scripts/python.exe", "python.exe" }.Select(n => Path.GetFullPath(Path.Combine(place, n))).FirstOrDefault(File.Exists);
    }
}
