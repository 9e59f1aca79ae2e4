namespace CudaCompat.Explaining;

/// <summary>The table of causes, compiled: every fixed part of every text in one automaton.</summary>
internal sealed class CauseTable
{
    private static readonly Lazy<CauseTable> LazyCurated = new(() => new CauseTable(CauseJson.ReadCauses(), CauseJson.ReadKinds()));
    private readonly Dictionary<string, CauseKindRow> _kinds;

    public CauseTable(IReadOnlyList<CauseRow> rows, IReadOnlyList<CauseKindRow> kinds)
    {
        Rows = rows;
        _kinds = kinds.ToDictionary(k => k.Kind, StringComparer.Ordinal);
        Order = rows.Select((row, place) => (row, place)).ToDictionary(r => r.row, r => r.place, (IEqualityComparer<CauseRow>)ReferenceEqualityComparer.Instance);
        var literals = new Dictionary<string, List<PatternPart>>(StringComparer.Ordinal);
        var slots = 0;
        foreach (var row in rows)
        {
            foreach (var text in row.Texts)
                Add(TextPattern.Parse(row, text), PatternUse.Text);
            foreach (var text in row.With ?? [])
                Add(TextPattern.Parse(row, text), PatternUse.With);
            foreach (var text in row.Unless ?? [])
                Add(TextPattern.Parse(row, text), PatternUse.Unless);
        }

        Slots = slots;
        Parts = [.. literals.Values.Select(v => v.ToArray())];
        Literals = [.. literals.Keys];
        Automaton = new LiteralAutomaton(Literals);

        void Add(TextPattern pattern, PatternUse use)
        {
            for (var i = 0; i < pattern.Parts.Count; i++)
            {
                if (!literals.TryGetValue(pattern.Parts[i], out var parts))
                    literals.Add(pattern.Parts[i], parts = []);
                parts.Add(new PatternPart(pattern, i, slots++, use));
            }
        }
    }

    /// <summary>The table of data/curated.</summary>
    public static CauseTable Curated => LazyCurated.Value;

    public IReadOnlyList<CauseRow> Rows { get; }

    /// <summary>The place of each row in the table: of two rows that fit one line the earlier is told.</summary>
    public IReadOnlyDictionary<CauseRow, int> Order { get; }

    public LiteralAutomaton Automaton { get; }

    public string[] Literals { get; }

    /// <summary>For each literal the patterns that it is a part of.</summary>
    public PatternPart[][] Parts { get; }

    /// <summary>How many parts there are in all.</summary>
    public int Slots { get; }

    public CauseKindRow Kind(string kind) => _kinds[kind];
}

/// <summary>What a pattern is to its row.</summary>
internal enum PatternUse
{
    Text,
    With,
    Unless,
}

/// <summary>A part of a pattern; the slots of one pattern follow each other.</summary>
internal sealed record PatternPart(TextPattern Pattern, int Index, int Slot, PatternUse Use);
