using CudaCompat.Detection.Host;
using CudaCompat.Detection.Text;

namespace CudaCompat.Detection.Probes;

/// <summary>Runs nvidia-smi of the system's folders: the CSV query first, then -q -x where that is not understood, then the table, which alone names CUDA.</summary>
internal sealed class NvidiaSmiProbe(DetectionHost host, ProbeRunner runner) : IProbe
{
    private static readonly string[] Query = ["--query-gpu=index,name,uuid,pci.bus_id,pci.device_id,driver_version,memory.total,compute_cap", "--format=csv"];

    public string Name => "nvidia-smi";

    public int Steps => 3;

    public async Task<IReadOnlyList<Findings>> RunAsync(CancellationToken cancellation)
    {
        if (host.Programs.FindInSystem("nvidia-smi") is not { } program)
            return [];
        NvidiaSmiResult? facts = null;
        foreach (var arguments in (string[][])[Query, ["-q", "-x"], []])
        {
            if (facts?.Gpus is not null && facts.Driver is not null && (facts.MaxCuda is not null || arguments.Length > 0))
                continue;
            var output = await runner.RunAsync(program, arguments, cancellation).ConfigureAwait(false);
            if (output.TimedOut)
                return [Of(program, facts) with { Failure = Hung(program) }];
            if (output.Flooded)
                return [Of(program, facts) with { Failure = Silent(program, output) }];

            var parsed = NvidiaSmiText.Parse(output.Output + "\n" + output.Error);
            if (parsed.HasFacts)
                facts = facts?.Or(parsed) ?? parsed;
            else if (parsed.Failure is { } failure && failure.Kind != DetectionFailure.Unrecognised)
                return [Of(program, facts) with { Failure = failure with { Details = WithExitCode(failure, output) } }];
            else if (arguments.Length == 0 && facts is null)
                return [Of(program, facts) with { Failure = Silent(program, output) }];
        }

        return [Of(program, facts)];
    }

    private static Findings Of(string program, NvidiaSmiResult? facts) => new(program)
    {
        IsDriver = facts?.Gpus is { Count: > 0 },
        Driver = facts?.Driver,
        MaxCuda = facts?.MaxCuda,
        Gpus = facts?.Gpus,
    };

    private static Dictionary<string, string> WithExitCode(DetectionFailure failure, ProgramOutput output)
    {
        var details = new Dictionary<string, string>(failure.Details);
        if (output.ExitCode is { } code)
            details["exitCode"] = code.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return details;
    }

    private static DetectionFailure Hung(string program) => new(
        DetectionFailure.TimedOut,
        $"{program} gave no answer in time and was stopped; a GPU or the driver hangs, or the first call initialises many GPUs.",
        "Run nvidia-smi by hand; look for NVRM and Xid lines in dmesg. Where the first call is slow, switch persistence mode on (nvidia-smi -pm 1).");

    private static DetectionFailure Silent(string program, ProgramOutput output) => new(
        DetectionFailure.Unrecognised,
        $"{program} ended with code {output.ExitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} and printed nothing that could be read (or far too much).",
        "Run it by hand and paste what it prints with --nvidia-smi.");
}
