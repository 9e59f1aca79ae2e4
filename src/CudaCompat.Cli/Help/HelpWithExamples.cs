using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CudaCompat.Cli.Help;

/// <summary>The help of a command, followed by lines that a person can type as they are.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> Examples = new(StringComparer.Ordinal)
    {
        [""] =
        [
            "cudacompat",
            "cudacompat plan --driver 550.54.15 --gpu \"RTX 3090\" --python 3.12",
            "nvidia-smi | cudacompat",
        ],
        ["plan"] =
        [
            "cudacompat plan",
            "cudacompat plan --torch \">=2.4,<2.6\" --components torch,torchvision",
            "cudacompat plan --format dockerfile > Dockerfile",
        ],
        ["check"] =
        [
            "cudacompat check --torch 2.8.0 --cuda 12.8",
            "cudacompat check --driver 535.104.05 --gpu \"RTX 5090\" --torch 2.6.0+cu124",
            "cudacompat check --toolkit 12.4 --gcc 13.2 --compiles",
            "python -m torch.utils.collect_env | cudacompat check",
        ],
        ["detect"] =
        [
            "cudacompat detect",
            "cudacompat detect --json > machine.json",
            "cudacompat detect --nvidia-smi pasted.txt",
        ],
        ["apply"] =
        [
            "cudacompat plan --json > plan.json",
            "cudacompat apply plan.json --dry-run",
            "cudacompat apply plan.json --rollback",
            "cudacompat apply",
            "cudacompat apply --with toolkit,cudnn",
            "cudacompat apply --list",
        ],
        ["verify"] =
        [
            "cudacompat verify",
            "cudacompat verify plan.json --checks torch,kernel",
        ],
        ["doctor"] =
        [
            "cudacompat doctor",
            "cudacompat doctor --python-path .venv",
            "cudacompat doctor --python-path .venv --fix",
        ],
        ["explain"] =
        [
            "python train.py 2>&1 | cudacompat explain",
            "cudacompat explain pip.log --python-path .venv",
            "cudacompat explain - --no-machine < error.txt",
        ],
        ["report"] =
        [
            "cudacompat report > issue.md",
            "cudacompat report train.log --python-path .venv",
        ],
        ["list"] =
        [
            "cudacompat list",
            "cudacompat list --torch 2.4",
            "cudacompat list --gpu \"GTX 1060\" --driver 550.54.15 --all --format markdown",
        ],
        ["choose"] =
        [
            "cudacompat choose builds.json",
            "cudacompat choose builds.json --driver 566.36 --gpu \"RTX 4060\" --json",
        ],
        ["inspect"] =
        [
            "cudacompat inspect libggml-cuda.so",
            "cudacompat inspect onnxruntime.nupkg --driver 580.95.05 --gpu \"RTX 5090\"",
            "cudacompat inspect app.zip --candidate | cudacompat choose",
        ],
        ["audit"] =
        [
            "cudacompat audit .venv",
            "cudacompat audit requirements.txt --os windows --format sarif > audit.sarif",
        ],
        ["data"] =
        [
            "cudacompat data",
            "cudacompat data where torch:2.8.0+cu128",
        ],
        ["data where"] =
        [
            "cudacompat data where torch:2.8.0+cu128",
            "cudacompat data where \"gpu:RTX 3090\"",
            "cudacompat data where driver:570.26",
        ],
        ["data check"] = ["cudacompat data check --from /media/stick --offline"],
        ["data update"] = ["cudacompat data update --from /media/stick --offline", "cudacompat data update --from https://data.example.org/cudacompat/ --key our-key.pem"],
        ["fetch"] =
        [
            "cudacompat fetch plan.json --to bundle",
            "cudacompat apply bundle",
        ],
        ["cache"] =
        [
            "cudacompat cache",
            "cudacompat cache clean",
        ],
        ["cache clean"] =
        [
            "cudacompat cache clean",
            "cudacompat cache clean --cache /data/cudacompat",
        ],
        ["completion"] =
        [
            "eval \"$(cudacompat completion bash)\"",
            "eval \"$(cudacompat completion zsh)\"",
            "cudacompat completion powershell | Out-String | Invoke-Expression",
        ],
    };

    private readonly HelpAction _help = new() { MaxWidth = Output.Lines.Width };

    // As the help itself: with it, what is missing on the line is no error.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var exit = _help.Invoke(parseResult);
        if (Examples.TryGetValue(CommandNames.Path(parseResult.CommandResult.Command), out var lines))
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var line in lines)
                output.WriteLine("  " + line);
            output.WriteLine();
        }

        return exit;
    }
}
