using System.CommandLine;
using CudaCompat.Cli.Commands;
using CudaCompat.Documents;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Planning.Formats;
using CudaCompat.Resolution;

namespace CudaCompat.Cli;

/// <summary>The command line as a whole: what is typed, and what every error becomes.</summary>
internal static class Cli
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = Root();
        var parse = root.Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0)
        {
            foreach (var error in parse.Errors)
                await Console.Error.WriteLineAsync($"cudacompat: {error.Message}").ConfigureAwait(false);
            await Console.Error.WriteLineAsync("Try: cudacompat --help").ConfigureAwait(false);
            return ExitCode.BadInput;
        }

        try
        {
            return await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is UsageException or BadRequestException or BadInputException or UnknownMirrorException or PlanFormatException or DataFormatException)
        {
            await Console.Error.WriteLineAsync("cudacompat: " + Describe(e)).ConfigureAwait(false);
            return ExitCode.BadInput;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("cudacompat: cancelled.").ConfigureAwait(false);
            return ExitCode.Failed;
        }
        catch (IOException e)
        {
            await Console.Error.WriteLineAsync("cudacompat: " + e.Message).ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    internal static RootCommand Root()
    {
        var root = new RootCommand("Which CUDA toolkit, cuDNN, PyTorch, torchvision and torchaudio run together on this machine, and why; then installs and proves them.");
        root.Subcommands.Add(PlanCommand.Create());
        root.Subcommands.Add(CheckCommand.Create());
        root.Subcommands.Add(DetectCommand.Create());
        root.Subcommands.Add(DoctorCommand.Create());
        root.Subcommands.Add(DataCommand.Create());
        return root;
    }

    private static string Describe(Exception e) => e switch
    {
        BadRequestException request => $"{request.Field}: {request.Message}",
        BadInputException input => $"{input.Path}: {input.Message}",
        _ => e.Message,
    };
}
