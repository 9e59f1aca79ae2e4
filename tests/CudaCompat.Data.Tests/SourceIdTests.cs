using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Tests;

public class SourceIdTests
{
    [Fact]
    public void Union_PublicSource_DrivesTheUnpublishedOut()
    {
        SourceIds.Union([SourceIds.Unpublished], ["nvidia/gpus"]).Should().Equal("nvidia/gpus");
        SourceIds.Union([SourceIds.Unpublished], []).Should().Equal(SourceIds.Unpublished);
    }
}
