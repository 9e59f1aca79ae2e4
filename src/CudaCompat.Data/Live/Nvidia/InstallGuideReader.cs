using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Live.Nvidia;

/// <summary>An installation guide: the host compilers of its toolkit. A range that differs from the known one is kept as data, not used, for people to decide.</summary>
internal sealed class InstallGuideReader : ILiveReader
{
    private const int MostNewMajors = 3;

    /// <inheritdoc/>
    public string Name => "install-guide";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.GetAsync(work.Source.Url("list"), cancellation);
        var toolkit = HostCompilerTables.Edition(file.Path, file.Text);
        foreach (var compiler in HostCompilerTables.Parse(file.Path, HtmlGrid.Of(file.Text)))
        {
            var row = new HostCompilerRow(toolkit, compiler.Os, compiler.Compiler, compiler.Min, compiler.Max, compiler.Below, true, [file.Id]);
            if (work.Known.HostCompilers.Same(row) is null && work.Known.HostCompilers.Rows.FirstOrDefault(r => r.Used && r.Toolkit == toolkit && r.Os == row.Os && r.Compiler == row.Compiler) is { } used)
                row = row with { Used = false, Note = $"{used.Min} to {(used.Max is { } max ? $"{max}" : $"below {used.Below}")} is used" };
            CheckStep(work, file, row);
            work.Fresh.HostCompilers.Add(row);
        }
    }

    // A toolkit takes the compilers of the one before, and those that came since: a range that falls or leaps is another compiler's.
    private static void CheckStep(LiveWork work, SourceFile file, HostCompilerRow row)
    {
        var before = work.Known.HostCompilers.Rows.Where(r => r.Used && r.Os == row.Os && r.Compiler == row.Compiler && r.Toolkit.MajorMinor <= row.Toolkit && (r.Max ?? r.Below) is not null).MaxBy(r => r.Toolkit);
        if (before is null)
            return;
        var (last, now) = ((before.Max ?? before.Below)!.Value, (row.Max ?? row.Below)!.Value);
        // "below 22" and "up to 22" are a step apart.
        if (now.Major < last.Major - (row.Max is null ? 0 : 1) || now.Major > last.Major + MostNewMajors || (row.Max is null && before.Max is null && now < last))
            throw file.Error(row.Compiler, $"up to {now}, but CUDA {before.Toolkit} took up to {last}: the table changed shape.");
    }
}
