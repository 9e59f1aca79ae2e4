using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Live.Nvidia;

/// <summary>An installation guide: the host compilers of its toolkit. A range that differs from the known one is kept as data, not used, for people to decide.</summary>
internal sealed class InstallGuideReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "install-guide";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.GetAsync(work.Source.Url("list"), nameof(HostCompilerTables), "page", cancellation);
        var toolkit = HostCompilerTables.Edition(file.Path, file.Text);
        foreach (var compiler in HostCompilerTables.Parse(file.Path, HtmlGrid.Of(file.Text)))
        {
            file.Record(compiler.Compiler, $"{toolkit} {compiler.Compiler}", compiler).Use();
            var row = new HostCompilerRow(toolkit, compiler.Os, compiler.Compiler, compiler.Min, compiler.Max, compiler.Below, true, [file.Id]);
            if (work.Known.HostCompilers.Same(row) is null && work.Known.HostCompilers.Rows.FirstOrDefault(r => r.Used && r.Toolkit == toolkit && r.Os == row.Os && r.Compiler == row.Compiler) is { } used)
                row = row with { Used = false, Note = $"{used.Min} to {(used.Max is { } max ? $"{max}" : $"below {used.Below}")} is used" };
            work.Fresh.HostCompilers.Add(row);
        }
    }
}
