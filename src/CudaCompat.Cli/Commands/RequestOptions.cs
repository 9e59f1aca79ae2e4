using System.CommandLine;
using System.CommandLine.Completions;
using CudaCompat.Cli.Input;
using CudaCompat.Resolution;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Cli.Commands;

/// <summary>The options that say what is asked of a plan.</summary>
internal sealed class RequestOptions
{
    private readonly Option<string?> _torch = new("--torch") { Description = "torch: exact 2.3.1, prefix 2.3, or range \">=2.4,<2.6\".", HelpName = "SPEC" };
    private readonly Option<string?> _torchvision = new("--torchvision") { Description = "torchvision, as --torch.", HelpName = "SPEC" };
    private readonly Option<string?> _torchaudio = new("--torchaudio") { Description = "torchaudio, as --torch.", HelpName = "SPEC" };
    private readonly Option<string?> _toolkit = new("--toolkit") { Description = "CUDA toolkit, as --torch.", HelpName = "SPEC" };
    private readonly Option<string?> _cudnn = new("--cudnn") { Description = "cuDNN, as --torch.", HelpName = "SPEC" };
    private readonly Option<string?> _cuda = new("--cuda") { Description = "CUDA of the torch build: 11.0, cu110, or cpu.", HelpName = "X.Y|TAG" };
    private readonly Option<string?> _components = new("--components") { Description = "Any of toolkit,cudnn,torch,torchvision,torchaudio (default: all).", HelpName = "LIST" };
    private readonly Option<string?> _packaging = new("--packaging") { Description = "pip (default), uv, conda or conda-forge.", HelpName = "NAME" };
    private readonly Option<string?> _toolkitFrom = new("--toolkit-from") { Description = "installer, redist, apt, dnf or conda.", HelpName = "WAY" };
    private readonly Option<bool> _compiles = new("--compiles") { Description = "Extensions are to be compiled: toolkit and host compiler must fit torch." };
    private readonly Option<string?> _prefix = new("--prefix") { Description = "Folder for toolkit, cuDNN and Python environment.", HelpName = "DIR" };
    private readonly Option<string?> _index = new("--index") { Description = "pytorch (default): every build; default: what the default package index has; or an address.", HelpName = "NAME|URL" };
    private readonly Option<string?> _mirror = new("--mirror") { Description = MirrorInput.Description, HelpName = "NAME|URL" };
    private readonly Option<string?> _policy = new("--policy") { Description = "strict, minor (default) or forward compatibility.", HelpName = "NAME" };
    private readonly Option<string?> _gpus = new("--gpus") { Description = "all (default), or the indexes of the GPUs to serve: 0,2.", HelpName = "LIST" };

    public void AddTo(Command command)
    {
        _torch.CompletionSources.Add(_ => KnownValues.Torches().Select(value => new CompletionItem(value)));
        _cuda.CompletionSources.Add(_ => KnownValues.Tags().Select(value => new CompletionItem(value)));
        _toolkit.CompletionSources.Add(_ => KnownValues.Toolkits().Select(value => new CompletionItem(value)));
        _components.CompletionSources.Add([.. PlanRequest.AllComponents]);
        _packaging.CompletionSources.Add([.. PlanRequest.Packagings]);
        _toolkitFrom.CompletionSources.Add([.. PlanRequest.ToolkitWays]);
        _index.CompletionSources.Add("pytorch", "default");
        _policy.CompletionSources.Add([.. PolicyNames.Instance.Names]);
        foreach (var option in (Option[])[_torch, _torchvision, _torchaudio, _toolkit, _cudnn, _cuda, _components, _packaging, _toolkitFrom, _compiles, _prefix, _index, _mirror, _policy, _gpus])
            command.Options.Add(option);
    }

    /// <exception cref="UsageException">An option is not accepted.</exception>
    public PlanRequest Read(ParseResult parse)
    {
        using var notes = ReadingNotes.Begin();
        var request = new PlanRequest
        {
            Torch = parse.Spec(_torch, FieldSpelling.Torch),
            Torchvision = parse.Spec(_torchvision, FieldSpelling.Torchvision),
            Torchaudio = parse.Spec(_torchaudio, FieldSpelling.Torchaudio),
            Toolkit = parse.Spec(_toolkit, FieldSpelling.Toolkit),
            Cudnn = parse.Spec(_cudnn, FieldSpelling.Cudnn),
            Cuda = parse.Text(_cuda, FieldSpelling.CudaTag),
            Components = Components(parse),
            Packaging = parse.Text(_packaging, FieldSpelling.Installer),
            ToolkitFrom = parse.GetValue(_toolkitFrom),
            Compiles = parse.GetValue(_compiles) ? true : null,
            Prefix = parse.GetValue(_prefix),
            Index = parse.GetValue(_index),
            Mirror = parse.GetValue(_mirror),
            Policy = parse.Named(_policy, PolicyNames.Instance),
            Gpus = parse.GetValue(_gpus),
        };
        return request with { Readings = notes.Notes };
    }

    private string[]? Components(ParseResult parse)
    {
        try
        {
            return parse.GetValue(_components)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(c => FieldSpelling.Component.Read(c, ReadingNotes.Current)).OfType<string>().Distinct().ToArray();
        }
        catch (VersionFormatException e)
        {
            throw new UsageException($"--components: {e.Message}");
        }
    }
}
