using System.CommandLine;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Writing;

namespace CudaCompat.Data.Commands;

/// <summary>
/// The data console: <c>refresh</c> turns captured upstream documents into data/, <c>verify</c> proves that data/ is what it would write,
/// <c>images</c> makes the two binary files anew from the JSON files alone.
/// Exit codes: 0 done, 1 data/ differs, 2 bad usage or bad input.
/// </summary>
internal static class DataConsole
{
    internal const int Done = 0;
    internal const int Differs = 1;
    internal const int BadInput = 2;

    /// <summary>Runs one command line.</summary>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var parsed = Build(output, error).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
                error.WriteLine(problem.Message);
            return BadInput;
        }

        return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error });
    }

    private static RootCommand Build(TextWriter output, TextWriter error)
    {
        var from = new Option<DirectoryInfo>("--from") { Description = "The folder of captured upstream documents.", Required = true };
        var to = new Option<DirectoryInfo?>("--out") { Description = "The data folder to write; by default data/ of the repository." };
        var data = new Option<DirectoryInfo?>("--data") { Description = "The data folder to compare; by default data/ of the repository." };

        var refresh = new Command("refresh", "Reads every captured document and writes the data folder, all of it or nothing.") { from, to };
        refresh.SetAction(result => Guarded(error, () => Refresh(result.GetRequiredValue(from), result.GetValue(to), output)));

        var verify = new Command("verify", "Builds the data in memory and compares it with the data folder, byte for byte.") { from, data };
        verify.SetAction(result => Guarded(error, () => Verify(result.GetRequiredValue(from), result.GetValue(data), output)));

        var imagesOf = new Option<DirectoryInfo?>("--data") { Description = "The data folder; by default data/ of the repository." };
        var images = new Command("images", "Writes matrix.bin and install.bin, which the library carries, from the JSON files of the data folder.") { imagesOf };
        images.SetAction(result => Guarded(error, () => Images(result.GetValue(imagesOf), output)));

        return new RootCommand("Makes the data of CudaCompat from captured upstream documents.") { refresh, verify, images };
    }

    private static int Refresh(DirectoryInfo from, DirectoryInfo? to, TextWriter output)
    {
        var folder = to?.FullName ?? DataFolder.OfRepository();
        var result = RefreshRun.From(from.FullName, DataFolder.CuratedBeside(folder));
        DataFolder.Replace(folder, result.Files);
        RefreshReport.Write(result, output);
        return Done;
    }

    private static int Verify(DirectoryInfo from, DirectoryInfo? data, TextWriter output)
    {
        var folder = data?.FullName ?? DataFolder.OfRepository();
        var result = RefreshRun.From(from.FullName, DataFolder.CuratedBeside(folder));
        var differences = DataFolder.Compare(folder, result.Files);
        foreach (var difference in differences)
            output.WriteLine(difference);
        output.WriteLine(differences.Count == 0
            ? $"data is what the sources give: {result.Files.Count} files, version {result.DataVersion}."
            : $"{differences.Count} of {result.Files.Count} files differ.");
        return differences.Count == 0 ? Done : Differs;
    }

    private static int Images(DirectoryInfo? data, TextWriter output)
    {
        var folder = data?.FullName ?? DataFolder.OfRepository();
        foreach (var (name, bytes) in ImageFiles.Of(folder))
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            output.WriteLine($"{name}: {bytes.Length} bytes");
        }

        return Done;
    }

    private static int Guarded(TextWriter error, Func<int> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is SourceFormatException or Matrix.DataFormatException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(e.Message);
            return BadInput;
        }
    }
}
