using System.Security.Cryptography;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Journals;

/// <summary>
/// The append-only record of a run: one JSON line a transition, on disk before the act it announces, with its number and a checksum. A last
/// line that a crash cut short, or that is still zeros, is dropped: what it announced was not begun. Any other line that is not what was
/// written makes the journal refuse to be obeyed. The folder also holds the plan, the file lists and what was overwritten.
/// </summary>
internal sealed class Journal : IDisposable
{
    private const string PlanName = "plan.json";
    private const string LinesName = "journal.jsonl";
    private const string LockName = "lock";
    private const string ChildrenName = "children";
    private const string NothingProved = "the journal is lost; nothing that the plan did can be proved, so nothing was undone.";

    private readonly FileStream _lock;
    private readonly FileStream _lines;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private ChildrenLock? _children;
    private int _number;

    private Journal(string folder, FileStream exclusive, FileStream lines, TimeProvider clock) =>
        (Folder, _lock, _lines, _clock) = (folder, exclusive, lines, clock);

    /// <summary>What a salvage could not read, one sentence each.</summary>
    public IReadOnlyList<string> Lost { get; private set; } = [];

    /// <summary>Called around each write with the line's number and whether it is on disk; the kill tests stand here.</summary>
    internal static Action<int, bool>? Observer { get; set; }

    public string Folder { get; }

    public JournalState State { get; } = new();

    /// <summary>True where the folder holds the plan of a run.</summary>
    public static bool HasPlan(string folder) => File.Exists(Path.Combine(folder, PlanName));

    /// <summary>The text of the plan that the folder's run carries out.</summary>
    public static byte[] ReadPlan(string folder) => File.ReadAllBytes(Path.Combine(folder, PlanName));

    /// <summary>True where the plan in the folder is the one that the journal speaks of.</summary>
    public static bool IsPlanOf(string folder, JournalState state) => HasPlan(folder) && Convert.ToHexStringLower(SHA256.HashData(ReadPlan(folder))) == state.PlanSha256;

    /// <summary>True where the folder has a plan, but no line of its journal: without it nobody knows what was done.</summary>
    public static bool IsLost(string folder) => HasPlan(folder) && (!File.Exists(Path.Combine(folder, LinesName)) || new FileInfo(Path.Combine(folder, LinesName)).Length == 0);

    /// <exception cref="JournalException">The folder has a plan, but no line of its journal.</exception>
    public static void RefuseLost(string folder)
    {
        if (IsLost(folder))
            throw new JournalException($"the journal of {folder} is lost: its plan is there, but no line of what was done. {Salvage(folder)}");
    }

    /// <summary>What a journal says, without holding it and without mending it; null where it cannot be read.</summary>
    public static JournalState? Peek(string folder)
    {
        try
        {
            return Read(folder, salvage: false).State;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JournalException)
        {
            return null;
        }
    }

    /// <summary>What a journal says, without holding it and without mending it, and what a salvage could not read.</summary>
    /// <exception cref="JournalException">It is damaged or lost, and is not to be salvaged.</exception>
    public static (JournalState State, IReadOnlyList<string> Lost) Read(string folder, bool salvage)
    {
        if (!salvage)
            RefuseLost(folder);
        else if (IsLost(folder))
            return (new JournalState(), [NothingProved]);
        var state = new JournalState();
        var path = Path.Combine(folder, LinesName);
        using var lines = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[lines.Length];
        lines.ReadExactly(bytes);
        var (entries, _, damage) = JournalLine.ReadAll(bytes);
        RefuseDamage(damage, path, folder, salvage);
        foreach (var entry in entries)
            state.Apply(entry);
        return (state, damage);
    }

    /// <summary>Opens or makes the journal of a folder, for this process alone.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="clock">Gives the time of each line.</param>
    /// <param name="salvage">True to keep of a damaged journal what can be proved; the damaged file stays beside it.</param>
    /// <exception cref="JournalException">Another run holds it, it is damaged or lost.</exception>
    public static Journal Open(string folder, TimeProvider clock, bool salvage = false)
    {
        DurableFiles.CreatePrivateFolder(folder);
#pragma warning disable CA2000 // the journal owns both streams and closes them
        var exclusive = Take(Path.Combine(folder, LockName), folder);
        FileStream? lines = null;
        try
        {
            var path = Path.Combine(folder, LinesName);
            if (!salvage)
                RefuseLost(folder);
            var isLost = IsLost(folder);
            var isNew = !File.Exists(path);
            lines = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
#pragma warning restore CA2000
            if (isNew)
                DurableFiles.FlushFolder(folder);
            var journal = new Journal(folder, exclusive, lines, clock);
            journal.Load(salvage);
            if (isLost)
                journal.Lost = [NothingProved];
            return journal;
        }
        catch
        {
            lines?.Dispose();
            exclusive.Dispose();
            throw;
        }
    }

    /// <summary>Takes the plan away whose journal is lost, so that the folder can be used anew.</summary>
    public static void ForgetPlan(string folder) => File.Move(Path.Combine(folder, PlanName), Path.Combine(folder, PlanName + ".lost"), overwrite: true);

    /// <summary>Removes the journals below a folder whose plans are undone; returns how many. One that a run holds stays.</summary>
    public static int RemoveUndone(string root)
    {
        var removed = 0;
        foreach (var folder in Directory.Exists(root) ? Directory.GetDirectories(root) : [])
        {
            if (Peek(folder) is not { IsRolledBack: true })
                continue;
            try
            {
                using (Take(Path.Combine(folder, LockName), folder))
                    FileState.Remove(folder);
                removed++;
            }
            catch (JournalException)
            {
                // A run works with it.
            }
        }

        return removed;
    }

    /// <summary>Keeps the plan beside the journal. It may hold passwords of mirrors, so only the user may read the folder.</summary>
    public void WritePlan(byte[] plan) => DurableFiles.Write(Path.Combine(Folder, PlanName), plan);

    /// <summary>Writes one line to disk; returns once it is there.</summary>
    public void Append(JournalEntry entry)
    {
        var stamped = entry with { At = _clock.GetUtcNow() };
        lock (_gate) // downloads run side by side
        {
            Observer?.Invoke(_number, false);
            _lines.Write(JournalLine.Write(stamped, _number));
            _lines.Flush(flushToDisk: true);
            State.Apply(stamped);
            Observer?.Invoke(_number, true);
            _number++;
        }
    }

    /// <summary>Waits until no program of an earlier run of this journal lives, then lets those of this run hold the journal.</summary>
    /// <param name="waits">Called once with their names where it has to wait.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task HoldForChildrenAsync(Action<string> waits, CancellationToken cancellation)
    {
        var file = Path.Combine(Folder, ChildrenName);
        for (var told = false; (_children ??= ChildrenLock.TryTake(file)) is null; told = true)
        {
            if (!told)
                waits(string.Join(", ", ChildrenLock.HoldersOf(file)));
            await Task.Delay(100, cancellation).ConfigureAwait(false);
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
        _children?.Dispose();
        _lines.Dispose();
        _lock.Dispose();
    }

    private static FileStream Take(string path, string folder)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new JournalException($"the journal {folder} is not this user's: go on as the user who made it, or with sudo where that was an administrator.", e);
        }
        catch (IOException e)
        {
            throw new JournalException($"another run works with the journal {folder}; wait for it or choose another journal folder ({e.Message}).", e);
        }
    }

    private static string Salvage(string folder) => $"cudacompat apply --rollback --force --journal {folder} undoes what can be proved and lists the rest.";

    private static void RefuseDamage(IReadOnlyList<string> damage, string path, string folder, bool salvage)
    {
        if (damage.Count > 0 && !salvage)
            throw new JournalException($"{damage[0]} ({path}). {Salvage(folder)}");
    }

    private void Load(bool salvage)
    {
        var bytes = new byte[_lines.Length];
        _lines.ReadExactly(bytes);
        var (entries, length, damage) = JournalLine.ReadAll(bytes);
        RefuseDamage(damage, _lines.Name, Folder, salvage);
        foreach (var entry in entries)
            State.Apply(entry);
        if (damage.Count > 0)
        {
            // What can be proved, numbered anew; the damaged file is kept for whoever wants to look.
            Lost = damage;
            DurableFiles.Write(NewPath("damaged"), bytes);
            using var sound = new MemoryStream();
            foreach (var entry in entries)
                sound.Write(JournalLine.Write(entry, _number++));
            _lines.SetLength(0);
            _lines.Position = 0;
            _lines.Write(sound.ToArray());
            _lines.Flush(flushToDisk: true);
            return;
        }

        _number = entries.Count;
        if (length < bytes.Length)
            _lines.SetLength(length); // torn by a crash: it never took effect
        _lines.Position = length;
        if (bytes.AsSpan(0, length).Count((byte)'\n') < entries.Count)
        {
            _lines.Write(JournalLine.Write(entries[^1], _number - 1)); // whole but for its end
            _lines.Flush(flushToDisk: true);
        }
    }
}
