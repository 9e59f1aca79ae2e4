using System.Collections.Concurrent;
using System.Globalization;

namespace CudaCompat.Tests.Oracle;

/// <summary>The oracle's own version: numbers compared one by one, missing ones as zero; ".post2" counts as one more number.</summary>
internal readonly record struct Num(string Text) : IComparable<Num>
{
    private static readonly ConcurrentDictionary<string, int[]> Read = new(StringComparer.Ordinal);
    private readonly int[] _numbers = Read.GetOrAdd(Text, NumbersOf);

    public int Parts => _numbers.Length;

    public int Major => _numbers[0];

    /// <summary>X.Y of X.Y.Z.</summary>
    public Num Minor => new(string.Create(CultureInfo.InvariantCulture, $"{this[0]}.{this[1]}"));

    /// <summary>Letters at the end: the a of 9.0a.</summary>
    public string Suffix => Text[^1] is >= 'a' and <= 'z' ? Text[^1..] : "";

    public static Num? Of(string? text) => text is null ? null : new Num(text);

    public int this[int index] => index < Parts ? _numbers[index] : 0;

    public bool StartsWith(Num prefix)
    {
        var (mine, theirs) = (_numbers, prefix._numbers);
        return theirs.Length <= mine.Length && theirs.Select((n, i) => n == mine[i]).All(same => same);
    }

    public int CompareTo(Num other)
    {
        for (var i = 0; i < Math.Max(Parts, other.Parts); i++)
        {
            if (this[i] != other[i])
                return this[i].CompareTo(other[i]);
        }

        return 0;
    }

    public bool Same(Num other) => CompareTo(other) == 0;

    public static bool operator <(Num a, Num b) => a.CompareTo(b) < 0;

    public static bool operator >(Num a, Num b) => a.CompareTo(b) > 0;

    public static bool operator <=(Num a, Num b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Num a, Num b) => a.CompareTo(b) >= 0;

    public override string ToString() => Text;

    private static int[] NumbersOf(string text)
    {
        var post = text.IndexOf(".post", StringComparison.Ordinal);
        var release = (post < 0 ? text : text[..post]).TrimEnd('a', 'f', 't').Split('.').Select(p => int.Parse(p, CultureInfo.InvariantCulture));
        return post < 0 ? [.. release] : [.. release.Concat([0, 0, 0]).Take(4), int.Parse(text[(post + 5)..], CultureInfo.InvariantCulture) + 1];
    }
}
