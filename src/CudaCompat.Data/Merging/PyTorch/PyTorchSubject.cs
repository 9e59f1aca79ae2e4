using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>Makes the files that PyTorch's documents give. Each step reads its documents and builds on the steps before.</summary>
internal sealed class PyTorchSubject : ISubject
{
    /// <inheritdoc/>
    public string Name => "PyTorch";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        var work = new PyTorchWork(sources, facts);
        DefaultBuilds.Read(work);
        StatedCommands.Read(work);
        CompanionPairs.Read(work);
        var listed = CondaListing.Read(work);
        PipCompletion.Read(work, PipBuilds.Read(work));
        CondaBuilds.Complete(work, listed);
        CondaForgeBuilds.Read(work);
        DefaultBuilds.Mark(work);
        Requirements.Read(work);
        CompanionChoice.Write(work);
        ArchLists.Read(work);
        CrossChecks.Read(work);
        foreach (var draft in work.Builds.All)
            facts.Builds.Add(draft.ToRow());
    }
}
