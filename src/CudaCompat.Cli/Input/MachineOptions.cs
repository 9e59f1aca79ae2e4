using System.CommandLine;
using CudaCompat.Detection;
using CudaCompat.Documents;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Cli.Input;

/// <summary>The options by which a command is told of a machine, and the machine that they make.</summary>
internal sealed class MachineOptions
{
    private const string Wanted = "the output of nvidia-smi (or of collect_env, pip list, conda list, nvcc -V, lspci)";

    private readonly Option<string?> _machine = new("--machine") { Description = "A machine document (JSON) from a file, or - for standard input.", HelpName = "FILE|-" };
    private readonly Option<string?> _smi = new("--nvidia-smi", "--paste") { Description = "Pasted output of nvidia-smi in any form, collect_env, pip list, conda list, nvcc -V or lspci, from a file or - for standard input.", HelpName = "FILE|-" };
    private readonly Option<string?> _os = new("--os") { Description = "linux, windows, wsl or macos.", HelpName = "OS" };
    private readonly Option<string?> _arch = new("--arch") { Description = "x86_64 or aarch64.", HelpName = "ARCH" };
    private readonly Option<string?> _driver = new("--driver") { Description = "NVIDIA driver, such as 550.54.15.", HelpName = "VERSION" };
    private readonly Option<string?> _maxCuda = new("--max-cuda") { Description = "The \"CUDA Version\" that nvidia-smi prints, such as 12.4.", HelpName = "X.Y" };
    private readonly Option<string[]> _gpu = new("--gpu") { Description = "GPU name, such as \"RTX 3090\"; repeat for several, or \"none\".", HelpName = "NAME" };
    private readonly Option<string[]> _capability = new("--compute-capability") { Description = "Compute capability, such as 8.6; repeat in the order of --gpu.", HelpName = "CC" };
    private readonly Option<string?> _python = new("--python") { Description = "Python, such as 3.12 (3.13t: free-threaded).", HelpName = "X.Y" };
    private readonly Option<string?> _glibc = new("--glibc") { Description = "glibc, such as 2.35.", HelpName = "X.Y" };
    private readonly Option<string?> _gcc = new("--gcc") { Description = "gcc that compiles extensions.", HelpName = "VERSION" };
    private readonly Option<string?> _clang = new("--clang") { Description = "clang that compiles extensions.", HelpName = "VERSION" };
    private readonly Option<string?> _msvc = new("--msvc") { Description = "MSVC compiler version 19.xx.", HelpName = "VERSION" };
    private readonly Option<string?> _kernelModule = new("--kernel-module") { Description = "proprietary or open.", HelpName = "FLAVOUR" };

    public void AddTo(Command command)
    {
        _os.CompletionSources.Add([.. OperatingSystemNames.Instance.Names]);
        _gpu.CompletionSources.Add(_ => KnownValues.Gpus().Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        _arch.CompletionSources.Add([.. CpuArchitectureNames.Instance.Names]);
        _kernelModule.CompletionSources.Add([.. KernelModuleFlavourNames.Instance.Names]);
        foreach (var option in All)
            command.Options.Add(option);
    }

    private IEnumerable<Option> All => [_machine, _smi, _os, _arch, _driver, _maxCuda, _gpu, _capability, _python, _glibc, _gcc, _clang, _msvc, _kernelModule];

    /// <summary>True where the machine is described by options, so that this machine is not looked at.</summary>
    public bool Given(ParseResult parse) => All.Any(o => o != _python && parse.GetResult(o) is { Implicit: false });

    /// <summary>True where an option names a text or document.</summary>
    public bool GivesText(ParseResult parse) => parse.GetValue(_machine) is not null || parse.GetValue(_smi) is not null;

    /// <summary>True where the machine itself comes from standard input.</summary>
    public bool ReadsInput(ParseResult parse) => parse.GetValue(_machine) == "-" || parse.GetValue(_smi) == "-";

    /// <summary>The machine that the options describe, or the failure that a pasted text is; null where this machine is meant.</summary>
    /// <exception cref="UsageException">An option is not accepted.</exception>
    /// <exception cref="BadInputException">A document is not what it should be.</exception>
    public (DriverInfo? Machine, DetectionFailure? Failure) Read(ParseResult parse)
    {
        if (parse.GetValue(_machine) is { } file)
        {
            if (parse.GetValue(_smi) is not null)
                throw new UsageException("--machine and --nvidia-smi cannot be given together.");
            return (Override(parse, DocumentReader.Machine(TextInput.Read("--machine", file))), null);
        }

        if (parse.GetValue(_smi) is { } pasted)
            return OfText(parse, TextInput.Read("--nvidia-smi", pasted, Wanted));

        if (!Given(parse))
            return (null, null);
        var (system, assumption) = System(parse);
        return (Override(parse, new DriverInfo { OperatingSystem = system, IsSystemAssumed = assumption is not null, Assumptions = assumption is null ? [] : [assumption] }), null);
    }

    /// <summary>The machine that a text says, be it a document or pasted output.</summary>
    /// <exception cref="BadInputException">The text is a document that is not what it should be.</exception>
    public (DriverInfo? Machine, DetectionFailure? Failure) OfText(ParseResult parse, string text)
    {
        if (text.AsSpan().TrimStart().StartsWith("{"))
            return (Override(parse, DocumentReader.Machine(text)), null);
        var os = parse.Named(_os, FieldSpelling.OperatingSystem, OperatingSystemNames.Instance);
        var arch = parse.Named(_arch, FieldSpelling.Architecture, CpuArchitectureNames.Instance);
        var reading = MachineReader.FromNvidiaSmi(text, os, arch);
        if (reading is { SystemIsAssumed: true, Machine: { Driver: { } driver } assumed } && SystemOf(driver) is { } system && system != assumed.OperatingSystem)
        {
            string[] others = [.. assumed.Assumptions.Where(a => !a.StartsWith("The operating system", StringComparison.Ordinal))];
            return (Override(parse, assumed with { OperatingSystem = system, Assumptions = [.. others, OnlyOf(driver, system)] }), null);
        }

        return reading.Machine is { } read ? (Override(parse, read), null) : (null, reading.Failure);
    }

    // Windows and Linux number their drivers apart: a number that only one of them has says which it is.
    private (OperatingSystemFamily System, string? Assumption) System(ParseResult parse)
    {
        if (parse.Named(_os, FieldSpelling.OperatingSystem, OperatingSystemNames.Instance) is { } given)
            return (given, null);
        if (parse.Version<DriverVersion>(_driver, FieldSpelling.Driver) is { } driver && SystemOf(driver) is { } only)
            return (only, OnlyOf(driver, only));

        return (HostSystem, $"The operating system is not given; {OperatingSystemNames.Instance.NameOf(HostSystem)} is assumed.");
    }

    // The number itself where one system has it, else the branch: there is no Linux driver 516.
    private static OperatingSystemFamily? SystemOf(DriverVersion driver)
    {
        if (driver.Parts < 2)
            return null;
        var (linux, windows) = (CompatibilityMatrix.Embedded.LinuxDrivers, CompatibilityMatrix.Embedded.WindowsDrivers);
        var (onLinux, onWindows) = (linux.Knows(driver), windows.Knows(driver));
        if (!onLinux && !onWindows)
            (onLinux, onWindows) = (linux.KnowsBranch(driver.Branch), windows.KnowsBranch(driver.Branch));
        return onLinux == onWindows ? null : onLinux ? OperatingSystemFamily.Linux : OperatingSystemFamily.Windows;
    }

    private static string OnlyOf(DriverVersion driver, OperatingSystemFamily system) =>
        $"The operating system is not given; driver {driver} is one for {(system == OperatingSystemFamily.Linux ? "Linux" : "Windows")} alone.";

    /// <summary>The same machine with the fields that options give.</summary>
    public DriverInfo Override(ParseResult parse, DriverInfo machine)
    {
        using var notes = ReadingNotes.Begin();
        var overridden = WithOptions(parse, machine);
        return overridden with { Readings = [.. machine.Readings, .. notes.Notes] };
    }

    private DriverInfo WithOptions(ParseResult parse, DriverInfo machine) => machine with
    {
        OperatingSystem = parse.Named(_os, FieldSpelling.OperatingSystem, OperatingSystemNames.Instance) ?? machine.OperatingSystem,
        Architecture = parse.Named(_arch, FieldSpelling.Architecture, CpuArchitectureNames.Instance) ?? machine.Architecture ?? OfArmCard(parse),
        KernelModule = parse.Named(_kernelModule, KernelModuleFlavourNames.Instance) ?? machine.KernelModule,
        Driver = parse.Version<DriverVersion>(_driver, FieldSpelling.Driver) ?? machine.Driver,
        MaxCuda = parse.Version<CudaVersion>(_maxCuda, FieldSpelling.MaxCuda) ?? (parse.GetValue(_driver) is null ? machine.MaxCuda : null),
        Python = parse.Version<PythonVersion>(_python, FieldSpelling.Python) ?? machine.Python,
        Glibc = parse.Version<DottedVersion>(_glibc, FieldSpelling.Glibc) ?? machine.Glibc,
        Gcc = parse.Version<DottedVersion>(_gcc, FieldSpelling.Gcc) ?? machine.Gcc,
        Clang = parse.Version<DottedVersion>(_clang, FieldSpelling.Clang) ?? machine.Clang,
        Msvc = parse.Version<DottedVersion>(_msvc, FieldSpelling.Msvc) ?? machine.Msvc,
        Gpus = Gpus(parse) ?? machine.Gpus,
    };

    private static OperatingSystemFamily HostSystem => OperatingSystem.IsWindows() ? OperatingSystemFamily.Windows : OperatingSystem.IsMacOS() ? OperatingSystemFamily.MacOS : OperatingSystemFamily.Linux;

    private Gpu[]? Gpus(ParseResult parse)
    {
        var names = parse.GetValue(_gpu) ?? [];
        var capabilities = parse.GetValue(_capability) ?? [];
        if (names is ["none"])
            return [];
        if (names.Length == 0 && capabilities.Length == 0)
            return null;
        if (names.Length > 0 && capabilities.Length > names.Length)
            throw new UsageException($"--compute-capability is given {capabilities.Length} times, but --gpu only {names.Length} times.");
        var gpus = new Gpu[Math.Max(names.Length, capabilities.Length)];
        if (gpus.Length > DriverInfo.MaximumGpus)
            throw new UsageException($"--gpu: more than {DriverInfo.MaximumGpus} GPUs.");
        for (var i = 0; i < gpus.Length; i++)
        {
            ComputeCapability? capability = null;
            if (i < capabilities.Length)
                capability = Capability(capabilities[i]);
            var name = i < names.Length ? names[i] : null;
            if (name is { Length: > Gpu.MaximumNameLength })
                throw new UsageException($"--gpu: a name of {name.Length} characters is longer than {Gpu.MaximumNameLength}.");
            gpus[i] = new Gpu { Name = name, ComputeCapability = capability };
        }

        return gpus;
    }

    // Cards that exist only beside an ARM processor say which it is.
    private CpuArchitecture? OfArmCard(ParseResult parse) => (parse.GetValue(_gpu) ?? []).Any(name => MachineReader.ArmGpu(name) is not null) ? CpuArchitecture.Arm64 : null;

    private static ComputeCapability? Capability(string text)
    {
        try
        {
            return FieldSpelling.ComputeCapability.Parse<ComputeCapability>(text, ReadingNotes.Current);
        }
        catch (VersionFormatException e)
        {
            throw new UsageException($"--compute-capability: {e.Message}");
        }
    }
}
