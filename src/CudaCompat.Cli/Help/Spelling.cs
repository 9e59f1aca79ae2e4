namespace CudaCompat.Cli.Help;

/// <summary>Which known words a mistyped one is near to.</summary>
internal static class Spelling
{
    private const int LongestWord = 64;
    private const int MostSuggestions = 3;

    /// <summary>The words at the least distance from <paramref name="word"/>, none where all are far off.</summary>
    public static IReadOnlyList<string> Nearest(string word, IEnumerable<string> known)
    {
        if (word.Length > LongestWord)
            return [];
        // One slip in three letters still is that word; short flags are too short to tell.
        var most = Math.Max(1, word.TrimStart('-').Length / 3);
        var near = known.Distinct(StringComparer.Ordinal).Where(k => k.TrimStart('-').Length > 1)
            .Select(k => (Word: k, Distance: Distance(word.ToLowerInvariant(), k))).Where(k => k.Distance <= most).ToList();
        return near.Count == 0 ? [] : [.. near.Where(k => k.Distance == near.Min(n => n.Distance)).Select(k => k.Word).Order(StringComparer.Ordinal).Take(MostSuggestions)];
    }

    // Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1][];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i] = new int[b.Length + 1];
            rows[i][0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
            rows[0][j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i][j] = Math.Min(Math.Min(rows[i - 1][j] + 1, rows[i][j - 1] + 1), rows[i - 1][j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i][j] = Math.Min(rows[i][j], rows[i - 2][j - 2] + 1);
            }
        }

        return rows[a.Length][b.Length];
    }
}
