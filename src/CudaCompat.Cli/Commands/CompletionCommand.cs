using System.CommandLine;
using CudaCompat.Cli.Input;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat completion</c>: scripts for the shells, and the hidden <c>suggest</c> that they ask.</summary>
internal static class CompletionCommand
{
    private static readonly (string Shell, string Resource)[] Scripts = [("bash", "completion.bash"), ("zsh", "completion.zsh"), ("powershell", "completion.ps1")];

    public static Command Create()
    {
        var command = new Command("completion", "The completion script of a shell: bash, zsh or powershell.");
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or powershell." };
        shell.CompletionSources.Add([.. Scripts.Select(s => s.Shell)]);
        command.Arguments.Add(shell);
        command.SetAction(parse =>
        {
            var asked = parse.GetValue(shell)!;
            var resource = Scripts.FirstOrDefault(s => s.Shell == asked).Resource
                ?? throw new UsageException($"SHELL: '{TextInput.Short(asked)}' is not one of {string.Join(", ", Scripts.Select(s => s.Shell))}.");
            using var stream = typeof(CompletionCommand).Assembly.GetManifestResourceStream(resource)!;
            using var reader = new StreamReader(stream);
            Console.Out.Write(reader.ReadToEnd());
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>What may stand in place of the last of the words given, one a line.</summary>
    public static Command CreateSuggest()
    {
        var command = new Command("suggest", "What may stand in place of the last word.") { Hidden = true };
        var next = new Option<bool>("--next") { Description = "The last word is complete; what may follow it?" };
        var words = new Argument<string[]>("WORDS") { Arity = ArgumentArity.ZeroOrMore };
        command.Options.Add(next);
        command.Arguments.Add(words);
        command.SetAction(parse =>
        {
            var typed = parse.GetValue(words) ?? [];
            foreach (var suggestion in Suggest(parse.GetValue(next) ? [.. typed, ""] : typed))
                Console.Out.WriteLine(suggestion);
            return ExitCode.Done;
        });
        return command;
    }

    internal static IReadOnlyList<string> Suggest(IReadOnlyList<string> words)
    {
        var last = words.Count == 0 ? "" : words[^1];
        string[] before = [.. words.Take(words.Count - 1)];
        var parse = Cli.Parse(before);
        // After an option that still wants its value, only values make sense.
        var waiting = before is [.., var name] ? parse.CommandResult.Command.Options.FirstOrDefault(o => o.Name == name && o.Arity.MinimumNumberOfValues > 0) : null;
        var completions = waiting is not null
            ? waiting.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty)
            : parse.CommandResult.Command.GetCompletions(parse.GetCompletionContext());
        if (waiting is not null && last.LastIndexOf(',') is var comma and >= 0)
        {
            // A list: the words before the last comma stay, and none is offered twice.
            var taken = last[..comma].Split(',');
            return [.. completions.Select(c => c.InsertText ?? c.Label).Where(c => !taken.Contains(c) && c.StartsWith(last[(comma + 1)..], StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).Select(c => last[..(comma + 1)] + c)];
        }

        var fitting = completions.Select(c => c.InsertText ?? c.Label)
            .Where(c => c.StartsWith(last, waiting is null ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase) && !c.StartsWith('/') && c is not ("-?" or "-h"))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToArray();
        // Commands and values come before options, which a hyphen asks for.
        return last.Length == 0 && fitting.Any(c => !c.StartsWith('-')) ? [.. fitting.Where(c => !c.StartsWith('-'))] : fitting;
    }
}
