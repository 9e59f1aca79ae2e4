using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Rows;

/// <summary>data/sources.json: where facts come from.</summary>
/// <param name="Id">The short name that rows use.</param>
/// <param name="Title">What it is, for people.</param>
/// <param name="Url">The public address, or null where none is known.</param>
/// <param name="Retrieved">The UTC date (yyyy-MM-dd) of the copy that was read, as far as known.</param>
/// <param name="Sha256">Of the bytes read.</param>
/// <param name="Parser">The parser that reads it.</param>
/// <param name="Kind">page | manifest | table | harvest | curated | unpublished-capture.</param>
/// <param name="Note">What to know about it.</param>
internal sealed record SourceRow(string Id, string Title, string? Url, string? Retrieved, string? Sha256, string Parser, string Kind, string? Note);

/// <summary>data/toolkits.json: one CUDA toolkit release.</summary>
/// <param name="Version">12.8.1; 10.2.89; X.Y where the full number is not known.</param>
/// <param name="Label">As printed: "12.8 Update 1".</param>
/// <param name="Kind">ga | update | rc | preview.</param>
/// <param name="Date">yyyy-MM or yyyy-MM-dd.</param>
/// <param name="DateFrom">archive | manifest | first-seen: which fact the date is.</param>
/// <param name="CondaLabel">The label of NVIDIA's conda channel that holds it (nvidia/label/cuda-12.8.1), null where none is known.</param>
/// <param name="Platforms">Platforms (as in <see cref="RedistRow"/>) for which an installer or a whole manifest is known; null where none is.</param>
internal sealed record ToolkitRow(CudaVersion Version, string Label, string Kind, string? Date, string? DateFrom, string[] Sources, string? Evidence = null, string? Note = null, string? CondaLabel = null, string[]? Platforms = null);

/// <summary>data/toolkit-installers.json.</summary>
/// <param name="Kind">exe_local | exe_network | runfile.</param>
/// <param name="EmbeddedDriver">The driver inside, null where there is none.</param>
internal sealed record InstallerRow(CudaVersion Toolkit, OperatingSystemFamily Os, CpuArchitecture Arch, string Kind, string FileName, string Url, Checksum? Checksum, long? Size, DriverVersion? EmbeddedDriver, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/redist-components.json: one archive of a redistributable manifest. Url = base of the manifest + Path.</summary>
/// <param name="Platform">linux-x86_64 | linux-sbsa | linux-aarch64 | linux-ppc64le | linux-all | windows-x86_64 | windows-arm64.</param>
internal sealed record RedistRow(CudaVersion Toolkit, string Component, string Version, string Platform, string Path, string? Sha256, long? Size, string[] Sources, string? Evidence = null);

/// <summary>data/driver-requirements.json: a lowest driver.</summary>
/// <param name="Cuda">"11.x" for the minor-version floor of a major; "12.8" or "12.8.1" else.</param>
/// <param name="Os">linux or windows (wsl counts as windows).</param>
/// <param name="Minimum">The driver; a branch alone (580) where only that is stated.</param>
/// <param name="Kind">minor-version-minimum | corresponding | bundled | branch | observed.</param>
/// <param name="Used">False where another row of the same kind and key wins; Note says why.</param>
internal sealed record DriverRequirementRow(string Cuda, OperatingSystemFamily Os, DriverVersion Minimum, string Kind, bool Used, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/driver-cuda.json: from this driver on (to the next row of the same system), nvidia-smi prints this CUDA version. Derived; sorted by driver; CUDA never falls.</summary>
/// <param name="Basis">corresponding | bundled | report.</param>
internal sealed record DriverCudaRow(OperatingSystemFamily Os, DriverVersion From, CudaVersion Cuda, string Basis, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/driver-reports.json: one report of what a driver printed.</summary>
internal sealed record DriverReportRow(DriverVersion Driver, string? Os, CudaVersion Cuda, bool Tegra, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/drivers.json: a driver release known to exist, from any source.</summary>
internal sealed record DriverReleaseRow(DriverVersion Version, OperatingSystemFamily Os, CpuArchitecture[]? Archs, string? Date, string? Kind, string? Url, string? Sha256, long? Size, string[] Sources, string? Evidence = null);

/// <summary>data/forward-compat.json: the package cuda-compat-X-Y on a driver branch.</summary>
/// <param name="Status">compatible | not-compatible | not-applicable.</param>
internal sealed record ForwardCompatRow(CudaVersion Cuda, int Branch, CudaVersion? BranchCuda, string Status, string[] Sources, string? Evidence = null);

/// <summary>data/architectures.json: one compute capability of devices.</summary>
/// <param name="FirstToolkit">X.Y of the first toolkit that targets it.</param>
/// <param name="LastToolkit">X.Y of the last one, null while it goes on.</param>
/// <param name="FirstDriverBranch">The branch that first knew it, null where no source states it.</param>
/// <param name="LastDriverBranch">The last branch that drives it, null while it goes on or where unknown.</param>
/// <param name="Tegra">True for systems on a chip: code for another capability does not run there, nor theirs elsewhere.</param>
/// <param name="LibrariesFrom">X.Y of the first CUDA whose libraries work on it although older code would run (7.5: 10.0).</param>
/// <param name="OpenKernelModule">Whether NVIDIA's open Linux kernel module drives it; null where no source says.</param>
/// <param name="SameAs">The number under which later toolkits know the same chip (10.1: 11.0).</param>
internal sealed record ArchitectureRow(ComputeCapability ComputeCapability, string Name, CudaVersion? FirstToolkit, CudaVersion? LastToolkit, int? FirstDriverBranch, DriverVersion? FirstDriverLinux, DriverVersion? FirstDriverWindows, int? LastDriverBranch, bool Tegra, CudaVersion? LibrariesFrom, ComputeCapability? SameAs, string[] Sources, string? Evidence = null, string? Note = null, bool? OpenKernelModule = null);

/// <summary>data/cudnn.json: one cuDNN release for one CUDA range.</summary>
/// <param name="Version">9.10.2.21 where the fourth part is known, else 8.2.2.</param>
/// <param name="Label">The printed label, or for releases known by manifest only the variant.</param>
/// <param name="Cuda">What the label means.</param>
/// <param name="Platforms">Platforms (as in <see cref="RedistRow"/>) for which a file is known; null where only the label is known.</param>
internal sealed record CudnnRow(DottedVersion Version, string Label, CudaRange Cuda, string? Date, string[]? Platforms, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/cudnn-files.json.</summary>
/// <param name="Platform">As in <see cref="RedistRow"/>; windows7-x86_64 and the like where upstream tells them apart.</param>
/// <param name="Kind">redist (archive with one top folder) | archive (older zip or tgz with a folder "cuda").</param>
internal sealed record CudnnFileRow(DottedVersion Version, CudaRange Cuda, string Platform, string Kind, string FileName, string Url, Checksum? Checksum, long? Size, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/cudnn-support.json: one row of a support matrix.</summary>
/// <param name="Cudnn">9.10.2; ranges of releases are written out, one row each.</param>
/// <param name="Variant">The CUDA major of the package.</param>
/// <param name="Cuda">The CUDA versions X.Y of the row.</param>
/// <param name="MinDriverLinux">A driver, or a branch (450) where the row says r450; the lowest of several.</param>
/// <param name="Capabilities">The compute capabilities listed, or null where the row has none.</param>
/// <param name="CapabilitiesFrom">"SM 3.5 and later": 3.5.</param>
internal sealed record CudnnSupportRow(DottedVersion Cudnn, int Variant, CudaVersion[] Cuda, DriverVersion? MinDriverLinux, DriverVersion? MinDriverWindows, ComputeCapability[]? Capabilities, ComputeCapability? CapabilitiesFrom, bool? StaticLinking, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/gpus.json: a marketing name. Two capabilities where the name is two chips.</summary>
/// <param name="Segment">datacenter | workstation | geforce | jetson | mobile …, null where unknown.</param>
/// <param name="ForwardCompat">True where NVIDIA's forward-compatibility package serves the card (data-centre GPUs), false where surely not (GeForce), null where unknown.</param>
internal sealed record GpuRow(string Name, ComputeCapability[] Capabilities, string? Architecture, string? Segment, bool? ForwardCompat, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/pci-gpus.json: a PCI device id of vendor 10de.</summary>
/// <param name="FirstDriver">The lowest Linux release that lists it, where known.</param>
internal sealed record PciGpuRow(string DeviceId, string Name, string? Chip, ComputeCapability? ComputeCapability, int? LegacyBranch, DriverVersion? FirstDriver, string[] Sources, string? Evidence = null);

/// <summary>data/host-compilers.json: what nvcc of a toolkit accepts. Max is the newest accepted: "12" takes every 12.y, "5.3" every 5.3.z.</summary>
/// <param name="Toolkit">X.Y, or X.Y.Z where the patch decides (8.0.44, 8.0.61).</param>
/// <param name="Compiler">gcc | clang | msvc (compiler version 19.xx).</param>
/// <param name="Below">Exclusive upper bound where the source gives one ("&lt;19.40"); then Max is null.</param>
/// <param name="Used">False where another row for the same toolkit and compiler wins.</param>
internal sealed record HostCompilerRow(CudaVersion Toolkit, OperatingSystemFamily Os, string Compiler, DottedVersion? Min, DottedVersion? Max, DottedVersion? Below, bool Used, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/jetson.json.</summary>
internal sealed record JetsonRow(string JetPack, string? L4t, string? Cuda, string? Cudnn, string? TensorRt, string? Ubuntu, string? Python, ComputeCapability[] Capabilities, string? TorchSource, string[] Sources, string? Evidence = null);

/// <summary>data/nvcc-numbers.json: a number that nvcc prints ("release 12.4, V12.4.131"), and a release whose nvcc prints it. One number may stand for several releases.</summary>
/// <param name="Printed">Without the V.</param>
/// <param name="Toolkit">The release; X.Y alone where the texts that print the number do not tell which patch.</param>
/// <param name="Inferred">True where the third digit of the release follows from build dates and order, not from a statement.</param>
internal sealed record NvccNumberRow(DottedVersion Printed, CudaVersion Toolkit, bool Inferred, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/driver-branches.json: a branch of drivers, how long it lives, and which kernel modules it has.</summary>
/// <param name="Kind">ltsb (long-term support) | pb (production) | nfb (new feature) | developer.</param>
/// <param name="EndOfLife">yyyy-MM, null where no source states it.</param>
/// <param name="OpenModuleOnly">True where the branch has no proprietary Linux kernel module; null where no source says.</param>
internal sealed record DriverBranchRow(int Branch, string Kind, string? EndOfLife, bool? OpenModuleOnly, string[] Sources, string? Evidence = null, string? Note = null);
