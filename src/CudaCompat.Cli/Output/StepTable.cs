using CudaCompat.Execution;
using Spectre.Console;

namespace CudaCompat.Cli.Output;

/// <summary>The closing table of a run on a terminal: each step, how it ended, how long it took and what it came to.</summary>
internal static class StepTable
{
    public static void Write(TextWriter terminal, IEnumerable<StepLine> lines)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal) });
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("Step");
        table.AddColumn("Outcome");
        table.AddColumn(new TableColumn("Time").RightAligned());
        table.AddColumn("What");
        foreach (var line in lines)
            table.AddRow(new Text(line.Step), new Text(line.Outcome, StyleOf(line.Kind)), new Text(line.Time), new Text(line.Message));
        console.Write(table);
    }

    private static Style StyleOf(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Failed => new Style(Color.Red),
        StepOutcome.Done or StepOutcome.Undone => new Style(Color.Green),
        StepOutcome.Cancelled => new Style(Color.Yellow),
        _ => Style.Plain,
    };
}

/// <summary>One line of it, in words.</summary>
internal sealed record StepLine(StepOutcome Kind, string Step, string Outcome, string Time, string Message, IReadOnlyList<string> LastLines);
