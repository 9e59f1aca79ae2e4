using System.Globalization;
using BenchmarkDotNet.Running;
using CudaCompat.Benchmarks;

// "lines plan 20000" writes input for a batch; "time 100 A -- B x y" times whole processes in turn; anything else goes to BenchmarkDotNet.
if (args is ["lines", var kind, var count])
{
    BatchLines.Write(kind, int.Parse(count, CultureInfo.InvariantCulture), Console.Out);
    return;
}

if (args is ["time", var times, .. var words])
{
    var commands = new List<string[]>();
    for (var start = 0; start < words.Length;)
    {
        var end = Array.IndexOf(words, "--", start);
        commands.Add(words[start..(end < 0 ? words.Length : end)]);
        start = end < 0 ? words.Length : end + 1;
    }

    ProcessTimer.Run(int.Parse(times, CultureInfo.InvariantCulture), commands);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(BatchLines).Assembly).Run(args);
