using CudaCompat.Machines;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Resolution.Rules;

/// <summary>What was assumed of a machine, and what is missing: findings that change no verdict.</summary>
internal static class MachineRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        var machine = question.Machine;
        var document = machine.Document;
        foreach (var assumption in document.Assumptions)
            found.Add(new Assumed("machine-assumption") { Subject = "machine", Severity = Severity.Info, Text = assumption });
        foreach (var note in document.Readings)
        {
            if (!OtherMakerRule.IsTold(question, note))
                found.Add(Assumed.Of(note, note.Weighs ? Severity.Warning : Severity.Info));
        }

        if (document.Architecture is null)
            found.Add(new ArchAssumed { Subject = "arch", Severity = Severity.Info, Arch = machine.Arch });
        if (document.Driver is { } driver && !machine.Tegra)
            Driver(machine.Drivers.Newest, driver, machine, found);
        if (document.MaxCuda is { } max && max.MajorMinor > machine.Drivers.NewestCuda && !machine.Tegra)
            found.Add(new MaxCudaNewerThanData { Subject = $"CUDA {max}", Severity = Severity.Info, MaxCuda = max, Newest = machine.Drivers.NewestCuda });
        if (document.OperatingSystem == OperatingSystemFamily.Wsl && document.Driver is { Parts: >= 3 } linuxNumber)
            found.Add(new WslLinuxDriver { Subject = $"driver {linuxNumber}", Severity = Severity.Warning, Driver = linuxNumber });
        if (machine.BuildOs != OperatingSystemFamily.MacOS)
            Missing(question, candidate, found);
    }

    private static void Driver(DriverVersion newest, DriverVersion driver, MachineFacts machine, Causes found)
    {
        if (driver > newest && !newest.StartsWith(driver))
            found.Add(new DriverNewerThanData { Subject = $"driver {driver}", Severity = Severity.Info, Driver = driver, Newest = newest, Cuda = machine.Drivers.NewestCuda });
        else if (machine.Drivers.HighestOfSeries(driver) is var highest && highest.Parts > driver.Parts)
            found.Add(new DriverGivenShort { Subject = $"driver {driver}", Severity = Severity.Info, Driver = driver, CountsAs = highest });
    }

    private static void Missing(Question question, Candidate candidate, Causes found)
    {
        var machine = question.Machine;
        // A name that says no card has said so already.
        if (machine.Gpus is null && !machine.Document.Readings.Any(r => r.Rule == GivenGpus.Unknown))
            found.Add(FactMissing.Of("gpus"));
        if (question.Compiles && candidate.Toolkit is not null && !machine.HostCompilers.Any())
            found.Add(FactMissing.Of("compiler"));
        if (candidate.Torch is null && candidate.Tag is null && !question.Torch)
            return;
        if (machine.Python is null)
            found.Add(FactMissing.Of("python"));
        if (machine.Document.Glibc is null && machine.BuildOs == OperatingSystemFamily.Linux)
            found.Add(FactMissing.Of("glibc"));
    }
}

/// <summary>Something that was taken for granted, in the words of whoever assumed it.</summary>
internal sealed record Assumed(string Id) : Cause
{
    public override string Rule => Id;

    public required string Text { get; init; }

    public static Assumed Of(ReadingNote note, Severity severity) => new(note.Rule) { Subject = note.Subject, Severity = severity, Text = note.Message, Sources = note.Sources };

    public override string English() => Text;
}

internal sealed record ArchAssumed : Cause
{
    public override string Rule => "machine-assumption";

    public required CpuArchitecture Arch { get; init; }

    public override string English() => $"The processor architecture is not known; {Words.Arch(Arch)} is assumed.";
}

/// <summary>A rule that could not be applied for want of a fact.</summary>
internal sealed record FactMissing : Cause
{
    public override string Rule => Fact switch { "gpus" => "gpu-unknown", _ => Fact + "-unknown" };

    public required string Fact { get; init; }

    public static FactMissing Of(string fact) => new() { Subject = fact, Severity = Severity.Info, Fact = fact };

    public override string English() => Fact switch
    {
        "gpus" => "The GPUs are not known, so rules about them were not applied.",
        "python" => "The Python version is not known, so rules about it were not applied.",
        "glibc" => "The version of glibc is not known, so the platform tag of the packages was not checked.",
        _ => "The host compiler is not known, so whether nvcc accepts it was not checked: give --gcc, --clang or --msvc.",
    };
}

internal sealed record DriverNewerThanData : Cause
{
    public override string Rule => "newer-than-data";

    public required DriverVersion Driver { get; init; }

    public required DriverVersion Newest { get; init; }

    public required CudaVersion Cuda { get; init; }

    public override string English() => $"Driver {Driver} is newer than the data and counts as {Newest}, which runs CUDA {Cuda}; newer drivers run all that older ones ran.";
}

internal sealed record DriverGivenShort : Cause
{
    public override string Rule => "driver-unknown";

    public required DriverVersion Driver { get; init; }

    public required DriverVersion CountsAs { get; init; }

    public override string English() => $"Driver {Driver} is given short and counts as the newest known of its series, {CountsAs}.";
}

internal sealed record MaxCudaNewerThanData : Cause
{
    public override string Rule => "newer-than-data";

    public required CudaVersion MaxCuda { get; init; }

    public required CudaVersion Newest { get; init; }

    public override string English() => $"CUDA {MaxCuda} is newer than the data and counts as {Newest}.";
}

internal sealed record WslLinuxDriver : Cause
{
    public override string Rule => "wsl-linux-driver";

    public required DriverVersion Driver { get; init; }

    public override string English() => $"{Driver} is the number of a Linux driver. In WSL the Windows driver counts, and no Linux driver may be installed there.";
}
