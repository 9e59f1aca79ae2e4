using System.Globalization;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>The words for every cause: the one place where rules become sentences.</summary>
internal static class ExplanationWriter
{
    private const int ShownSubject = 80;
    private static readonly string[] Openings = ["Driver", "Neither", "No", "On", "The", "There", "This", "Which"];

    public static Finding ToFinding(Cause cause) => new(cause.Rule, cause.Severity, Short(cause.Subject), Write(cause), cause.Sources);

    /// <summary>"Because …, and because …: no plan."</summary>
    public static string Chain(IEnumerable<Cause> causes)
    {
        var sentences = causes.Select(c => InMidSentence(Write(c))).Distinct(StringComparer.Ordinal).ToArray();
        return sentences.Length == 0 ? "" : "Because " + string.Join(";\n  and because ", sentences) + ".";
    }

    // Names (Python, NVIDIA, Jetson) keep their capital; the words that begin a sentence do not.
    private static string InMidSentence(string sentence)
    {
        var first = sentence.Split(' ', 2)[0];
        return (Openings.Contains(first) ? char.ToLowerInvariant(sentence[0]) + sentence[1..] : sentence).TrimEnd('.');
    }

    public static string Write(Cause cause) => cause switch
    {
        PlatformNotCovered { Platform: UncoveredPlatform.MacOS } => "macOS has no NVIDIA driver and no CUDA build of PyTorch since CUDA 10.2; the ordinary macOS package (with Metal) comes from the default index: pip install torch.",
        PlatformNotCovered c => Jetson(c),
        OsUnsupported c => $"There is no CUDA build of PyTorch for {Os(c.Os)} on {Arch(c.Arch)}; only CPU builds exist there.",
        NoSuchBuild c => Missing(c),
        NewerThanData c => $"{Short(c.Subject)} is newer than the data, whose newest {c.Component} is {c.NewestKnown}: nothing is known of it.",
        NoSuchToolkit { Of: { } of } c => $"There is no CUDA toolkit {c.Asked} of CUDA {of}.",
        NoSuchToolkit c => $"There is no CUDA toolkit {c.Asked}" + (c.Nearest is { } near ? $"; the newest {near.MajorMinor} is {near}." : "."),
        NoSuchCudnn c => $"No source names a cuDNN {c.Asked}.",
        PythonUnsupported c => c.Supported.Count == 0
            ? $"{c.Subject} has no package for Python {c.Python}."
            : $"{c.Subject} has no package for Python {c.Python}; it has them for {Range(c.Supported)}.",
        GlibcTooOld c => $"{c.Subject} needs glibc {c.Needed} or newer; this system has {c.Has}.",
        DriverTooOld c => TooOld(c.Subject, $"CUDA {c.Cuda}", c.Driver, c.ReportedCuda, c.Minimum, c.DriverOs, c.Strict ? ", since the policy strict leaves minor-version compatibility out" : ""),
        DriverUnknown { Cuda: null } => "Neither driver, CUDA version nor GPU of the machine is known, so nothing can be decided: give --driver, --max-cuda or --gpu.",
        DriverUnknown { Undecided: true } => "Neither driver, CUDA version nor GPU of the machine is known, so nothing can be decided: give --driver, --max-cuda or --gpu.",
        DriverUnknown { Tegra: true } c => $"Which CUDA the driver of this module runs is not known. {c.Subject} needs one that runs CUDA {c.Cuda}.",
        DriverUnknown c => $"The driver is not known. {c.Subject} needs " + (c.Minimum is { } m ? $"driver {m} or newer on {Os(c.DriverOs)}." : $"one that runs CUDA {c.Cuda}."),
        ForwardCompatUnavailable c => $"{TooOld(c.Subject, $"CUDA {c.Cuda}", c.Driver, c.ReportedCuda, c.Minimum, OperatingSystemFamily.Linux)} The forward-compatibility package does not help: it is for data-centre GPUs on the driver branches that NVIDIA lists.",
        DriverDropsGpu { Severity: Severity.Warning } c => $"{c.Gpu.Display} first appears in driver {c.FirstDriver}; {c.Driver} is an earlier release of the same branch and may not know it.",
        DriverDropsGpu { LastBranch: { } last } c => $"Driver {c.Driver} does not drive {c.Gpu.Display}: branch {last} was the last for this architecture.",
        DriverDropsGpu c => $"Driver {c.Driver} is older than {c.Gpu.Display}: branch {c.FirstBranch} is the first that knows this architecture" + (c.FirstDriver is { } f ? $" (first seen in {f})." : "."),
        OpenKernelModule c => $"The open kernel module is loaded, and it does not drive {c.Gpu.Display}: it begins with compute capability {c.FirstDriven}. The proprietary module of the same driver does.",
        GpuUnknown { Alternatives.Count: > 1 } c => $"'{Short(c.Name)}' is the name of several chips (compute capability {string.Join(" or ", c.Alternatives)}): give --compute-capability.",
        GpuUnknown c => $"The data does not know the GPU '{Short(c.Name)}': give its --compute-capability.",
        GpuNotInBuild { PtxConflict: true } c => $"{c.Subject} has no native code for {c.Gpu.Display}, and sources disagree whether it carries PTX that would serve it.",
        GpuNotInBuild { Undecided: true } c => $"No source lists the GPU architectures of {c.Subject}, so whether it runs on {c.Gpu.Display} is not known.",
        GpuNotInBuild c => $"{c.Subject} has no code that runs on {c.Gpu.Display}: it was built for compute capability {Codes(c.Native)}{(c.Ptx.Count > 0 ? $", with PTX for {Codes(c.Ptx)}" : "")}{(c.Inferred ? " (as its sibling builds)" : "")}.",
        RunsByPtx c => $"{c.Subject} has no native code for {c.Gpu.Display} and runs by PTX that the driver compiles at first use: the first start takes minutes.",
        PtxNeedsNewerDriver c => $"{c.Subject} would run on {c.Gpu.Display} by PTX of CUDA {c.Cuda} only, which a driver for CUDA {c.ReportedCuda} cannot compile" + (c.Minimum is { } m ? $"; driver {m} or newer can." : "."),
        LibrariesTooOldForGpu c => $"{c.Subject} has code for older cards that {c.Gpu.Display} could run, but the libraries of CUDA {c.Cuda} fail on it; it needs CUDA {c.Needed} or newer.",
        CudnnCudaMismatch c => $"cuDNN {c.Cudnn} is for CUDA {string.Join(" and ", c.For)}, not for CUDA {c.Cuda.MajorMinor} ({c.CudaIs}).",
        CudnnGpuUnsupported { Bundled: true } c => $"{c.Subject} brings cuDNN {c.Cudnn}, which does not serve {c.Gpu.Display}: tensors may work, convolutions may not.",
        CudnnGpuUnsupported c => $"cuDNN {c.Cudnn} does not serve {c.Gpu.Display}" + (c.Inferred ? ", by the support matrix of the nearest earlier release." : "."),
        CudnnGpuNotListed c => $"Whether cuDNN {c.Cudnn} serves {c.Gpu.Display} is not known: no support matrix covers this release, and the card is newer than the one before it.",
        NoCudnnForAll c => $"No cuDNN {(c.Asked is { } asked ? asked + " " : "")}for CUDA {c.Cuda} serves every GPU with this driver.",
        CudnnDriverTooOld c => TooOld($"cuDNN {c.Cudnn}", "its CUDA", c.Driver, c.ReportedCuda, c.Minimum, c.DriverOs),
        CudnnShadowed c => $"cuDNN {c.Cudnn}, which the loader finds first, is older than the {c.Bundled} that {c.Build} was built with: torch {(c.Severity == Severity.Error ? "refuses" : "may refuse")} to run with it.",
        CompanionMismatch c => Companion(c),
        ToolkitDriverTooOld c => TooOld($"CUDA toolkit {c.Toolkit}", $"CUDA {c.Toolkit.MajorMinor}", c.Driver, c.ReportedCuda, c.Minimum, c.DriverOs),
        ToolkitGpuUnsupported c => $"nvcc of CUDA toolkit {c.Toolkit} cannot target {c.Gpu.Display}: {Toolkits(c)}.",
        ToolkitTorchMismatch c => $"CUDA toolkit {c.Toolkit} is not the CUDA {c.Build.Cuda} that {c.Build} was built with; extensions compiled for it need {c.Build.Cuda}.",
        HostCompilerUnsupported c => $"nvcc of CUDA toolkit {c.Toolkit} does not accept {c.Compiler} {c.Version}: it takes {Accepted(c.Row)}.",
        NoNvidiaGpu => "No NVIDIA GPU was found: CUDA builds would run on the processor only, so a CPU build serves.",
        CpuOnlyBuild { ByDefault: true } c => $"{Packages(c)} installs {c.Build}, a CPU build, which does not use the GPU; the CUDA builds are on PyTorch's own index.",
        CpuOnlyBuild c => $"{c.Build} is a CPU build and does not use the GPU.",
        WslLinuxDriver c => $"{c.Driver} is the number of a Linux driver. In WSL the Windows driver counts, and no Linux driver may be installed there.",
        DriverNewerThanData c => $"Driver {c.Driver} is newer than the data and counts as {c.Newest}, which runs CUDA {c.Cuda}; newer drivers run all that older ones ran.",
        DriverGivenShort c => $"Driver {c.Driver} is given short and counts as the newest known of its series, {c.CountsAs}.",
        MaxCudaNewerThanData c => $"CUDA {c.MaxCuda} is newer than the data and counts as {c.Newest}.",
        FactMissing { Fact: "gpus" } => "The GPUs are not known, so rules about them were not applied.",
        FactMissing { Fact: "python" } => "The Python version is not known, so rules about it were not applied.",
        FactMissing { Fact: "glibc" } => "The version of glibc is not known, so the platform tag of the packages was not checked.",
        FactMissing { Fact: "cudaTag" } => "Which CUDA the conda build has is not said: give cudaTag.",
        FactMissing c => $"{c.Fact} is not known.",
        Preferred c => c.Text,
        DriverFailure c => $"{c.Text} Next: {c.Next}",
        ToolkitPathOrder c => $"CUDA toolkit {c.First} comes first on PATH, although {c.Fitting}, which {c.Build} needs for extensions, is installed in {c.FittingFolder}: put its bin folder first.",
        ForwardCompatStale c => $"The forward-compatibility library {c.Path} stands for driver {c.Library}, older than the installed {c.Driver}, and is found first: remove the package or take it off the loader's path.",
        LinuxDriverInWsl c => $"Files of a Linux driver are inside WSL and hide the Windows driver: {string.Join(", ", c.Files.Take(3))}{(c.Files.Count > 3 ? ", …" : "")}. Remove the nvidia driver packages in WSL.",
        TorchNotReleased c => $"torch {c.Torch} is none that PyTorch released, so it was built by a distribution or from source: no more is known of it than it says itself.",
        NothingInstalled => "Neither torch nor a CUDA toolkit nor cuDNN was found: cudacompat plan says what to install.",
        Assumed c => c.Text,
        _ => throw new NotSupportedException($"no words for the cause {cause.GetType().Name}."),
    };

    /// <summary>A refusal as a whole: the reasons, then what would help.</summary>
    public static string Refusal(PlanOutcome outcome)
    {
        var reasons = Chain(outcome.Causes.Where(c => c.Severity == Severity.Error || c.Undecided));
        var end = outcome.Verdict == PlanVerdict.Unknown ? "So this cannot be decided from the data." : "So there is no plan.";
        var help = outcome.Remedies.Count == 0 ? "" : "\nWhat would help:\n" + string.Join('\n', outcome.Remedies.Select(r => "  - " + r.Message));
        return $"{reasons}\n{end}{help}";
    }

    /// <summary>Why this build, and why not the newer ones.</summary>
    public static string Plan(MachineFacts machine, Choice choice, string compatibility, IReadOnlyList<WhyNotNewer> whyNot)
    {
        var lines = new List<string>();
        if (choice.Build is { Tag.IsCpu: true })
            lines.Add($"{StackNames.Of(choice)}: the newest CPU build for this system and Python.");
        else
            lines.Add($"{StackNames.Of(choice)}: {Because(machine, choice, compatibility)}.");
        lines.AddRange(whyNot.Select(w => $"Not {w.Candidate}: {w.Message}"));
        return string.Join('\n', lines);
    }

    private static string Because(MachineFacts machine, Choice choice, string compatibility)
    {
        var reasons = new List<string>();
        if (choice.Cuda is { } cuda)
        {
            var driver = machine.Document.Driver is { } d ? $"driver {d}" : "the driver";
            reasons.Add((compatibility, machine.ReportedCuda) switch
            {
                ("minor", { } reported) => $"{driver} (CUDA {reported}) runs CUDA {cuda} by minor-version compatibility",
                ("minor", null) => $"{driver} runs CUDA {cuda} by minor-version compatibility",
                ("forward", _) => $"{driver} runs CUDA {cuda} with the forward-compatibility package",
                (_, { } reported) when reported == cuda => $"{driver} runs CUDA {cuda}",
                (_, { } reported) => $"{driver} runs CUDA {reported}, and so {cuda}",
                _ when machine.Tegra => $"which CUDA its driver runs is not known; it has to be {cuda} or newer",
                _ => $"the driver is not known; CUDA {cuda} needs {machine.Drivers.MinorFloor(cuda.Major)?.Minimum.ToString() ?? machine.Drivers.LowestReporting(cuda)?.From.ToString() ?? "one that runs it"} or newer",
            });
        }

        if (choice.Build is { } build)
        {
            foreach (var gpu in machine.Gpus ?? [])
                reasons.Add($"it has code for {gpu.Display}");
            reasons.Add("it is the newest that brings every component asked for");
        }
        else if (choice is { Toolkit: null, Cudnn: not null })
        {
            reasons.Add("it is the newest for its CUDA that serves every GPU with this driver");
        }

        return string.Join(", ", reasons.Distinct(StringComparer.Ordinal));
    }

    public static string Os(OperatingSystemFamily os) => os switch
    {
        OperatingSystemFamily.Windows => "Windows",
        OperatingSystemFamily.Wsl => "WSL",
        OperatingSystemFamily.MacOS => "macOS",
        _ => "Linux",
    };

    public static string Arch(CpuArchitecture arch) => CpuArchitectureNames.Instance.NameOf(arch);

    public static string Short(string text) => text.Length > ShownSubject ? text[..ShownSubject] + "…" : text;

    private static string TooOld(string subject, string what, DriverVersion? driver, CudaVersion? reported, DriverVersion? minimum, OperatingSystemFamily os, string reason = "")
    {
        var has = driver is { } d ? $"driver {d}" + (reported is { } r ? $" (CUDA {r})" : "") : reported is { } only ? $"a driver for CUDA {only}" : "this driver";
        var need = minimum is { } m ? $"{m} or newer on {Os(os)}" : $"one that runs {what}";
        return $"{subject} does not run with {has}: it needs {need}{reason}.";
    }

    private static string Jetson(PlatformNotCovered c)
    {
        var where = c.Jetson is { } j ? $" JetPack {j.JetPack} (CUDA {j.Cuda}): {j.TorchSource ?? "NVIDIA's own wheels and Jetson containers"}." : " NVIDIA's own wheels and Jetson containers serve it.";
        return $"{(c.Subject == "tegra" ? "This machine" : Short(c.Subject))} is a Jetson (Tegra) module, which the ordinary PyTorch builds do not serve." + where;
    }

    private static string Missing(NoSuchBuild c)
    {
        var platform = $"{Os(c.Os)} {Arch(c.Arch)}";
        if (!c.VersionExists)
            return $"There is no {c.Package} {c.Version}.";
        var package = c.Version.Length == 0 ? c.Package : $"{c.Package} {c.Version}";
        var name = c.Tag is { } tag ? $"{package} {(tag.IsCpu ? "for the processor" : "with CUDA " + tag.Cuda)} ({tag})" : $"{package} on the default index";
        return c.OtherTags.Count == 0
            ? $"There is no {PackagingNames.Instance.NameOf(c.Packaging)} build of {package} for {platform}."
            : $"There is no {PackagingNames.Instance.NameOf(c.Packaging)} build of {name} for {platform}; there are {string.Join(", ", c.OtherTags)}.";
    }

    private static string Companion(CompanionMismatch c)
    {
        var partner = c.Partner is { } right ? $"{c.Package} {right} goes with it" : $"no {c.Package} for it exists";
        if (c.Unlisted)
            return $"No source lists the {c.Package} packages of {PackagingNames.Instance.NameOf(c.Build.Row.Packaging)}, so whether one goes with {c.Build} is not known.";
        if (c.Version is not { } version)
            return $"{c.Build} has no {c.Package} for this system and Python.";
        if (c.Undecided)
            return $"No source says which {c.Package} goes with {c.Build}.";
        if (c.WrongLabel)
            return $"{c.Package} {version} is built for another CUDA than {c.Build}; {partner}.";
        return c.Pairs
            ? $"{c.Package} {version} pairs with torch {c.Build.Version}, but it has no build for {c.Build.Tag} on this system" + (c.Partner is { } p && p.CompareTo(version) != 0 ? $"; {partner}." : ".")
            : $"{c.Package} {version} does not go with {c.Build}; {partner}.";
    }

    private static string Toolkits(ToolkitGpuUnsupported c) => (c.First, c.Last) switch
    {
        ({ } first, { } last) => $"toolkits {first} to {last} can",
        ({ } first, null) => $"toolkits from {first} on can",
        _ => $"toolkits up to {c.Last} can",
    };

    private static string Packages(CpuOnlyBuild c) => $"On {Os(c.Os)} {Arch(c.Arch)} the default package index";

    private static string Accepted(HostCompilerRow row) => (row.Min, row.Max, row.Below) switch
    {
        ({ } min, { } max, _) => $"{row.Compiler} {min} to {max}",
        ({ } min, _, { } below) => $"{row.Compiler} {min} and newer, below {below}",
        ({ } min, _, _) => $"{row.Compiler} {min} and newer",
        (_, { } max, _) => $"{row.Compiler} up to {max}",
        _ => $"{row.Compiler} below {row.Below}",
    };

    private static string Codes(IEnumerable<ComputeCapability> codes) => string.Join(", ", codes);

    private static string Range(IReadOnlyList<PythonVersion> pythons) => string.Join(", ", pythons.Select(p => p.ToString()).ToArray() is { Length: > 8 } many
        ? [many[0], string.Create(CultureInfo.InvariantCulture, $"… ({many.Length - 2} more)"), many[^1]]
        : pythons.Select(p => p.ToString()));
}

/// <summary>A build that would work and is not taken, since the choice rule puts another one first.</summary>
internal sealed record Preferred : Cause
{
    public override string Rule => "choice-rule";

    public required string Text { get; init; }
}
