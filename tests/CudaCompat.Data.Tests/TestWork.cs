using System.Text;
using CudaCompat.Data.Fetching;
using CudaCompat.Data.Live;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Sources;

namespace CudaCompat.Data.Tests;

/// <summary>A reading of a source that asks nobody, for the parsers alone.</summary>
internal static class TestWork
{
    public static LiveWork Make() => new(new LiveSource("test", "a test", "none", [], 1, "torch"), new Nobody(), new FactStore(), new FactStore(), null, "", acceptLoss: false);

    public static SourceFile File(string path, string text) => new(path, "test", "https://example.org/whl/torch/", Encoding.UTF8.GetBytes(text));

    private sealed class Nobody : IDocuments
    {
        public Task<FetchedDocument> GetAsync(DocumentRequest request, CancellationToken cancellation) => throw new FetchException(request.Url, "there is nobody to ask.");
    }
}
