using System.Text.Json;
using CudaCompat.Detection.Host;
using CudaCompat.Detection.Probes;
using CudaCompat.Machines;

namespace CudaCompat.Detection;

/// <summary>
/// Finds out what this machine is. Looks only: nothing is written, no rights are asked for, no file of the network is read. Programs are started from trusted folders alone,
/// all probes run side by side, and each has a time limit.
/// </summary>
public static class DriverDetector
{
    /// <summary>Detects this machine.</summary>
    /// <param name="options">How to look; null for the defaults.</param>
    /// <param name="cancellationToken">Stops detection.</param>
    /// <exception cref="MachineDocumentException">The environment variable <see cref="DetectionOptions.MachineVariable"/> names a file that is no machine document.</exception>
    public static Task<DetectionReport> DetectAsync(DetectionOptions? options = null, CancellationToken cancellationToken = default) =>
        DetectAsync(DetectionHost.Real(), options ?? new DetectionOptions(), TimeProvider.System, cancellationToken);

    internal static async Task<DetectionReport> DetectAsync(DetectionHost host, DetectionOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        if (options.HonourMachineVariable && host.Variable(DetectionOptions.MachineVariable) is { } file)
            return Given(host, file) with { Duration = clock.GetElapsedTime(start) };

        var runner = new ProbeRunner(host.Files, options.ProbeLimit, clock);

        // In the order of belief: the operating system about itself, the running driver, the kernel, nvidia-smi, lists of devices.
        IProbe[] probes =
        [
            new SystemProbe(host),
            new NvmlProbe(host),
            new KernelProbe(host),
            new NvidiaSmiProbe(host, runner),
            new WindowsDisplayProbe(host),
            new PciProbe(host),
            new ToolkitProbe(host, runner, options.Python),
            new CudnnProbe(host),
            new PythonProbe(host, runner, options.Python, options.ImportTorch),
            new CompilerProbe(host, runner),
            new PackageManagerProbe(host),
        ];
        var found = await RunAsync(probes, options.ProbeLimit, clock, cancellationToken).ConfigureAwait(false);
        return Reconciliation.Of(found) with { Processes = runner.Started, Duration = clock.GetElapsedTime(start) };
    }

    /// <summary>All probes side by side; one that does not come back in its time is a failure of its own and holds up nobody.</summary>
    internal static async Task<IReadOnlyList<Findings>> RunAsync(IReadOnlyList<IProbe> probes, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var running = probes.Select(p => GuardAsync(p, limit * p.Steps + TimeSpan.FromMilliseconds(500), clock, cancellationToken)).ToArray();
        var all = await Task.WhenAll(running).ConfigureAwait(false);
        return all.SelectMany(f => f).ToArray();
    }

    private static async Task<IReadOnlyList<Findings>> GuardAsync(IProbe probe, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await Task.Run(() => probe.RunAsync(stop.Token), stop.Token).WaitAsync(limit, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            return [new Findings(probe.Name)
            {
                Failure = new DetectionFailure(DetectionFailure.TimedOut, $"The probe {probe.Name} gave no answer in time.", "Look at dmesg for NVRM and Xid lines, or give the facts with flags instead."),
            }];
        }
    }

    private static DetectionReport Given(DetectionHost host, string file)
    {
        var source = $"{DetectionOptions.MachineVariable}={file}";
        var text = host.Files.ReadText(file) ?? throw new MachineDocumentException(file, $"{source}: the file cannot be read.");
        try
        {
            var machine = JsonSerializer.Deserialize(text, DetectionJson.Default.DriverInfo) ?? throw new MachineDocumentException(file, $"{source}: null is no machine document.");
            return new DetectionReport
            {
                Machine = machine,
                OverriddenBy = source,
                Facts = [new DetectedFact("machine", machine.Id ?? OperatingSystemNames.Instance.NameOf(machine.OperatingSystem), source)],
            };
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new MachineDocumentException(file, $"{source}: {e.Message}", e);
        }
    }
}
