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

    /// <summary>The same rows, to be added to.</summary>
    public FactStore Copy()
    {
        var copy = new FactStore();
        foreach (var (from, to) in Sets.Zip(copy.Sets))
            to.Take(from);
        return copy;
    }

    /// <summary>The set of a subject.</summary>
    public IRowSet this[string subject] => Sets.First(s => s.Subject == subject);
}
