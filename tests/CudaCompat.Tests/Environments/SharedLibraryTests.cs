using System.Runtime.InteropServices;
using CudaCompat.Binaries;
using CudaCompat.Environments.Libraries;

namespace CudaCompat.Tests.Environments;

/// <summary>ELF and PE files, read without loading them.</summary>
public sealed class SharedLibraryTests
{
    [Fact]
    public void RealLibraryOfTheRuntime_NamesWhatItNeeds()
    {
        var name = OperatingSystem.IsWindows() ? "coreclr.dll" : OperatingSystem.IsLinux() ? "libcoreclr.so" : null;
        if (name is null)
            return;
        var library = SharedLibrary.Read(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), name))!;
        library.Machine.Should().Be(RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "aarch64" : "x86_64");
        library.Needed.Should().Contain(n => n.StartsWith(OperatingSystem.IsWindows() ? "KERNEL32" : "libc.so", StringComparison.OrdinalIgnoreCase));
        library.IsCut.Should().BeFalse();
        library.KnowsItsEnd.Should().BeTrue();
    }

    [Fact]
    public void RealLibraryCutShort_IsSeenByItsOwnHeaders()
    {
        var name = OperatingSystem.IsWindows() ? "coreclr.dll" : OperatingSystem.IsLinux() ? "libcoreclr.so" : null;
        if (name is null)
            return;
        using var tree = new EnvironmentTree();
        var cut = Path.Combine(tree.Root, "cut");
        var bytes = File.ReadAllBytes(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), name));
        File.WriteAllBytes(cut, bytes[..(bytes.Length / 2)]);
        SharedLibrary.Read(cut)!.IsCut.Should().BeTrue();
    }

    [Fact]
    public void DynamicSection_IsReadWhole()
    {
        using var tree = new EnvironmentTree();
        tree.Library("a.so", "liba.so.1", ["libb.so.2", "libc.so.6"], rpath: "$ORIGIN/x", runpath: "/y", size: 5_000_000);
        var library = SharedLibrary.Read(Path.Combine(tree.Site, "a.so"))!;
        library.Should().BeEquivalentTo(new { Name = "liba.so.1", Machine = "x86_64", Rpath = "$ORIGIN/x", Runpath = "/y" });
        library.Needed.Should().Equal("libb.so.2", "libc.so.6");
    }

    [Fact]
    public void ImportsOfADll_AreRead()
    {
        using var tree = new EnvironmentTree(windows: true);
        tree.Dll("torch/lib/torch_cpu.dll", "c10.dll", "KERNEL32.dll");
        SharedLibrary.Read(Path.Combine(tree.Site, "torch/lib/torch_cpu.dll"))!.Needed.Should().Equal("c10.dll", "KERNEL32.dll");
    }

    [Fact]
    public void AnythingElse_IsNoLibrary()
    {
        using var tree = new EnvironmentTree();
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = i % 2 == 0 ? EnvironmentTree.Elf("a", ["b", "c"], "d") : EnvironmentTree.Pe(["a.dll", "b.dll"]);
            for (var change = random.Next(1, 12); change > 0; change--)
                bytes[random.Next(4, bytes.Length)] = (byte)random.Next(256);
            var file = Path.Combine(tree.Root, "mutated");
            File.WriteAllBytes(file, bytes[..random.Next(bytes.Length)]);
            var read = () => SharedLibrary.Read(file);
            read.Should().NotThrow();
        }

        tree.Text("empty", "").Text("text", "hello");
        SharedLibrary.Read(Path.Combine(tree.Root, "empty")).Should().BeNull();
        SharedLibrary.Read(Path.Combine(tree.Root, "text")).Should().BeNull();
    }
}
