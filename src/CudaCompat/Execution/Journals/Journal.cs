using System.Text.Json;

namespace CudaCompat.Execution.Journals;

/// <summary>
/// The append-only record of a run: one JSON line a transition, on disk before the act it announces. A last line that a crash cut short is
/// dropped: what it announced was not begun. The folder also holds the plan, the file lists and what was overwritten.
/// </summary>
internal sealed class Journal : IDisposable
{
    private const string PlanName = "plan.json";
    private const string LinesName = "journal.jsonl";
    private const string LockName = "lock";

    private readonly FileStream _lock;
    private readonly FileStream _lines;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private int _number;

    private Journal(string folder, FileStream exclusive, FileStream lines, TimeProvider clock) =>
        (Folder, _lock, _lines, _clock) = (folder, exclusive, lines, clock);

    /// <summary>Called around each write with the line's number and whether it is on disk; the kill tests stand here.</summary>
    internal static Action<int, bool>? Observer { get; set; }

    public string Folder { get; }

    public JournalState State { get; } = new();

    /// <summary>True where the folder holds the plan of a run.</summary>
    public static bool HasPlan(string folder) => File.Exists(Path.Combine(folder, PlanName));

    /// <summary>The text of the plan that the folder's run carries out.</summary>
    public static byte[] ReadPlan(string folder) => File.ReadAllBytes(Path.Combine(folder, PlanName));

    /// <summary>Opens or makes the journal of a folder, for this process alone.</summary>
    /// <exception cref="JournalException">Another run holds it, or a line inside it is damaged.</exception>
    public static Journal Open(string folder, TimeProvider clock)
    {
        DurableFiles.CreatePrivateFolder(folder);
#pragma warning disable CA2000 // the journal owns both streams and closes them
        var exclusive = Take(Path.Combine(folder, LockName), folder);
        FileStream? lines = null;
        try
        {
            var path = Path.Combine(folder, LinesName);
            var isNew = !File.Exists(path);
            lines = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
#pragma warning restore CA2000
            if (isNew)
                DurableFiles.FlushFolder(folder);
            var journal = new Journal(folder, exclusive, lines, clock);
            journal.Load();
            return journal;
        }
        catch
        {
            lines?.Dispose();
            exclusive.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the plan beside the journal. It may hold passwords of mirrors, so only the user may read the folder.</summary>
    public void WritePlan(byte[] plan) => DurableFiles.Write(Path.Combine(Folder, PlanName), plan);

    /// <summary>Writes one line to disk; returns once it is there.</summary>
    public void Append(JournalEntry entry)
    {
        var stamped = entry with { At = _clock.GetUtcNow() };
        var json = JsonSerializer.SerializeToUtf8Bytes(stamped, JournalJson.Readable.JournalEntry);
        lock (_gate) // downloads run side by side
        {
            Observer?.Invoke(_number, false);
            _lines.Write([.. json, (byte)'\n']);
            _lines.Flush(flushToDisk: true);
            State.Apply(stamped);
            Observer?.Invoke(_number++, true);
        }
    }

    /// <summary>A name for a list or backup that no earlier one of this journal has.</summary>
    public string NewPath(string name)
    {
        for (var i = 0; ; i++)
        {
            var path = Path.Combine(Folder, $"{name}-{i:D3}");
            if (!File.Exists(path) && !Directory.Exists(path))
                return path;
        }
    }

    public void Dispose()
    {
        _lines.Dispose();
        _lock.Dispose();
    }

    private static FileStream Take(string path, string folder)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new JournalException($"another run works with the journal {folder}; wait for it or choose another journal folder ({e.Message}).", e);
        }
    }

    private void Load()
    {
        var bytes = new byte[_lines.Length];
        _lines.ReadExactly(bytes);
        var start = 0;
        while (true)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
                break;
            try
            {
                State.Apply(JsonSerializer.Deserialize(bytes.AsSpan(start, length), JournalJson.Readable.JournalEntry)
                    ?? throw new JsonException("null is no transition."));
            }
            catch (JsonException e)
            {
                throw new JournalException($"line {_number + 1} of {_lines.Name} is damaged: {e.Message}", e);
            }

            _number++;
            start += length + 1;
        }

        if (start < bytes.Length)
            _lines.SetLength(start); // torn by a crash: it never took effect
        _lines.Position = start;
    }
}
