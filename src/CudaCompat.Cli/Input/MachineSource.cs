using System.CommandLine;
using CudaCompat.Detection;
using CudaCompat.Machines;

namespace CudaCompat.Cli.Input;

/// <summary>The machine that a command is about: the one described by options, else this one.</summary>
internal static class MachineSource
{
    /// <summary>The machine: that of the options, else that of a text on a redirected standard input, else this one; null where the text given, or this machine's driver, is a failure, which has then been told.</summary>
    public static async Task<DriverInfo?> ReadAsync(MachineOptions options, ParseResult parse, CancellationToken cancel, bool readsInput = true, bool needsText = false)
    {
        var (machine, failure) = options.Read(parse);
        if ((machine is null || needsText) && failure is null && readsInput && await PipedText.ReadAsync(cancel).ConfigureAwait(false) is { } piped)
            (machine, failure) = options.OfText(parse, piped);
        if (failure is not null)
        {
            await Console.Error.WriteLineAsync($"cudacompat: {failure.Message}\n  next: {failure.Next}").ConfigureAwait(false);
            return null;
        }

        if (machine is not null)
            return machine;
        var report = await DriverDetector.DetectAsync(cancellationToken: cancel).ConfigureAwait(false);
        foreach (var problem in report.Failures)
            await Console.Error.WriteLineAsync($"cudacompat: {problem.Message}\n  next: {problem.Next}").ConfigureAwait(false);
        return options.Override(parse, report.Machine);
    }
}
