using System.Globalization;
using System.Runtime.InteropServices;

namespace CudaCompat.Benchmarks;

/// <summary>
/// Times whole processes, from the spawn to the exit, one command after the other in turn so that a busy moment falls on all of them. Linux only.
/// It spawns by itself, since what System.Diagnostics.Process does around a spawn takes longer than the processes that are measured here.
/// </summary>
internal static partial class ProcessTimer
{
    private const int OpenForWriting = 1;

    public static void Run(int times, IReadOnlyList<string[]> commands)
    {
        var runs = commands.Select(_ => new List<(double Wall, double Processor)>(times)).ToArray();
        for (var i = 0; i < times; i++)
        {
            for (var j = 0; j < commands.Count; j++)
                runs[j].Add(Once(commands[j]));
        }

        var first = Median(runs[0].Select(r => r.Wall));
        var firstProcessor = Median(runs[0].Select(r => r.Processor));
        for (var j = 0; j < commands.Count; j++)
        {
            var wall = Median(runs[j].Select(r => r.Wall));
            var processor = Median(runs[j].Select(r => r.Processor));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetFileName(commands[j][0])} {(commands[j].Length > 1 ? commands[j][1] : ""),-10} wall {wall,6:0.00} ms ({wall / first:0.00}x), processor {processor,6:0.00} ms ({processor / firstProcessor:0.00}x)"));
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static (double Wall, double Processor) Once(string[] command)
    {
        var actions = Marshal.AllocHGlobal(256);
        var usage = new long[32];
        try
        {
            _ = InitActions(actions);
            _ = AddOpen(actions, 1, "/dev/null", OpenForWriting, 0);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            if (Spawn(out var process, command[0], actions, 0, [.. command, null], Environment()) != 0 || Wait(process, out var status, 0, usage) != process || status != 0)
                throw new InvalidOperationException($"{string.Join(' ', command)} failed.");
            return (watch.Elapsed.TotalMilliseconds, (usage[0] + usage[2]) * 1000 + (usage[1] + usage[3]) / 1000.0);
        }
        finally
        {
            Marshal.FreeHGlobal(actions);
        }
    }

    private static string?[] Environment() =>
        [.. System.Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(e => $"{e.Key}={e.Value}"), null];

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitActions(nint actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(nint actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int process, string path, nint actions, nint attributes, string?[] arguments, string?[] environment);

    [LibraryImport("libc", EntryPoint = "wait4")]
    private static partial int Wait(int process, out int status, int options, [Out] long[] usage);
}
