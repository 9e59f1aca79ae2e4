using BenchmarkDotNet.Running;
using CudaCompat.Benchmarks;

// "lines plan 20000" writes input for a batch; anything else goes to BenchmarkDotNet.
if (args is ["lines", var kind, var count])
{
    BatchLines.Write(kind, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture), Console.Out);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(BatchLines).Assembly).Run(args);
