using CudaCompat.Cli;

return await Cli.RunAsync(args).ConfigureAwait(false);
