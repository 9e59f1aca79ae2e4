using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Said;

/// <summary>Merges what the files of data/said/ say into what is known: facts are added and corrected, newer words win, and a hash or date that differs stays as it was.</summary>
internal sealed class SaidRows : ISubject
{
    /// <inheritdoc/>
    public string Name => "what sources say";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        if (sources.Home is not { } home)
            return;
        var sets = facts.Sets.ToDictionary(s => s.Subject, StringComparer.Ordinal);
        foreach (var file in SaidFile.Load(home))
        {
            sources.Name(file.Source);
            foreach (var (subject, row) in file.Rows)
            {
                if (!sets.TryGetValue(subject, out var set))
                    throw new SourceFormatException(SaidFile.Folder + "/" + file.Name, subject, "there is no such file of data.");
                set.Say(row, SaidFile.Folder + "/" + file.Name);
            }
        }

        ArchListChoice.Settle(facts);
    }
}
