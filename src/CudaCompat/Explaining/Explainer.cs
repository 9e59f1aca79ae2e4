using System.Text;
using CudaCompat.Machines;
using CudaCompat.Matrix;

namespace CudaCompat.Explaining;

/// <summary>
/// Says what an error text means on a machine and what to type there. The table is data (data/curated/causes.json); the first cause counts, not the last consequence;
/// what the text leaves open is settled by facts or said to be open.
/// </summary>
public static class Explainer
{
    /// <summary>How much of the start and of the end of a text is looked through for facts.</summary>
    private const int KeptCharacters = 64 * 1024;

    private const int LongestLine = 16 * 1024;

    /// <summary>Explains a text.</summary>
    /// <param name="text">What a program printed, as pasted.</param>
    /// <param name="options">What is known beside it; null for nothing.</param>
    public static Explanation Explain(string text, ExplainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Contains('\n', StringComparison.Ordinal) && text.Length < KeptCharacters && text.Contains("\\n", StringComparison.Ordinal) && !text.Contains(":\\n", StringComparison.Ordinal))
            text = text.Replace("\\r", "", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal); // a string literal, as JSON and Python print it
        using var reader = new StringReader(text);
        return Explain(reader, options);
    }

    /// <summary>Explains a text that is read line by line: a log of any length takes no more memory than its longest line.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="options">What is known beside it; null for nothing.</param>
    public static Explanation Explain(TextReader reader, ExplainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var table = CauseTable.Curated;
        var scanner = new CauseScanner(table);
        var kept = new KeptText(KeptCharacters);
        foreach (var line in Lines(reader))
        {
            scanner.Read(line);
            kept.Add(line);
        }

        var hits = scanner.Hits.ToList();
        if (hits.Count == 0)
            return new Explanation { Causes = [], Next = [], Machine = options?.Machine };
        var matrix = options?.Matrix ?? CompatibilityMatrix.Embedded;
        var facts = TextFacts.Of(kept.ToString());
        var machine = MachineOf(facts, options);
        var isSystemKnown = options is { OperatingSystemIsAssumed: false, Machine: not null } || facts.Os is not null || facts.Machine is not null;
        var causes = new CauseJudge(table, matrix, machine, isSystemKnown).Judge(hits);
        return new Explanation
        {
            Causes = [.. causes.Select(c => new ExplainedCause { Kind = c.Kind, Certainty = c.Certainty, Line = c.Hit.Line.Trim(), LineNumber = c.Hit.Number, Message = c.Message, Evidence = c.Hit.Row.Sources })],
            Next = causes.Count == 0 ? [] : new NextSteps(table, matrix, machine).Of(causes[0]),
            Machine = machine,
        };
    }

    // What was given counts before what the text says; nothing is mixed in from another machine.
    private static DriverInfo? MachineOf(TextFacts facts, ExplainOptions? options)
    {
        var given = options?.Machine;
        if (given is not null && facts.Os is { } shown && (options!.OperatingSystemIsAssumed || options.MachineMayDiffer) && !IsSame(given.OperatingSystem, shown))
            given = options.MachineMayDiffer ? null : given with { OperatingSystem = shown };
        if ((given?.OperatingSystem ?? facts.Machine?.OperatingSystem ?? facts.Os) is not { } os)
            return null;
        var machine = given ?? facts.Machine ?? new DriverInfo { OperatingSystem = os };
        var installed = machine.Installed ?? new InstalledComponents();
        return machine with
        {
            Driver = machine.Driver ?? facts.Machine?.Driver,
            MaxCuda = machine.Driver is null ? machine.MaxCuda ?? facts.MaxCuda ?? facts.Machine?.MaxCuda : machine.MaxCuda,
            Gpus = machine.Gpus ?? facts.Gpus ?? facts.Machine?.Gpus,
            Python = machine.Python ?? facts.Python ?? facts.Machine?.Python,
            Installed = installed with
            {
                Torch = installed.Torch ?? facts.Torch,
                Torchvision = installed.Torchvision ?? facts.Torchvision,
                Torchaudio = installed.Torchaudio ?? facts.Torchaudio,
            },
        };
    }

    // A text of WSL often shows nothing but Linux.
    private static bool IsSame(OperatingSystemFamily given, OperatingSystemFamily shown) => given == shown || given == OperatingSystemFamily.Wsl && shown == OperatingSystemFamily.Linux;

    // Lines end at any of \n, \r\n and \r (a progress bar); a longer one is read in pieces.
    private static IEnumerable<string> Lines(TextReader reader)
    {
        var buffer = new char[64 * 1024];
        var line = new StringBuilder();
        int read;
        while ((read = reader.Read(buffer, 0, buffer.Length)) > 0)
        {
            var from = 0;
            while (from < read)
            {
                var length = buffer.AsSpan(from, read - from).IndexOfAny("\n\r\u2028\u2029\u0085");
                var end = length < 0 ? read : from + length;
                line.Append(buffer, from, end - from);
                while (line.Length > LongestLine)
                {
                    yield return line.ToString(0, LongestLine);
                    line.Remove(0, LongestLine);
                }

                if (length >= 0)
                {
                    yield return line.ToString();
                    line.Clear();
                }

                from = end + 1;
            }
        }

        if (line.Length > 0)
            yield return line.ToString();
    }

    /// <summary>The start and the end of a text.</summary>
    private sealed class KeptText(int most)
    {
        private readonly StringBuilder _start = new();
        private readonly Queue<string> _end = new();
        private int _endLength;

        public void Add(string line)
        {
            if (_start.Length + line.Length < most)
            {
                _start.Append(line).Append('\n');
                return;
            }

            _end.Enqueue(line);
            _endLength += line.Length + 1;
            while (_endLength > most && _end.TryDequeue(out var oldest))
                _endLength -= oldest.Length + 1;
        }

        public override string ToString()
        {
            var text = new StringBuilder(_start.ToString());
            foreach (var line in _end)
                text.Append(line).Append('\n');
            return text.ToString();
        }
    }
}
