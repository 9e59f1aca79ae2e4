using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Refresh;

/// <content>The files whose facts come from PyTorch.</content>
internal sealed partial class FactStore
{
    public RowSet<BuildRow> Builds { get; } =
        new("builds", Json.BuildRow, r => (r.Package, r.Version, r.Tag.ToString(), (int)r.Packaging, (int)r.Os, (int)r.Arch), r => r.Sources);

    // A file of the index's root ("") is not the one of the default package index (null), though both are written as nothing.
    public RowSet<BuildFileRow> BuildFiles { get; } =
        new("build-files", Json.BuildFileRow, r => (r.Package, r.Version, r.Tag.ToString(), (int)r.Packaging, r.Platform, r.Index is null ? "files" : "index", r.Index, r.FileName), r => r.Sources);

    public RowSet<ArchListRow> ArchLists { get; } =
        new("arch-lists", Json.ArchListRow, r => (r.Torch, r.Tag, (int)r.Packaging, (int)r.Os, (int)r.Arch, !r.Used, (r.How, r.Evidence)), r => r.Sources);

    public RowSet<RequirementRow> Requirements { get; } =
        new("requirements", Json.RequirementRow, r => (r.Torch, r.Tag.ToString(), r.Requirement, r.Version, r.How, r.Marker, r.Evidence), r => r.Sources);

    public RowSet<CompanionRow> Companions { get; } =
        new("companions", Json.CompanionRow, r => (r.Torch, r.Package, r.Version, r.Packaging.ToString(), r.How), r => r.Sources);

    public RowSet<DefaultBuildRow> DefaultBuilds { get; } =
        new("default-builds", Json.DefaultBuildRow, r => (r.From, r.To, (int)r.Os, (int)r.Arch, r.Where), r => r.Sources);

    public RowSet<InstallCommandRow> InstallCommands { get; } =
        new("install-commands", Json.InstallCommandRow, r => (r.Torch, (int)r.Packaging, r.Os, r.Heading, r.Command), r => r.Sources);

    public RowSet<TorchReleaseRow> TorchReleases { get; } = new("torch-releases", Json.TorchReleaseRow, r => ValueTuple.Create(r.Version), r => r.Sources);

    public RowSet<CompanionRuleRow> CompanionRules { get; } = new("companion-rules", Json.CompanionRuleRow, r => (r.Package, r.From), r => r.Sources);

    private IEnumerable<IRowSet> PyTorchSets =>
        [Builds, BuildFiles, ArchLists, Requirements, Companions, DefaultBuilds, InstallCommands, TorchReleases, CompanionRules];
}
