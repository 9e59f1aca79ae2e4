using System.CommandLine;
using CudaCompat.Data.History;
using CudaCompat.Data.Invariants;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Report;
using CudaCompat.Data.Said;
using CudaCompat.Data.Sources;
using CudaCompat.Data.Writing;
using CudaCompat.Matrix;

namespace CudaCompat.Data.Commands;

/// <summary>
/// The data console: <c>refresh</c> learns from the live web; <c>build</c> makes data/ of data/said/, data/curated/ and data/history/; <c>verify</c> proves that it
/// is what they give; <c>check</c> tests the invariants; <c>status</c> tells the age of the live sources;
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

        var build = new Command("build", "Makes the data folder of what its said/, curated/ and history/ hold.") { data };
        build.SetAction(result => Guarded(error, () => Make(result.GetValue(data)?.FullName ?? DataFolder.OfRepository(), output)));

        var verify = new Command("verify", "Makes the data in memory and compares it with the data folder, byte for byte.") { data };
        verify.SetAction(result => Guarded(error, () => Verify(result.GetValue(data)?.FullName ?? DataFolder.OfRepository(), output)));

        var check = new Command("check", "Tests the invariants of a data folder.") { data };
        check.SetAction(result => Guarded(error, () => Check(result.GetValue(data)?.FullName ?? DataFolder.OfRepository(), output)));

        var status = new Command("status", "Tells the age of every live source, stale ones first.") { data };
        status.SetAction(result => Guarded(error, () => Status(result.GetValue(data)?.FullName ?? DataFolder.OfRepository(), output)));

        var images = new Command("images", "Writes matrix.bin, install.bin and advisories.bin, which the library carries, from the JSON files of a data folder.") { data };
        images.SetAction(result => Guarded(error, () => Images(result.GetValue(data)?.FullName ?? DataFolder.OfRepository(), output)));

        return new RootCommand("Makes the data of CudaCompat of what its sources say.") { RefreshCommand.Make(output, error), build, verify, check, status, images };
    }

    private static int Make(string folder, TextWriter output)
    {
        var built = DataBuild.Of(folder);
        DataFolder.Replace(folder, built.Files);
        output.WriteLine($"{built.Files.Count} files of {built.Sources.Count} sources, version {built.DataVersion}.");
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
        var curated = DataFolder.CuratedBeside(folder) ?? throw new DirectoryNotFoundException("there is no folder of curated rows.");
        var sources = DataFile.Read(ReportFiles.SourcesName, File.ReadAllBytes(Path.Combine(folder, ReportFiles.SourcesName)), MatrixJson.Readable.SourceRow);
        var violations = Invariant.Violations(new CheckedData(FactStore.Load(folder), sources, LiveCommand.KnownHosts(curated)));
        foreach (var violation in violations)
            output.WriteLine(violation);
        output.WriteLine(violations.Count == 0 ? $"{Invariant.All.Count} invariants hold." : $"{violations.Count} rows break an invariant.");
        return violations.Count == 0 ? Done : Differs;
    }

    private static int Images(string folder, TextWriter output)
    {
        foreach (var (name, bytes) in ImageFiles.Of(folder))
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            output.WriteLine($"{name}: {bytes.Length} bytes");
        }

        return Done;
    }

    private static int Status(string folder, TextWriter output)
    {
        var curated = DataFolder.CuratedBeside(folder) ?? throw new DirectoryNotFoundException("there is no folder of curated rows.");
        StatusReport.Write(LiveSources.Load(curated), LearnedFacts.Load(folder), DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), output);
        return Done;
    }

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
