using CudaCompat.Data.Writing;

namespace CudaCompat.Data.Refresh;

/// <summary>Every fact found so far, one <see cref="RowSet{T}"/> a file of data/.</summary>
internal sealed partial class FactStore
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<IRowSet> Sets => [.. NvidiaSets, .. PyTorchSets];

    /// <summary>Reads the facts of a folder in the shape of data/; a file that is not there has no rows.</summary>
    public static FactStore Load(string folder)
    {
        var facts = new FactStore();
        foreach (var set in facts.Sets)
        {
            var path = Path.Combine(folder, set.Subject + DataFolder.Ending);
            if (File.Exists(path))
                set.Load(File.ReadAllBytes(path));
        }

        return facts;
    }

    /// <summary>The set of a subject.</summary>
    public IRowSet this[string subject] => Sets.First(s => s.Subject == subject);
}
