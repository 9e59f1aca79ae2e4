using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;
using CudaCompat.Resolution.Answers;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Resolution;

/// <summary>Sentences for facts that the data does not have now: a refresh may bring them.</summary>
public sealed class RareSentenceTests
{
    private static readonly CudaVersion Cuda = CudaVersion.Parse("12.8");
    private static readonly GpuFacts Gpu = new(0, "GPU 0", ComputeCapability.Parse("8.6"), [], null, -1, null, null);
    private static readonly TorchBuild Build = CompatibilityMatrix.Embedded.Builds.Find(PackageVersion.Parse("2.8.0"), CudaTag.Parse("cu128"), Packaging.Pip, OperatingSystemFamily.Linux, CpuArchitecture.X64)!;

    private static readonly (Cause Cause, string Sentence)[] Table =
    [
        (new PythonUnsupported { Subject = "torch 9", Python = PythonVersion.Parse("3.8"), Supported = [] }, "torch 9 has no package for Python 3.8."),
        (new PythonUnsupported { Subject = "torch 9", Python = PythonVersion.Parse("3.4"), Supported = [.. Enumerable.Range(5, 10).Select(minor => new PythonVersion(3, minor))] }, "torch 9 has no package for Python 3.4; it has them for 3.5, … (8 more), 3.14."),
        (new PythonUnsupported { Subject = "torch 9", Python = PythonVersion.Parse("3.4"), Supported = [.. Enumerable.Range(5, 8).Select(minor => new PythonVersion(3, minor))] }, "torch 9 has no package for Python 3.4; it has them for 3.5, 3.6, 3.7, 3.8, 3.9, 3.10, 3.11, 3.12."),
        (new DriverUnknown { Subject = "torch 9", Cuda = Cuda, Minimum = null, DriverOs = OperatingSystemFamily.Linux }, "The driver is not known. torch 9 needs one that runs CUDA 12.8."),
        (new DriverTooOld { Subject = "torch 9", Cuda = Cuda, Gap = new DriverGap(null, null, null, OperatingSystemFamily.Wsl) }, "torch 9 does not run with this driver: it needs one that runs CUDA 12.8."),
        (new DriverTooOld { Subject = "torch 9", Cuda = Cuda, Gap = new DriverGap(null, Cuda, DriverVersion.Parse("600.1"), OperatingSystemFamily.Wsl) }, "torch 9 does not run with a driver for CUDA 12.8: it needs 600.1 or newer on WSL."),
        (new ToolkitDriverTooOld { Subject = "toolkit", Toolkit = CudaVersion.Parse("12.8.1"), Gap = new DriverGap(null, null, null, OperatingSystemFamily.Linux) }, "CUDA toolkit 12.8.1 does not run with this driver: it needs one that runs CUDA 12.8."),
        (new DriverDropsGpu { Subject = "", Gpu = Gpu, Driver = DriverVersion.Parse("400.1"), FirstBranch = 450 }, "Driver 400.1 is older than GPU 0 (compute capability 8.6): branch 450 is the first that knows this architecture."),
        (new GpuUnknown { Subject = "", Name = new string('x', 80), Alternatives = [ComputeCapability.Parse("3.5")] }, $"The data does not know the GPU '{new string('x', 80)}': give its --compute-capability."),
        (new GpuUnknown { Subject = "", Name = new string('x', 81), Alternatives = [] }, $"The data does not know the GPU '{new string('x', 80)}…': give its --compute-capability."),
        (new PtxNeedsNewerDriver { Subject = "torch 9", Gpu = Gpu, Cuda = Cuda, ReportedCuda = CudaVersion.Parse("12.4"), Minimum = null }, "torch 9 would run on GPU 0 (compute capability 8.6) by PTX of CUDA 12.8 only, which a driver for CUDA 12.4 cannot compile."),
        (new PlatformNotCovered { Subject = "tegra", Platform = UncoveredPlatform.Jetson, Jetson = new JetsonRow("9.0", null, "15.0", null, null, null, null, [], null, []) }, "This machine is a Jetson (Tegra) module: the ordinary builds of PyTorch have no code for its GPU. With JetPack 9.0 (CUDA 15.0) take: NVIDIA's own wheels, or a Jetson container."),
        (new ToolkitGpuUnsupported { Subject = "", Toolkit = Cuda, Gpu = Gpu, First = null, Last = CudaVersion.Parse("11.8") }, "nvcc of CUDA toolkit 12.8 cannot target GPU 0 (compute capability 8.6): toolkits up to 11.8 can."),
        (Compiler(min: "6"), "nvcc of CUDA toolkit 12.8 does not accept gcc 5: it takes gcc 6 and newer."),
        (Compiler(max: "4"), "nvcc of CUDA toolkit 12.8 does not accept gcc 5: it takes gcc up to 4."),
        (Compiler(below: "5"), "nvcc of CUDA toolkit 12.8 does not accept gcc 5: it takes gcc below 5."),
        (new NoSuchBuild { Subject = "", Version = "9.0.0", Tag = CudaTag.Cpu, Packaging = Packaging.Pip, Os = OperatingSystemFamily.Wsl, Arch = CpuArchitecture.X64, OtherTags = [CudaTag.Parse("cu128")], Listing = new Listing("an index", "2026-11") }, "There is no pip build of torch 9.0.0 for the processor (cpu) for WSL x86_64 (an index of 2026-11 lists all); there are cu128."),
        (new CompanionMismatch("torchaudio") { Subject = "", Version = PackageVersion.Parse("2.8.0"), Build = Build, Partner = PackageVersion.Parse("2.8.1"), Why = Mismatched.NoBuild }, "torchaudio 2.8.0 pairs with torch 2.8.0, but it has no build for cu128 on this system; torchaudio 2.8.1 goes with it."),
        (new CompanionMismatch("torchaudio") { Subject = "", Version = PackageVersion.Parse("2.8.0"), Build = Build, Partner = PackageVersion.Parse("2.8.0"), Why = Mismatched.NoBuild }, "torchaudio 2.8.0 pairs with torch 2.8.0, but it has no build for cu128 on this system."),
        (new CompanionMismatch("torchvision") { Subject = "", Version = PackageVersion.Parse("0.1.0"), Build = Build, Partner = null, Why = Mismatched.Version }, "torchvision 0.1.0 does not go with torch 2.8.0+cu128; no torchvision for it exists."),
        (new LinuxDriverInWsl { Subject = "", Files = ["/a", "/b", "/c"] }, "Files of a Linux driver are inside WSL and hide the Windows driver: /a, /b, /c. Remove the nvidia driver packages in WSL."),
        (new LinuxDriverInWsl { Subject = "", Files = ["/a", "/b", "/c", "/d"] }, "Files of a Linux driver are inside WSL and hide the Windows driver: /a, /b, /c, …. Remove the nvidia driver packages in WSL."),
        (new CudnnShadowed { Subject = "", Cudnn = DottedVersion.Parse("9.1.0"), Bundled = DottedVersion.Parse("9.1.2"), Build = "torch 9", Severity = Severity.Warning }, "cuDNN 9.1.0, which the loader finds first, is older than the 9.1.2 that torch 9 was built with: torch may refuse to run with it."),
        (CompanionsUnlisted.Of("torchvision", null, Build), "No source lists the torchvision packages of pip, so whether one goes with torch 2.8.0+cu128 is not known."),
        (new PartnerUnknown("torchaudio") { Subject = "", Build = "torch 9" }, "No source says which torchaudio goes with torch 9."),
        (new PtxDisputed { Subject = "torch 9", Gpu = Gpu }, "torch 9 has no native code for GPU 0 (compute capability 8.6), and sources disagree whether it carries PTX that would serve it."),
        (new CompilerNotListed { Subject = "", Compiler = "msvc", Toolkit = Cuda }, "No source says which msvc nvcc of CUDA toolkit 12.8 accepts, so that was not checked."),
        (new Assumed("machine-assumption") { Subject = "", Text = "So it was read." }, "So it was read."),
    ];

    /// <summary>The causes of the table.</summary>
    internal static IEnumerable<Cause> Causes => Table.Select(row => row.Cause);

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Table.Length)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Cause_ThatNoMachineHasNow_IsToldInThisSentence(int row) => Table[row].Cause.English().Should().Be(Table[row].Sentence);

    [Fact]
    public void Chain_OfNothing_IsEmpty() => Explanation.Chain([]).Should().BeEmpty();

    [Fact]
    public void Chain_OfOneReasonTwice_TellsItOnce()
    {
        var cause = new NoNvidiaGpu { Subject = "machine" };
        Explanation.Chain([cause, cause]).Should().Be("Because no NVIDIA GPU was found: CUDA builds would run on the processor only, so a CPU build serves.");
    }

    private static HostCompilerUnsupported Compiler(string? min = null, string? max = null, string? below = null) => new()
    {
        Subject = "",
        Compiler = "gcc",
        Version = DottedVersion.Parse("5"),
        Toolkit = Cuda,
        Row = new HostCompilerRow(Cuda, OperatingSystemFamily.Linux, "gcc", Of(min), Of(max), Of(below), true, []),
    };

    private static DottedVersion? Of(string? version) => version is null ? null : DottedVersion.Parse(version);
}
