using System.Collections.Frozen;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>The branches of drivers: their kind, how long they live, and which Linux kernel modules they have.</summary>
internal sealed class DriverBranches
{
    private readonly Lazy<FrozenDictionary<int, DriverBranchRow>> _rows;
    private readonly Lazy<DriverBranchRow?> _firstOpenOnly;

    public DriverBranches(MatrixData data)
    {
        _rows = new(() => data.DriverBranches.ToFrozenDictionary(r => r.Branch));
        _firstOpenOnly = new(() => data.DriverBranches.Where(r => r.OpenModuleOnly == true).MinBy(r => r.Branch));
    }

    /// <summary>What is known of a branch, or null.</summary>
    public DriverBranchRow? Find(int branch) => _rows.Value.GetValueOrDefault(branch);

    /// <summary>The row that says that a driver comes without the proprietary Linux kernel module, or null: from the first such branch on none has it.</summary>
    public DriverBranchRow? OpenModuleOnly(DriverVersion driver) =>
        Find(driver.Branch) is { OpenModuleOnly: true } own ? own : _firstOpenOnly.Value is { } first && driver.Branch >= first.Branch ? first : null;
}
