using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>
/// Proves captured manifests against the SHA-256 that two public build systems pin.
/// Directory listings are counted: what they name is known from the manifests themselves.
/// </summary>
internal sealed class ManifestPins : ISubject
{
    /// <inheritdoc/>
    public string Name => "pinned manifests";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        var captured = sources.Opened.Where(f => f.Provenance.Url is not null && f.Kind == "manifest").ToLookup(f => f.Provenance.Url!);
        foreach (var row in sources.Table("nvidia/redist/pinned_manifest_sha256.tsv", "url", "url", "sha256", "evidence"))
        {
            if (captured[row.Required("url")].FirstOrDefault() is not { } file)
                row.Reject("this manifest is not captured");
            else if (file.Sha256 != row.Required("sha256"))
                row.Reject($"the capture has other bytes (sha256 {file.Sha256})");
            else
                row.Use();
        }

        foreach (var row in sources.Table("nvidia/download_index.tsv", "", "directory", "name", "size_as_printed", "modified", "evidence"))
            row.Reject("a name in a directory listing; the manifests and tables hold the facts");
    }
}
