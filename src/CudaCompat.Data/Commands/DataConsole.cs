using System.CommandLine;
using CudaCompat.Data.Invariants;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Report;
using CudaCompat.Data.Said;
using CudaCompat.Data.Sources;
using CudaCompat.Data.Writing;
using CudaCompat.Matrix;

namespace CudaCompat.Data.Commands;

/// <summary>
/// The data console: <c>refresh</c> writes down what the live web says (data/said/) and builds; <c>build</c> makes data/ of data/said/ and data/curated/; <c>verify</c>
/// proves that it is what they give; <c>check</c> tests the invariants; <c>status</c> tells the age of what each source says;
/// <c>images</c> makes the binary files anew from the JSON files alone.
/// Exit codes: 0 done, or nothing new; 1 data/ differs, a source failed or an invariant is broken; 2 bad usage or bad input; 5 the refresh changed something.
/// </summary>
internal static class DataConsole
{
    internal const int Done = 0;
    internal const int Differs = 1;
    internal const int BadInput = 2;

    /// <summary>Runs one command line.</summary>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        var parsed = Build(output, error).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
                error.WriteLine(problem.Message);
            return BadInput;
        }

        return parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, cancellation).GetAwaiter().GetResult();
    }

    private static RootCommand Build(TextWriter output, TextWriter error)
    {
        var data = new Option<DirectoryInfo?>("--data") { Description = "The data folder; by default data/ of the repository." };
        Command Make(string name, string says, Func<string, TextWriter, int> action)
        {
            var command = new Command(name, says) { data };
            command.SetAction(result => Guarded(error, () => action(result.GetValue(data)?.FullName ?? DataFolder.OfRepository(), output)));
            return command;
        }

        return new RootCommand("Makes the data of CudaCompat of what its sources say.")
        {
            RefreshCommand.Make(output, error),
            Make("build", "Makes the data folder of what its said/ and curated/ hold.", BuildData),
            Make("verify", "Makes the data in memory and compares it with the data folder, byte for byte.", Verify),
            Make("check", "Tests the invariants of a data folder.", Check),
            Make("status", "Tells the age of what each source says, oldest first.", Status),
            Make("images", "Writes matrix.bin, install.bin and advisories.bin, which the library carries, from the JSON files of a data folder.", Images),
        };
    }

    private static int BuildData(string folder, TextWriter output)
    {
        var built = DataBuild.Of(folder);
        DataFolder.Replace(folder, built.Files);
        output.WriteLine($"{built.Files.Count} files of {built.Facts.Sources.Count} sources, version {built.DataVersion}.");
        return Done;
    }

    private static int Verify(string folder, TextWriter output)
    {
        var result = DataBuild.Of(folder);
        var differences = DataFolder.Compare(folder, result.Files);
        foreach (var difference in differences)
            output.WriteLine(difference);
        output.WriteLine(differences.Count == 0
            ? $"the data is what its sources say: {result.Files.Count} files, version {result.DataVersion}."
            : $"{differences.Count} of {result.Files.Count} files differ.");
        return differences.Count == 0 ? Done : Differs;
    }

    private static int Check(string folder, TextWriter output)
    {
        var curated = Curated(folder);
        var sources = DataFile.Read(ReportFiles.SourcesName, File.ReadAllBytes(Path.Combine(folder, ReportFiles.SourcesName)), MatrixJson.Readable.SourceRow);
        var violations = Invariant.Violations(new CheckedData(FactStore.Load(folder), sources, LiveCommand.KnownHosts(curated)));
        foreach (var violation in violations)
            output.WriteLine(violation);
        var alarms = new DataBuild(curated).Facts(SaidFile.Load(folder, curated)).Alarms.ToList();
        foreach (var alarm in alarms)
            output.WriteLine(alarm);
        output.WriteLine(violations.Count + alarms.Count == 0 ? $"{Invariant.All.Count} invariants hold." : $"{violations.Count} rows break an invariant, {alarms.Count} contradict each other.");
        return violations.Count + alarms.Count == 0 ? Done : Differs;
    }

    private static int Images(string folder, TextWriter output)
    {
        foreach (var (name, bytes) in ImageFiles.Of(name => ImageFiles.Read(folder, name)))
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            output.WriteLine($"{name}: {bytes.Length} bytes");
        }

        return Done;
    }

    private static int Status(string folder, TextWriter output)
    {
        var curated = Curated(folder);
        StatusReport.Write(LiveSources.Load(curated), SaidFile.Load(folder, curated), DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), output);
        return Done;
    }

    private static string Curated(string folder) => DataFolder.CuratedBeside(folder) ?? throw new DirectoryNotFoundException("there is no folder of curated rows.");

    /// <summary>Runs an action; what is wrong with the input becomes a message and exit code 2.</summary>
    internal static int Guarded(TextWriter error, Func<int> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is SourceFormatException or DataFormatException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(e.Message);
            return BadInput;
        }
    }
}
