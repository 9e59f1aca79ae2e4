using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Writing;

/// <summary>Says, source by source, that rows in = rows used + rows rejected.</summary>
internal static class RefreshReport
{
    /// <summary>One line a source, then the sum.</summary>
    public static void Write(RefreshResult result, TextWriter output)
    {
        int read = 0, used = 0, rejected = 0;
        foreach (var source in result.Sources)
        {
            var (all, good, bad) = Count(source);
            output.WriteLine($"{source.Id}: {all} rows = {good} used + {bad} rejected");
            (read, used, rejected) = (read + all, used + good, rejected + bad);
        }

        output.WriteLine($"{result.Sources.Count} sources: {read} rows = {used} used + {rejected} rejected; {result.Files.Count} files, data version {result.DataVersion}");
    }

    internal static (int All, int Used, int Rejected) Count(SourceFile source) =>
        (source.Records.Count, source.Records.Count(r => r.IsUsed), source.Records.Count(r => r.Rejection is not null));
}
