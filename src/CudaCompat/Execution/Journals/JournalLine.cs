using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CudaCompat.Execution.Journals;

/// <summary>One line of the journal's file: number, checksum of number and transition, transition. "12 0f3a… {…}".</summary>
internal static class JournalLine
{
    private const int Digits = 16;

    public static byte[] Write(JournalEntry entry, int number)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Readable.JournalEntry);
        return [.. Encoding.ASCII.GetBytes($"{number} {Sum(number, json)} "), .. json, (byte)'\n'];
    }

    /// <summary>The transitions of a file that can be proved, how many bytes of it stand, and what is damaged, one sentence each.</summary>
    public static (IReadOnlyList<JournalEntry> Entries, int Length, IReadOnlyList<string> Damage) ReadAll(ReadOnlySpan<byte> bytes)
    {
        // Some file systems lengthen a file before its content is on disk: after a loss of power the end is zeros.
        var zeros = bytes.Length;
        while (zeros > 0 && bytes[zeros - 1] is 0 or (byte)'\n')
            zeros--;
        if (bytes[zeros..].Contains((byte)0))
            bytes = bytes[..(zeros + (zeros < bytes.Length && bytes[zeros] == '\n' ? 1 : 0))];
        var entries = new List<JournalEntry>();
        var damage = new List<string>();
        var (start, line, next) = (0, 0, 0);
        while (bytes[start..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            line++;
            if (Read(bytes.Slice(start, length)) is not (int number, { } entry))
            {
                damage.Add($"line {line} of the journal is damaged");
                next = -1;
            }
            else
            {
                if (next >= 0 && number != next)
                    damage.Add($"before line {line} of the journal {(number > next ? $"{number - next} lines are missing" : "a line stands twice")}");
                entries.Add(entry);
                next = number + 1;
            }

            start += length + 1;
        }

        // Only the end of the last line is missing or not what it was: the line itself says that it is whole.
        var rest = bytes[start..];
        if (rest.Length > 1 && (Read(rest) ?? Read(rest[..^1])) is (int last, { } whole) && (next < 0 || last == next))
            entries.Add(whole);
        return (entries, start, damage);
    }

    private static (int Number, JournalEntry? Entry)? Read(ReadOnlySpan<byte> line)
    {
        var first = line.IndexOf((byte)' ');
        if (first is < 1 or > 9 || line.Length < first + Digits + 3 || line[first + 1 + Digits] != ' '
            || !int.TryParse(line[..first], System.Globalization.NumberStyles.None, null, out var number))
            return null;
        var json = line[(first + Digits + 2)..];
        if (!line.Slice(first + 1, Digits).SequenceEqual(Encoding.ASCII.GetBytes(Sum(number, json))))
            return null;
        try
        {
            return (number, JsonSerializer.Deserialize(json, JournalJson.Readable.JournalEntry));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            return null; // of another version of this program
        }
    }

    private static string Sum(int number, ReadOnlySpan<byte> json)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes($"{number} "));
        hash.AppendData(json);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits];
    }
}
