using System.Text;
using CudaCompat.Planning.Steps;
using static CudaCompat.Planning.Formats.BashFormat;

namespace CudaCompat.Planning.Formats;

/// <summary>The single steps of the bash script.</summary>
internal static class BashSteps
{
    public static void Write(StringBuilder text, InstallPlan plan, InstallStep step, IReadOnlyList<LockedPackage>? packages)
    {
        Line(text, "say " + BashQuote.Word(PlanText.OneLine(step.Description ?? step.Component)));
        switch (step)
        {
            case DownloadStep { Url: { } url } download:
                Line(text, $"fetch {BashQuote.Word(download.FileName!)} {download.Checksum?.Kind ?? "-"} {download.Checksum?.Value ?? "-"} {Number(download.Size)} {BashQuote.Command([url, .. download.Mirrors])}");
                break;
            case ToolkitStep toolkit:
                Toolkit(text, toolkit);
                break;
            case CudnnStep cudnn:
                Cudnn(text, cudnn);
                break;
            case PythonStep { Environment: { } folder, Command: { } command }:
                // conda environments have no pyvenv.cfg; their interpreter lies in the same place.
                Line(text, $"[ -x {Folder(folder)}/bin/python ] || {Command(plan, command)}");
                break;
            case TorchStep { Command: { } command } torch:
                Torch(text, plan, torch, command, packages);
                break;
            case EnvironmentStep environment:
                Environment(text, plan, environment);
                break;
            default:
                Missing(text, step);
                break;
        }
    }

    /// <summary>True for a step that says what is wanted, but for which no source says where it is.</summary>
    public static bool IsMissing(InstallStep step) => step is DownloadStep { Url: null } or ToolkitStep { Method: not "redist", Command: null } or CudnnStep { FileName: null, Command: null };

    private static void Missing(StringBuilder text, InstallStep step) => Line(text, $"missing {BashQuote.Word($"{step.Component} {step.Version}")}");

    // By hash: all of it where a lock knows all, else what the data knows, and then the rest, whose hashes no source has listed.
    private static void Torch(StringBuilder text, InstallPlan plan, TorchStep step, IReadOnlyList<string> command, IReadOnlyList<LockedPackage>? packages)
    {
        var install = command.ToList().IndexOf("install") + 1;
        var hashed = packages?.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => p.Requirement) ?? HashedRequirements.Of(step);
        if (hashed is not null && step.Method is "pip" or "uv" && install > 0)
        {
            string[] program = [.. command.Take(install), .. command.Skip(install).Take(command[install] == "--python" ? 2 : 0)];
            string[] bounds = ["--no-deps", "--require-hashes", "--only-binary", ":all:", .. TorchStepBuilder.PipOptions(step), "--requirement", "/dev/stdin"];
            Line(text, $"{Command(plan, [.. program, .. bounds])} <<'REQUIREMENTS'");
            foreach (var line in hashed)
                Line(text, line);
            Line(text, "REQUIREMENTS");
            if (packages is not null)
                return;
        }

        Line(text, Command(plan, command));
    }

    private static void Toolkit(StringBuilder text, ToolkitStep step)
    {
        if (step is { Method: "redist", Prefix: { } prefix })
        {
            Line(text, $"mkdir -p -- {Folder(prefix)}/lib");
            // Build tools look for lib64; the archives bring lib.
            Line(text, $"[ -e {Folder(prefix)}/lib64 ] || ln -s lib {Folder(prefix)}/lib64");
            Line(text, $"for archive in {BashQuote.Command(step.Archives)}; do");
            Line(text, $"  tar --extract --file \"$cache/$archive\" --directory {Folder(prefix)} --strip-components 1 --no-same-owner --keep-directory-symlink");
            Line(text, "done");
        }
        else if (step is { Method: "runfile", FileName: { } file, Command: { } command })
        {
            // The installer fails on a log of another user.
            Line(text, "[ ! -e /tmp/cuda-installer.log ] || [ -w /tmp/cuda-installer.log ] || die '/tmp/cuda-installer.log belongs to another user; remove it first'");
            Line(text, string.Join(' ', command.Select(w => w == file ? $"\"$cache\"/{BashQuote.Word(file)}" : Argument(w, step.Prefix))));
            if (step.Prefix is { } folder)
                Line(text, $"[ -x {Folder(folder)}/bin/nvcc ] || die 'the installer ended well, but nvcc is not there'");
        }
        else if (step is { Pip: { } place, Command: { } install, Prefix: { } inside })
        {
            Packages(text, place, install, inside);
        }
        else if (step.Command is { } packages)
        {
            Line(text, (step.RequiresAdmin ? "as_root " : "") + Words(packages, null));
        }
        else
        {
            Missing(text, step);
        }
    }

    private static void Packages(StringBuilder text, PipPlace place, IReadOnlyList<string> command, string prefix)
    {
        Line(text, Words(command, place.Environment));
        foreach (var line in PipPartText.Bash(place, Folder(prefix)))
            Line(text, line);
    }

    private static void Cudnn(StringBuilder text, CudnnStep step)
    {
        if (step is { Pip: { } place, Command: { } install, Prefix: { } inside })
        {
            Packages(text, place, install, inside);
            return;
        }

        if (step is { FileName: { } file, Prefix: { } prefix })
        {
            var root = step.RequiresAdmin ? "as_root " : "";
            Line(text, $"{root}mkdir -p -- {Folder(prefix)}");
            // An installed toolkit has lib64 alone, the archive may bring lib: both are to be one folder.
            Line(text, $"if [ -d {Folder(prefix)}/lib64 ] && [ ! -e {Folder(prefix)}/lib ]; then {root}ln -s lib64 {Folder(prefix)}/lib; fi");
            Line(text, $"{root}tar --extract --file \"$cache\"/{BashQuote.Word(file)} --directory {Folder(prefix)} --strip-components 1 --no-same-owner --keep-directory-symlink");
        }
        else if (step.Command is { } packages)
        {
            Line(text, (step.RequiresAdmin ? "as_root " : "") + Words(packages, null));
        }
        else
        {
            Missing(text, step);
        }
    }

    private static void Environment(StringBuilder text, InstallPlan plan, EnvironmentStep step)
    {
        string?[] prefixes = [PlanText.Step<ToolkitStep>(plan)?.Prefix, PlanText.Step<CudnnStep>(plan)?.Prefix];
        Line(text, "env_file=\"$root/cudacompat-env.sh\"");
        Line(text, "{");
        Line(text, "  printf '# source this file to use what the plan installed\\n'");
        foreach (var (name, value) in step.Set)
            Line(text, $"  printf 'export {name}=%q\\n' {(prefixes.Contains(value) ? Folder(value) : BashQuote.Word(value))}");
        foreach (var (name, folders) in step.Prepend)
        {
            // The old value stays behind ours; the backslash keeps the reader's shell, not this one, to expand it.
            Line(text, $"  printf \"export {name}=%q\\\"\\${{{name}:+:\\${name}}}\\\"\\\\n\" {string.Join(":", folders.Select(Folder))}");
        }

        Line(text, "} >\"$env_file\"");
        Line(text, "# shellcheck disable=SC1090");
        Line(text, ". \"$env_file\"");
        Line(text, "printf 'to use it later: . %q\\n' \"$env_file\"");
    }

    public static void Verify(StringBuilder text, InstallPlan plan, VerifyStep verify)
    {
        Line(text, "say 'Proves what was installed.'");
        var toolkit = PlanText.Step<ToolkitStep>(plan);
        var cudnn = PlanText.Step<CudnnStep>(plan);
        if (toolkit is { Prefix: { } prefix } && plan.Stack.Toolkit is { } version)
        {
            Guarded(text, toolkit.Optional, $"{Folder(prefix)}/bin/nvcc --version | grep -F {BashQuote.Word("release " + version.MajorMinor)} >/dev/null || die {BashQuote.Word($"nvcc is not CUDA {version.MajorMinor}")}");
        }

        if (cudnn is { Prefix: { } home })
        {
            foreach (var (name, value) in PlanText.CudnnDefines(cudnn.Version))
                Guarded(text, cudnn.Optional, $"cat {Folder(home)}/include/cudnn*.h | grep -E '^#define {name}[[:space:]]+{value}$' >/dev/null || die {BashQuote.Word($"cuDNN is not {cudnn.Version}")}");
        }

        if (!verify.Checks.Contains("torch") || PlanText.Step<PythonStep>(plan) is not { Environment: { } folder })
            return;
        Line(text, $"{Folder(folder)}/bin/python - <<'PROGRAM'");
        foreach (var line in PlanText.VerifyProgram(plan, verify))
            Line(text, line);
        Line(text, "PROGRAM");
    }

    private static void Guarded(StringBuilder text, bool optional, string line) =>
        Line(text, optional ? $"[ \"${{SKIP_OPTIONAL:-0}}\" = 1 ] || {{ {line}; }}" : line);

    private static string Command(InstallPlan plan, IReadOnlyList<string> command) => Words(command, PlanText.Step<PythonStep>(plan)?.Environment);

    private static string Words(IEnumerable<string> words, string? folder) => string.Join(' ', words.Select(w => Argument(w, folder)));

    /// <summary>A word of a command; where it is, or ends in, the plan's relative folder, that folder lies under $root.</summary>
    private static string Argument(string word, string? folder)
    {
        if (folder is null || folder.StartsWith('/'))
            return BashQuote.Word(word);
        if (word == folder || word.StartsWith(folder + "/", StringComparison.Ordinal))
            return Folder(word);
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && word[(equals + 1)..] == folder ? word[..(equals + 1)] + Folder(folder) : BashQuote.Word(word);
    }
}
