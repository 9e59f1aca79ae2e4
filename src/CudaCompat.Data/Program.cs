using CudaCompat.Data.Commands;

return DataConsole.Run(args, Console.Out, Console.Error);
