using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using CudaCompat.Cli.Input;
using CudaCompat.Cli.Output;
using CudaCompat.Documents;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat check</c>: machine and stack in, verdict out.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Whether a combination works on a machine, and what would make it work.");
        var machine = new MachineOptions();
        var stack = new StackOptions();
        var output = new OutputOptions();
        var batch = new Option<bool>("--batch") { Description = "One JSON object per line on standard input, one result per line out." };
        machine.AddTo(command);
        stack.AddTo(command);
        command.Options.Add(batch);
        output.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var matrix = output.Matrix(parse);
            if (parse.GetValue(batch))
                return BatchRunner.Check(matrix, Console.OpenStandardInput(), Console.OpenStandardOutput());
            var named = stack.Read(parse);
            if (await MachineSource.ReadAsync(machine, parse, cancel, readsInput: !stack.ReadsInput(parse), needsText: StackOptions.SaysNothing(named) && !machine.GivesText(parse)).ConfigureAwait(false) is not { } found)
                return ExitCode.Failed;
            var asked = GivenValues.Settle(matrix, StackOptions.Completed(named, found));
            found = GivenValues.Settle(matrix, found);
            var result = Resolver.Check(found, asked, matrix);
            if (output.Json(parse))
                Console.Out.WriteLine(JsonSerializer.Serialize(result, DocumentJson.Readable.CheckResult));
            else
                CheckText.Write(Console.Out, result, found, output.Color(parse), matrix);
            return result.Verdict switch { CheckVerdict.Compatible => ExitCode.Done, CheckVerdict.Incompatible => ExitCode.Incompatible, _ => ExitCode.Unknown };
        });
        return command;
    }

    /// <summary>The options that describe a stack.</summary>
    internal sealed class StackOptions
    {
        private readonly Option<string?> _stack = new("--stack") { Description = "A stack document (JSON) from a file, or - for standard input.", HelpName = "FILE|-" };
        private readonly Option<string?> _torch = new("--torch") { Description = "torch, such as 2.8.0 or 2.8.0+cu128.", HelpName = "VERSION" };
        private readonly Option<string?> _cuda = new("--cuda") { Description = "CUDA of the torch build: 12.8, cu128, or cpu; without it the build of the default index.", HelpName = "X.Y|TAG" };
        private readonly Option<string?> _torchvision = new("--torchvision") { Description = "torchvision.", HelpName = "VERSION" };
        private readonly Option<string?> _torchaudio = new("--torchaudio") { Description = "torchaudio.", HelpName = "VERSION" };
        private readonly Option<string?> _toolkit = new("--toolkit") { Description = "CUDA toolkit: what nvcc gives.", HelpName = "VERSION" };
        private readonly Option<string?> _cudnn = new("--cudnn") { Description = "cuDNN: the copy that the loader finds.", HelpName = "VERSION" };
        private readonly Option<string?> _packaging = new("--packaging") { Description = "pip, conda or conda-forge.", HelpName = "NAME" };
        private readonly Option<bool> _compiles = new("--compiles") { Description = "Extensions are to be compiled." };

        public void AddTo(Command command)
        {
            _torch.CompletionSources.Add(_ => KnownValues.Torches().Select(value => new CompletionItem(value)));
            _cuda.CompletionSources.Add(_ => KnownValues.Tags().Select(value => new CompletionItem(value)));
            _toolkit.CompletionSources.Add(_ => KnownValues.Toolkits().Select(value => new CompletionItem(value)));
            _packaging.CompletionSources.Add([.. PackagingNames.Instance.Names]);
            foreach (var option in (Option[])[_stack, _torch, _cuda, _torchvision, _torchaudio, _toolkit, _cudnn, _packaging, _compiles])
                command.Options.Add(option);
        }

        public StackDocument Read(ParseResult parse)
        {
            var stack = parse.GetValue(_stack) is { } file ? DocumentReader.Stack(TextInput.Read("--stack", file)) : new StackDocument();
            using var notes = ReadingNotes.Begin();
            stack = stack with
            {
                Torch = parse.Read<PackageVersion>(_torch, text => SpelledTorch.Of(text, notes)) ?? (parse.GetValue(_torch) is null ? stack.Torch : null),
                CudaTag = parse.Version<CudaTag>(_cuda, FieldSpelling.CudaTag) ?? stack.CudaTag,
                Torchvision = parse.Version<PackageVersion>(_torchvision, FieldSpelling.Torchvision) ?? stack.Torchvision,
                Torchaudio = parse.Version<PackageVersion>(_torchaudio, FieldSpelling.Torchaudio) ?? stack.Torchaudio,
                Toolkit = parse.Read<CudaVersion>(_toolkit, text => FieldSpelling.Toolkit.Read(text, notes) is { } value ? SpelledToolkit.Of(value) : null) ?? stack.Toolkit,
                Cudnn = parse.Version<DottedVersion>(_cudnn, FieldSpelling.Cudnn) ?? stack.Cudnn,
                Packaging = parse.Named(_packaging, FieldSpelling.Packaging, PackagingNames.Instance) ?? stack.Packaging,
                Compiles = parse.GetValue(_compiles) || stack.Compiles,
            };
            stack = stack with { TorchRange = notes.TorchRange ?? stack.TorchRange, Readings = [.. stack.Readings, .. notes.Notes] };
            return stack;
        }

        /// <summary>True where the stack itself comes from standard input.</summary>
        public bool ReadsInput(ParseResult parse) => parse.GetValue(_stack) == "-";

        /// <summary>True where no component is named.</summary>
        public static bool SaysNothing(StackDocument stack) => stack is { Torch: null, TorchRange: null, Torchvision: null, Torchaudio: null, Toolkit: null, Cudnn: null, CudaTag: null };

        /// <summary>The stack with what no option names taken from what the text or document says is installed there.</summary>
        /// <exception cref="UsageException">There is nothing to check.</exception>
        public static StackDocument Completed(StackDocument named, DriverInfo machine)
        {
            var installed = machine.Installed ?? new InstalledComponents();
            var namesTorch = named.Torch is not null || named.TorchRange is not null || named.CudaTag is not null;
            var stack = named with
            {
                Torch = namesTorch ? named.Torch : installed.Torch,
                CudaTag = namesTorch ? named.CudaTag : installed.Torch?.Label is null ? installed.CudaTag : null,
                Torchvision = named.Torchvision ?? (namesTorch ? null : installed.Torchvision),
                Torchaudio = named.Torchaudio ?? (namesTorch ? null : installed.Torchaudio),
                Toolkit = named.Toolkit ?? installed.Nvcc ?? (installed.Toolkits is { Count: > 0 } toolkits ? toolkits[0] : null),
                Cudnn = named.Cudnn ?? (installed.Cudnn is { Count: > 0 } cudnn ? cudnn[0] : null),
                IsListing = !namesTorch && machine.Installed?.Torch is not null,
                Packaging = named.Packaging ?? (namesTorch ? null : PackagingNames.Instance.TryParse(installed.Packaging, out var packaging) ? packaging : null),
            };
            return SaysNothing(stack)
                ? throw new UsageException("there is nothing to check: give --stack, --torch, --toolkit or --cudnn, or paste pip list, conda list or collect_env. What is installed here: cudacompat doctor.")
                : stack;
        }
    }
}
