using System.CommandLine;
using System.CommandLine.Parsing;

namespace CudaCompat.Cli.Help;

/// <summary>How a person types a command.</summary>
internal static class CommandNames
{
    public const string Tool = "cudacompat";

    /// <summary>The command with those above it: cudacompat data where.</summary>
    public static string Full(CommandResult result) => result.Parent is CommandResult parent ? $"{Full(parent)} {result.Command.Name}" : Tool;

    /// <summary>The command with those above it, without the tool's own name: data where; empty for the tool itself.</summary>
    public static string Path(Command command)
    {
        var above = command.Parents.OfType<Command>().FirstOrDefault();
        return above is null ? "" : $"{Path(above)} {command.Name}".TrimStart();
    }
}
