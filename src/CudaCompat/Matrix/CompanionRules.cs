using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>What torchvision and torchaudio state of the torch they go with, in their own metadata.</summary>
internal sealed class CompanionRules(MatrixData data)
{
    private readonly Lazy<ILookup<string, CompanionRuleRow>> _rows = new(() => data.CompanionRules.ToLookup(r => r.Package, StringComparer.Ordinal));

    /// <summary>What a release states, maybe nothing; null where its metadata was not read.</summary>
    public CompanionRuleRow? Stated(string package, PackageVersion version) =>
        _rows.Value[package].FirstOrDefault(r => r.From.CompareTo(version) <= 0 && (r.To is not { } last || version.CompareTo(last) <= 0));
}
