using System.Runtime.CompilerServices;

namespace CudaCompat.Explaining;

/// <summary>A place where a row's text stands.</summary>
/// <param name="Row">The row.</param>
/// <param name="Line">The line as printed.</param>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Length">How many fixed characters of the row's text stand there.</param>
/// <param name="Names">What stood in the gaps that have a name.</param>
internal sealed record CauseHit(CauseRow Row, string Line, int Number, int Length, Gap? Names);

/// <summary>What stood in a gap with a name, and in those before it.</summary>
internal sealed record Gap(string Name, string Value, Gap? Before);

/// <summary>
/// Reads a text line by line and remembers, for each row of the table, where it first stands. The memory is that of the table and of a few lines,
/// whatever the text's length; the time is linear in it.
/// </summary>
internal sealed class CauseScanner(CauseTable table)
{
    /// <summary>How many characters a * may stand for.</summary>
    private const int WidestGap = 600;

    /// <summary>How many characters a {name} may stand for.</summary>
    private const int WidestName = 200;

    /// <summary>How many line ends a text may be wrapped over.</summary>
    private const int MostLineEnds = 2;

    private readonly PlainLine[] _lines = [new(), new(), new(), new()];
    private readonly Reached[] _reached = new Reached[table.Slots];
    private readonly Dictionary<CauseRow, CauseHit> _hits = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<(CauseRow Row, TextPattern Pattern)> _with = [];
    private readonly HashSet<CauseRow> _unless = new(ReferenceEqualityComparer.Instance);
    private readonly List<(PatternPart Part, Gap? Names)> _open = [];
    private int _state;
    private long _position;
    private int _number;

    /// <summary>What was found so far: the rows whose texts all stand in the text and none that may not.</summary>
    public IEnumerable<CauseHit> Hits =>
        _hits.Values.Where(h => !_unless.Contains(h.Row) && (h.Row.With is not { Count: var asked } || _with.Count(w => ReferenceEquals(w.Row, h.Row)) == asked));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // the first log is mostly the only one
    public void Read(string line)
    {
        var plain = _lines[++_number % _lines.Length];
        plain.Set(line, _number);
        plain.Start = _position;
        var text = plain.Text;
        if (text.IsEmpty)
            return;
        var (automaton, state) = (table.Automaton, _state);
        foreach (var c in text)
        {
            _position++;
            state = automaton.Next(state, c);
            if (state != 0 && automaton.Ends(state))
                Found(state, plain);
        }

        _state = state;
        foreach (var (part, names) in _open) // a gap at the end of a text reaches to the end of the word
            Complete(part, plain, names);
        _open.Clear();
        _position++; // a line end stands for a blank
        _state = automaton.Next(_state, ' ');
        if (_state != 0 && automaton.Ends(_state))
            Found(_state, plain);
    }

    private void Found(int state, PlainLine line)
    {
        do
        {
            var literal = table.Automaton.Found(ref state);
            if (literal < 0)
                break;
            var start = _position - table.Literals[literal].Length;
            foreach (var part in table.Parts[literal])
                Reach(part, start, line);
        }
        while (state > 0);
    }

    private void Reach(PatternPart part, long start, PlainLine line)
    {
        var pattern = part.Pattern;
        if (pattern.IsWholeLine)
        {
            if (start == line.Start && _position == line.Start + line.Length)
                Complete(part, line, null);
            return;
        }

        Gap? names = null;
        if (part.Index > 0)
        {
            ref readonly var before = ref _reached[part.Slot - 1];
            var name = pattern.Gaps[part.Index];
            if (!before.IsReached || start < before.End + (name is { Length: > 0 } ? 1 : 0))
                return;
            if (start - before.End > (name is { Length: > 0 } ? WidestName : WidestGap) || _number - before.Line > MostLineEnds)
                return;
            names = before.Names;
            if (name is { Length: > 0 })
            {
                if (LineAt(before.End) is not { } from || start > from.Start + from.Length)
                    return;
                names = new Gap(name, from.PrintedBetween((int)(before.End - from.Start), (int)(start - from.Start)), names);
            }
        }
        else if (pattern.Gaps[0] is { Length: > 0 } leading && LineAt(start) is { } at)
        {
            names = new Gap(leading, WordBefore(at, (int)(start - at.Start)), null);
        }

        if (part.Index == pattern.Parts.Count - 1)
        {
            if (pattern.Gaps[^1] is { Length: > 0 })
                _open.Add((part, new Gap("", _position.ToString(System.Globalization.CultureInfo.InvariantCulture), names)));
            else
                Complete(part, LineAt(start) ?? line, names);
            return;
        }

        _reached[part.Slot] = new Reached(_position, _number, names);
    }

    private void Complete(PatternPart part, PlainLine line, Gap? names)
    {
        var row = part.Pattern.Row;
        switch (part.Use)
        {
            case PatternUse.With:
                _with.Add((row, part.Pattern));
                return;
            case PatternUse.Unless:
                _unless.Add(row);
                return;
            default:
                if (names is { Name: "" } end && part.Pattern.Gaps[^1] is { Length: > 0 } name)
                    names = WordAfter(line, (int)(long.Parse(end.Value, System.Globalization.CultureInfo.InvariantCulture) - line.Start)) is { Length: > 0 } word ? new Gap(name, word, end.Before) : null;
                if (names is null && part.Pattern.Gaps[^1] is { Length: > 0 })
                    return; // nothing follows
                var longer = _hits.TryGetValue(row, out var known) && known.Number == line.Number && known.Length < part.Pattern.FixedLength;
                if (known is null || longer)
                    _hits[row] = new CauseHit(row, line.Printed, line.Number, part.Pattern.FixedLength, names);
                return;
        }
    }

    private PlainLine? LineAt(long position)
    {
        foreach (var line in _lines)
        {
            if (line.Number > 0 && position >= line.Start && position <= line.Start + line.Length)
                return line;
        }

        return null;
    }

    private static string WordBefore(PlainLine line, int end)
    {
        var from = end;
        while (from > 0 && end - from < WidestName && line.Text[from - 1] is not (' ' or '\'' or ',' or '='))
            from--;
        return line.PrintedBetween(from, end);
    }

    private static string WordAfter(PlainLine line, int from)
    {
        while (from < line.Length && line.Text[from] is ' ' or '\'')
            from++;
        var to = Math.Clamp(from, 0, line.Length);
        while (to < line.Length && to - from < WidestName && line.Text[to] is not (' ' or '\'' or ',' or ';' or '('))
            to++;
        return from < 0 ? "" : line.PrintedBetween(from, to);
    }

    /// <summary>How far a pattern has come: where its last found part ends.</summary>
    private readonly record struct Reached(long End, int Line, Gap? Names)
    {
        public bool IsReached => Line > 0;
    }
}
