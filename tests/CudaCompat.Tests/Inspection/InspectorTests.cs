using System.Runtime.InteropServices;
using CudaCompat.Binaries;
using CudaCompat.Inspection;
using CudaCompat.Machines;

namespace CudaCompat.Tests.Inspection;

/// <summary>What a binary needs, read from itself.</summary>
public sealed class InspectorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cudacompat-inspect-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fatbin_OfNvidiasOwnTool_IsReadAsThatToolPrintsIt(bool packed)
    {
        var file = Read(BinarySamples.Elf(["libcudart.so.11.0", "libc.so.6"], packed ? BinarySamples.Lz4Fatbin : BinarySamples.PlainFatbin));
        file.Fatbins.Should().Be(1);
        Codes(file).Should().Equal("ptx 8.0 1", "sass 7.5 1", "sass 8.0 1");
        file.Should().BeEquivalentTo(new { OperatingSystem = OperatingSystemFamily.Linux, Architecture = CpuArchitecture.X64, IsCut = false });
        file.Cuda.ToString().Should().Be("11.8", "the cubins say so");
        file.PtxIsa.ToString().Should().Be("7.8");
        file.Compression.Should().Equal("lz4");
        file.Imports.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Library = "cudart", File = "libcudart.so.11.0", Major = 11 });
    }

    [Theory]
    [InlineData("sm_120a", "12.0a")]
    [InlineData("sm_120f", "12.0f")]
    [InlineData("sm_120", "12.0")]
    [InlineData("sm_90a", "9.0a")]
    public void Target_OfPackedCode_IsWhatTheCodeItselfSays(string target, string expected)
    {
        var file = Read(BinarySamples.Elf([], BinarySamples.Container(BinarySamples.Cubin(target), BinarySamples.Ptx(target))));
        Codes(file).Should().Equal($"ptx {expected} 1", $"sass {expected} 1");
        file.Compression.Should().Equal("zstd");
        file.Cuda.ToString().Should().Be("13.0");
    }

    [Fact]
    public void Target_OfCodeThatCannotBeUnpacked_IsWhatItsMarkSays()
    {
        var entry = BinarySamples.Cubin("sm_90a", flags: 0x100011);
        entry.AsSpan(64, 8).Clear(); // no frame of zstd any more
        Codes(Read(BinarySamples.Elf([], BinarySamples.Container(entry)))).Should().Equal("sass 9.0a 1");
    }

    [Fact]
    public void Coverage_IsJudgedContainerByContainer()
    {
        // As onnxruntime is built: PTX in a few, kernels for new cards alone in others, everything else for all.
        var everything = BinarySamples.Container(BinarySamples.Cubin("sm_75"), BinarySamples.Cubin("sm_80"), BinarySamples.Cubin("sm_120a"));
        var newCards = BinarySamples.Container(BinarySamples.Cubin("sm_80"), BinarySamples.Cubin("sm_120a"));
        var withPtx = BinarySamples.Container(BinarySamples.Cubin("sm_75"), BinarySamples.Cubin("sm_80"), BinarySamples.Cubin("sm_120a"), BinarySamples.Ptx("sm_120"));
        var report = Inspect("a.so", BinarySamples.Elf(["libcudart.so.13"], everything, everything, newCards, newCards, newCards, withPtx));
        Codes(report.Files[0]).Should().Equal("ptx 12.0 1", "sass 7.5 3", "sass 8.0 6", "sass 12.0a 6");
        var candidate = report.Candidates.Should().ContainSingle().Subject;
        candidate.Sass!.Select(c => c.ToString()).Should().Equal("7.5", "8.0", "12.0a");
        candidate.Ptx.Should().BeEmpty("it is in one of six");
        candidate.Compression.Should().Be("zstd");
    }

    [Fact]
    public void Coverage_OfOneKernelForASpecialTarget_DoesNotNarrowTheRest()
    {
        var usual = BinarySamples.Container(BinarySamples.Cubin("sm_80"), BinarySamples.Cubin("sm_90"), BinarySamples.Ptx("sm_90"));
        var special = BinarySamples.Container(BinarySamples.Cubin("sm_100a"));
        var report = Inspect("a.so", BinarySamples.Elf([], [.. Enumerable.Repeat(usual, 8), special]));
        report.Candidates[0].Sass!.Select(c => c.ToString()).Should().Equal("8.0", "9.0");
        report.Candidates[0].Ptx!.Select(c => c.ToString()).Should().Equal("9.0");
    }

    [Fact]
    public void Package_GivesACandidateForEachPlatform_AndWhatItBringsAlong()
    {
        var linux = BinarySamples.Elf(["libcudart.so.12", "libcudnn.so.9"], BinarySamples.Container(BinarySamples.Cubin("sm_80")));
        var windows = BinarySamples.Pe(["cublas64_13.dll", "KERNEL32.dll"], BinarySamples.Container(BinarySamples.Cubin("sm_75")));
        var cudnn = BinarySamples.Elf([], BinarySamples.Container(BinarySamples.Cubin("sm_50")));
        var path = Write("some.nupkg", BinarySamples.Zip(
            ("runtimes/linux-x64/native/libmine.so", linux), ("runtimes/linux-x64/native/libcudnn.so.9.5.1", cudnn), ("runtimes/win-x64/native/mine.dll", windows), ("readme.txt", [1, 2, 3])));
        var report = Inspector.Inspect(path);
        report.Files.Select(f => f.Path).Should().Equal("runtimes/linux-x64/native/libmine.so", "runtimes/win-x64/native/mine.dll");
        report.Bundled.Select(b => (b.Library, b.Version, b.File)).Should().Equal(("cudnn", "9.5.1", "runtimes/linux-x64/native/libcudnn.so.9.5.1"));
        report.Candidates.Select(c => $"{c.Name} {c.Cuda} {string.Join('/', c.Sass!)} {c.Cudnn}").Should()
            .Equal("some.nupkg linux x86_64 12 8.0 9.5.1", "some.nupkg windows x86_64 13.0 7.5 ");
        Directory.GetFiles(Path.GetTempPath(), "cudacompat-????????????????????????????????").Should().BeEmpty("what is unpacked is gone again");
    }

    [Fact]
    public void Folder_IsReadAsAWhole()
    {
        Write("lib/a.so", BinarySamples.Elf(["libcublas.so.12"], BinarySamples.Container(BinarySamples.Cubin("sm_80"), BinarySamples.Ptx("sm_80"))));
        Write("lib/b.so", BinarySamples.Elf([], BinarySamples.Container(BinarySamples.Ptx("sm_70"))));
        Write("notes.txt", [1]);
        var candidate = Inspector.Inspect(_folder).Candidates.Should().ContainSingle().Subject;
        candidate.Sass!.Select(c => c.ToString()).Should().Equal(["8.0"], "b serves it by PTX");
        candidate.Ptx!.Select(c => c.ToString()).Should().Equal("8.0");
    }

    [Fact]
    public void Candidate_OfAProgramWithoutCodeOfItsOwn_LeavesTheListsOpen()
    {
        var candidate = Inspect("a.so", BinarySamples.Elf(["libcudart.so.12"])).Candidates[0];
        candidate.Should().BeEquivalentTo(new { Sass = (object?)null, Ptx = (object?)null });
        Inspect("b.so", BinarySamples.Elf(["libc.so.6"])).Candidates[0].Cuda.Should().BeNull();
    }

    [Fact]
    public void RealLibraryOfTheRuntime_SaysItsGlibc()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var report = Inspector.Inspect(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libcoreclr.so"));
        report.Candidates.Should().ContainSingle().Which.Glibc!.Value.Should().BeGreaterThanOrEqualTo(Versions.DottedVersion.Parse("2.2.5"));
        report.Files[0].Fatbins.Should().Be(0);
    }

    [Theory]
    [InlineData("libcudart.so.12", "cudart", 12)]
    [InlineData("cudart64_110.dll", "cudart", 11)]
    [InlineData("libcudart.so.11.0", "cudart", 11)]
    [InlineData("cublasLt64_13.dll", "cublasLt", 13)]
    [InlineData("nvrtc64_120_0.dll", "nvrtc", 12)]
    [InlineData("libnvJitLink.so.12", "nvJitLink", 12)]
    [InlineData("cudnn_ops_infer64_8.dll", "cudnn", 8)]
    [InlineData("libcudnn_engines_precompiled.so.9", "cudnn", 9)]
    [InlineData("nvcuda.dll", "driver", null)]
    [InlineData("libcuda.so.1", "driver", 1)]
    [InlineData("libcudaish.so.1", null, null)]
    [InlineData("libtorch_cuda.so", null, null)]
    public void NameOfALibrary_SaysWhichAndForWhichCuda(string file, string? library, int? major)
    {
        var found = CudaLibraryNames.Of(file);
        (found?.Library, found?.Major).Should().Be((library, major));
    }

    [Fact]
    public void AnythingElse_IsRefusedInWords()
    {
        foreach (var path in (string[])[Write("text", "hello"u8.ToArray()), Path.Combine(_folder, "not-there"), Write("empty.zip", BinarySamples.Zip()), Write("broken.zip", [(byte)'P', (byte)'K', 3, 4, 9, 9])])
            FluentActions.Invoking(() => Inspector.Inspect(path)).Should().Throw<InspectionException>().WithMessage($"*{Path.GetFileName(path)}*");
    }

    [Fact]
    public void FileThatEndsInsideOfAContainer_IsSaidToBeCut()
    {
        var whole = BinarySamples.Elf([], BinarySamples.Container(BinarySamples.Cubin("sm_80"), BinarySamples.Cubin("sm_90", zstd: false)));
        var report = Inspect("a.so", whole[..^100]);
        report.Files[0].IsCut.Should().BeTrue();
        report.Notes.Should().ContainSingle().Which.Should().Contain("a.so ends before");
    }

    private static InspectedFile Read(byte[] bytes) => FileInspector.Read(new MemorySource(bytes), "file")!;

    private static IEnumerable<string> Codes(InspectedFile file) => file.Code.Select(c => $"{c.Kind} {c.Target} {c.Fatbins}");

    private InspectionReport Inspect(string name, byte[] bytes) => Inspector.Inspect(Write(name, bytes));

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
