using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>Which forward-compatibility package serves which driver branch: one edition of NVIDIA's table, and the harvested copy, which must agree.</summary>
internal sealed class ForwardCompatibility : ISubject
{
    private const string Page = "nvidia/docs/cuda-compatibility.forward-compatibility.r615.txt";

    /// <inheritdoc/>
    public string Name => "forward compatibility";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        var file = sources.Open(Page, nameof(ForwardCompatTable), "page");
        foreach (var cell in ForwardCompatTable.Parse(file.Path, file.Text))
        {
            var record = file.Record(TextLines.Place(cell.Line), $"{cell.Cuda} on {cell.Branch}", cell);
            facts.ForwardCompat.Add(new ForwardCompatRow(cell.Cuda, cell.Branch, cell.BranchCuda, cell.Status, [file.Id]));
            record.Use();
        }

        foreach (var row in sources.Table("nvidia/forward_compat.tsv", "package driver_branch", "package", "driver_branch", "driver_branch_cuda", "status", "evidence"))
        {
            var cuda = ForwardCompatTable.Package(row.Required("package")) ?? throw row.Error($"'{row["package"]}' is no package of this table.");
            var branch = (int)(row.Number("driver_branch") ?? throw row.Error("no branch."));
            var status = row.Required("status").Replace('_', '-').Replace("N/A", "not-applicable", StringComparison.Ordinal);
            var fact = new ForwardCompatRow(cuda, branch, row.Optional<CudaVersion>("driver_branch_cuda"), status, [row.File.Id]);
            if (facts.ForwardCompat.Same(fact) is not { } known)
                facts.ForwardCompat.Add(fact);
            else if (known.Status != status)
                throw row.Error($"'{status}', the page says '{known.Status}'.");
            else
                facts.ForwardCompat.Replace(known with { Sources = Evidence.Union(known.Sources, fact.Sources) });
            row.Use();
        }
    }
}
