using CudaCompat.Data.Commands;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // Nothing is written before everything is read: the data stays as it was.
    pressed.Cancel = true;
    interrupted.Cancel();
};
return DataConsole.Run(args, Console.Out, TextWriter.Synchronized(Console.Error), interrupted.Token);
