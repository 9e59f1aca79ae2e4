using System.CommandLine;

namespace CudaCompat.Cli.Help;

/// <summary>What is wrong with a command line, each with the word that was probably meant.</summary>
internal static class UsageErrors
{
    public static IEnumerable<string> Of(ParseResult parse)
    {
        var unknown = parse.UnmatchedTokens;
        if (unknown.Count == 0)
        {
            foreach (var error in parse.Errors)
                yield return error.Message;
            yield break;
        }

        // What follows an unknown word is mostly unknown for that reason only.
        var isOption = unknown[0].StartsWith('-');
        var word = isOption ? unknown[0].Split('=')[0] : unknown[0];
        var command = parse.CommandResult.Command;
        var known = isOption
            ? Lineage(command).SelectMany((c, depth) => c.Options.Where(o => !o.Hidden && (depth == 0 || o.Recursive))).SelectMany(o => o.Aliases.Prepend(o.Name))
            : command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
        var what = isOption ? "unknown option" : command.Subcommands.Count > 0 ? "unknown command" : "unexpected argument";
        var near = Spelling.Nearest(word, known);
        yield return $"{what} '{Input.TextInput.Short(word)}'.{(near.Count == 0 ? "" : $" Did you mean {string.Join(" or ", near)}?")}";
    }

    private static IEnumerable<Command> Lineage(Command command)
    {
        for (var at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
            yield return at;
    }
}
