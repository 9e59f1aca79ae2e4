using System.CommandLine;
using CudaCompat.Cli.Output;
using CudaCompat.Execution;
using CudaCompat.Execution.Downloads;
using CudaCompat.Execution.Journals;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat cache</c>: what downloads take, and <c>cache clean</c>, which gives it back.</summary>
internal static class CacheCommand
{
    public static Command Create()
    {
        var command = new Command("cache", "The files that apply has downloaded: how many and how large; cache clean removes them.");
        var folder = new Option<string?>("--cache") { Description = "The folder of downloads.", HelpName = "DIR", Recursive = true };
        command.Options.Add(folder);
        command.SetAction(parse =>
        {
            var root = new ExecutionOptions { CacheFolder = parse.GetValue(folder) }.CacheFolderOrDefault;
            var files = Directory.Exists(root) ? Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => new FileInfo(f)).ToArray() : [];
            Console.Out.WriteLine($"{root}: {files.Length} files, {ByteCount.Text(files.Sum(f => f.Length))}");
            return ExitCode.Done;
        });
        var clean = new Command("clean", "Removes downloads, finished and unfinished, that no run is using, and journals of plans that are undone.");
        clean.SetAction(parse =>
        {
            var root = new ExecutionOptions { CacheFolder = parse.GetValue(folder) }.CacheFolderOrDefault;
            var (freed, kept) = new DownloadCache(root).Clean();
            var journals = parse.GetValue(folder) is null ? Journal.RemoveUndone(ExecutionOptions.JournalsFolder) : 0;
            Console.Out.WriteLine($"{ByteCount.Text(freed)} freed{(kept > 0 ? $"; {kept} files are in use by a run and stay" : "")}{(journals > 0 ? $"; {journals} journals of undone plans removed" : "")}.");
            return ExitCode.Done;
        });
        command.Subcommands.Add(clean);
        return command;
    }
}
