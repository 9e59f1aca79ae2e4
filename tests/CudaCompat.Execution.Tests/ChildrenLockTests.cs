using CudaCompat.Processes;

namespace CudaCompat.Execution.Tests;

public sealed class ChildrenLockTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Dispose_Twice_ClosesNobodyElsesFile()
    {
        File.WriteAllText(_scratch["file"], "content");
        for (var i = 0; i < 20; i++)
        {
            var held = ChildrenLock.TryTake(_scratch["lock"])!;
            held.Dispose();
            // The next file that is opened gets the number that has just become free.
            using var stream = File.OpenRead(_scratch["file"]);
            held.Dispose();
            stream.ReadByte().Should().Be('c');
        }
    }
}
