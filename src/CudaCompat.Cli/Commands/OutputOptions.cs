using System.CommandLine;
using CudaCompat.Execution.Updates;
using CudaCompat.Matrix;

namespace CudaCompat.Cli.Commands;

/// <summary>The options that every command has.</summary>
internal sealed class OutputOptions
{
    private readonly Option<bool> _json = new("--json") { Description = "Print the document of the contract as JSON." };
    private readonly Option<bool> _noColor = new("--no-color") { Description = "No colour; NO_COLOR and a redirected output do the same." };
    private readonly Option<string?> _data = new("--data") { Description = "A data folder in place of the data that the tool carries.", HelpName = "DIR" };

    public void AddTo(Command command)
    {
        command.Options.Add(_json);
        command.Options.Add(_noColor);
        command.Options.Add(_data);
    }

    public bool Json(ParseResult parse) => parse.GetValue(_json);

    public bool Color(ParseResult parse) =>
        !parse.GetValue(_noColor) && !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>The data to answer from: the folder given, else the newest of what the program carries and what <c>data update</c> took.</summary>
    public CompatibilityMatrix Matrix(ParseResult parse)
    {
        if (parse.GetValue(_data) is { } folder)
            return CompatibilityMatrix.Load(folder);
        if (DataStore.OfUser is not { } store)
            return CompatibilityMatrix.Embedded;
        var matrix = store.Newest(out var passedOver);
        if (passedOver is not null)
            Console.Error.WriteLine("cudacompat: " + passedOver);
        return matrix;
    }
}
