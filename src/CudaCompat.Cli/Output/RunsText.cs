using System.Globalization;
using System.Text.Json;
using CudaCompat.Execution;
using CudaCompat.Execution.Journals;
using CudaCompat.Planning;

namespace CudaCompat.Cli.Output;

/// <summary>What the journals of this user say: every run, or how far one came. Changes nothing.</summary>
internal static class RunsText
{
    public static int List(TextWriter writer, bool json)
    {
        var folder = ExecutionOptions.JournalsFolder;
        var runs = Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Select(Run).OrderBy(r => r.Since).ToArray() : [];
        if (json)
        {
            Write(writer, [.. runs]);
            return ExitCode.Done;
        }

        if (runs.Length == 0)
            writer.WriteLine($"No run is known in {folder}.");
        foreach (var run in runs)
        {
            writer.WriteLine($"{run.Since?.LocalDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "?",-16}  {run.State,-12}  {run.What}");
            writer.WriteLine($"                  {run.Folder}");
        }

        return ExitCode.Done;
    }

    public static int Status(TextWriter writer, string folder, bool json)
    {
        if (!Directory.Exists(folder))
            throw new JournalException($"there is no journal in {folder}.");
        var run = Run(folder);
        if (json)
        {
            Write(writer, [run]);
            return run.State == "damaged" ? ExitCode.Failed : ExitCode.Done;
        }

        writer.WriteLine($"{run.What}: {run.State}");
        if (Plan(folder) is { } plan && Journal.Peek(folder) is { } state)
        {
            for (var i = 0; i < plan.Steps.Count; i++)
            {
                var word = state.PhaseOf(i) switch { StepPhase.Done => "done", StepPhase.Skipped => "was done", StepPhase.Begun => "interrupted", _ => "not reached" };
                writer.WriteLine($"  {word,-12} {Execution.Steps.StepRunners.KindOf(plan.Steps[i])} {plan.Steps[i].Component} {plan.Steps[i].Version}");
            }
        }

        writer.WriteLine($"  journal: {folder}");
        return run.State == "damaged" ? ExitCode.Failed : ExitCode.Done;
    }

    private static (string Folder, DateTimeOffset? Since, string State, string What) Run(string folder)
    {
        var state = Journal.Peek(folder);
        if (state is { HasSteps: true } && !Journal.IsPlanOf(folder, state))
            state = null;
        var plan = Plan(folder);
        var what = plan?.Stack is { } stack
            ? string.Join(", ", new[] { ("torch", stack.Torch?.ToString()), ("toolkit", stack.Toolkit?.ToString()), ("cuDNN", stack.Cudnn?.ToString()) }.Where(p => p.Item2 is not null).Select(p => $"{p.Item1} {p.Item2}").DefaultIfEmpty("a plan"))
            : "a plan that cannot be read";
        var word = state switch
        {
            null => "damaged",
            { Run: null } => "not begun",
            { IsRolledBack: true } => "undone",
            { IsRollbackBegun: true } => "half undone",
            { Finished: true } => "done",
            _ => "interrupted",
        };
        return (folder, state?.Run is null ? null : state.Since, word, what);
    }

    private static InstallPlan? Plan(string folder)
    {
        try
        {
            return Journal.HasPlan(folder) ? InstallPlanDocument.Read(Journal.ReadPlan(folder)) : null;
        }
        catch (Exception e) when (e is PlanDocumentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Write(TextWriter writer, IReadOnlyList<(string Folder, DateTimeOffset? Since, string State, string What)> runs)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var run in runs)
            {
                json.WriteStartObject();
                json.WriteString("journal", run.Folder);
                json.WriteString("state", run.State);
                json.WriteString("what", run.What);
                if (run.Since is { } since)
                    json.WriteString("since", since);
                else
                    json.WriteNull("since");
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        writer.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }
}
