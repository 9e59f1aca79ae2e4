using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>The host compilers of the machine; any one that nvcc accepts will do, as nvcc can be told which to use.</summary>
internal static class HostCompilerRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Toolkit is not { } toolkit)
            return;
        var machine = question.Machine;
        var severity = candidate.IsAboutToolkit(question) ? Severity.Error : Severity.Warning;
        List<Cause>? refused = null;
        foreach (var (name, has) in machine.HostCompilers)
        {
            var row = machine.Matrix.HostCompiler(toolkit, machine.BuildOs, name);
            if (row is null)
            {
                if (question.Compiles)
                    found.Add(new CompilerNotListed { Subject = $"{name} {has}", Severity = Severity.Info, Compiler = name, Toolkit = toolkit });
                return;
            }

            if (Accepts(row, has))
                return;
            (refused ??= []).Add(new HostCompilerUnsupported { Subject = $"{name} {has}", Severity = severity, Compiler = name, Version = has, Toolkit = toolkit, Row = row, Sources = row.Sources });
        }

        found.AddAll(refused ?? []);
    }

    /// <summary>True where no host compiler is known, or a source says that nvcc of the toolkit takes one of those that are there: what nobody knows is no advice.</summary>
    public static bool MayServe(MachineFacts machine, CudaVersion toolkit)
    {
        var any = false;
        foreach (var (name, has) in machine.HostCompilers)
        {
            any = true;
            if (machine.Matrix.HostCompiler(toolkit, machine.BuildOs, name) is { } row && Accepts(row, has))
                return true;
        }

        return !any;
    }

    /// <summary>Whether a row takes a compiler: "12" as the newest takes every 12.y.</summary>
    public static bool Accepts(HostCompilerRow row, DottedVersion version) =>
        (row.Min is not { } min || version >= min || min.StartsWith(version))
        && (row.Below is not { } below || version < below)
        && (row.Max is not { } max || version <= max || version.StartsWith(max));
}

internal sealed record HostCompilerUnsupported : Cause
{
    public override string Rule => "host-compiler-unsupported";

    public required string Compiler { get; init; }

    public required DottedVersion Version { get; init; }

    public required CudaVersion Toolkit { get; init; }

    public required HostCompilerRow Row { get; init; }

    public override string English() => $"nvcc of CUDA toolkit {Toolkit} does not accept {Compiler} {Version}: it takes {Accepted}.";

    private string Accepted => (Row.Min, Row.Max, Row.Below) switch
    {
        ({ } min, { } max, _) => $"{Row.Compiler} {min} to {max}",
        ({ } min, _, { } below) => $"{Row.Compiler} {min} and newer, below {below}",
        ({ } min, _, _) => $"{Row.Compiler} {min} and newer",
        (_, { } max, _) => $"{Row.Compiler} up to {max}",
        _ => $"{Row.Compiler} below {Row.Below}",
    };
}

/// <summary>No source says what nvcc of a toolkit takes of a compiler.</summary>
internal sealed record CompilerNotListed : Cause
{
    public override string Rule => "compiler-unknown";

    public required string Compiler { get; init; }

    public required CudaVersion Toolkit { get; init; }

    public override string English() => $"No source says which {Compiler} nvcc of CUDA toolkit {Toolkit} accepts, so that was not checked.";
}
