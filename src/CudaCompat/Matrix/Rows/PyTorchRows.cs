using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Rows;

/// <summary>
/// data/builds.json: one build of a package for one platform. The key is package, version, tag, packaging, system and CPU.
/// </summary>
/// <param name="Package">torch | torchvision | torchaudio.</param>
/// <param name="Version">Without a local label.</param>
/// <param name="Tag">The build's CUDA tag; null for a companion that serves every tag of its torch (torchaudio before 0.10, pure-Python torchvision).</param>
/// <param name="Os">linux or windows.</param>
/// <param name="Pythons">Supported Pythons, sorted; for free-threaded builds 3.13t.</param>
/// <param name="Glibc">The lowest glibc by the platform tag (manylinux_2_28: 2.28), null where the tag states none.</param>
/// <param name="Label">True where the file name carries +tag, so that version+tag can be pinned.</param>
/// <param name="Index">pip: the directory of the wheel index it lies in ("cu128"; "" for the root; "lts/1.8/cu102"), null where only on the default index. conda: null.</param>
/// <param name="Default">True where the default package index (conda: nothing) gives this build for this platform.</param>
/// <param name="Known">listed | stated | inferred.</param>
/// <param name="PythonsKnown">inferred where the Pythons come from the sibling patch; stated from a table.</param>
/// <param name="Cudnn">The cuDNN bundled or depended on, null where unknown.</param>
/// <param name="Requires">Conda: the dependency that selects it ("pytorch-cuda=12.1", "cudatoolkit=11.0", "cuda100").</param>
internal sealed record BuildRow(string Package, PackageVersion Version, CudaTag? Tag, Packaging Packaging, OperatingSystemFamily Os, CpuArchitecture Arch, PythonVersion[] Pythons, DottedVersion? Glibc, bool Label, string? Index, bool Default, KnownBy Known, KnownBy PythonsKnown, DottedVersion? Cudnn, string? Requires, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/build-files.json: one file of a build.</summary>
/// <param name="Tag">As in <see cref="BuildRow"/>; cpu files are kept too.</param>
/// <param name="Python">3.11, 3.13t; null for files of any Python.</param>
/// <param name="Platform">The platform tag (manylinux_2_28_x86_64) or conda subdirectory (linux-64).</param>
internal sealed record BuildFileRow(string Package, PackageVersion Version, CudaTag? Tag, Packaging Packaging, OperatingSystemFamily Os, CpuArchitecture Arch, PythonVersion? Python, string Platform, string? Index, string FileName, string Url, string? Sha256, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/arch-lists.json: the GPU code in a build. All sources are kept; one row a build has Used = true.</summary>
/// <param name="Native">Capabilities with native code, sorted.</param>
/// <param name="Ptx">Capabilities with PTX, sorted.</param>
/// <param name="How">measured | release-tag | build-script | upstream-table | reported | inferred: the precedence is in this order.</param>
/// <param name="PtxConflict">True where sources of the winning precedence disagree on PTX.</param>
internal sealed record ArchListRow(PackageVersion Torch, CudaTag Tag, Packaging Packaging, OperatingSystemFamily Os, CpuArchitecture Arch, ComputeCapability[] Native, ComputeCapability[] Ptx, string How, bool Used, bool PtxConflict, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/requirements.json: a pinned NVIDIA requirement of a torch wheel.</summary>
internal sealed record RequirementRow(PackageVersion Torch, CudaTag? Tag, string Requirement, string Version, string How, bool Used, string? Marker, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/companions.json: a version of torchvision or torchaudio that goes with a torch.</summary>
/// <param name="Packaging">Null where it holds for every packaging.</param>
/// <param name="Preferred">True for the one to take where several go together; one per torch, package and packaging.</param>
/// <param name="How">command | depends | table | rule.</param>
/// <param name="PreferredTags">Builds of torch for which this one is to be taken although another is preferred: the untagged default build whose command names it.</param>
internal sealed record CompanionRow(PackageVersion Torch, string Package, PackageVersion Version, Packaging? Packaging, bool Preferred, string How, string[] Sources, string? Evidence = null, string? Note = null, CudaTag[]? PreferredTags = null);

/// <summary>data/default-builds.json: what a wheel without a local label was built for.</summary>
/// <param name="Where">pypi | index | pypi and index.</param>
internal sealed record DefaultBuildRow(PackageVersion From, PackageVersion To, OperatingSystemFamily Os, CpuArchitecture Arch, string Where, CudaTag Tag, string[] Sources, string? Evidence = null);

/// <summary>data/install-commands.json: a command that a page prints.</summary>
/// <param name="Os">As the page heads it: "Linux and Windows".</param>
internal sealed record InstallCommandRow(PackageVersion Torch, Packaging Packaging, string Os, string Heading, CudaTag? Tag, string Command, string[] Sources, string? Note = null);

/// <summary>data/torch-releases.json.</summary>
/// <param name="Python">The range as a table states it, for people; builds.json decides.</param>
internal sealed record TorchReleaseRow(PackageVersion Version, string? Date, string? Python, string? Note, string[] Sources);

/// <summary>data/companion-rules.json: what releases of torchvision or torchaudio state of the torch they go with, in their own metadata.</summary>
/// <param name="Package">torchvision | torchaudio.</param>
/// <param name="To">Last release, null while it goes on.</param>
/// <param name="Requires">The versions of torch that the metadata states ("&gt;=2.14.0"), null where it states nothing.</param>
internal sealed record CompanionRuleRow(
    string Package, PackageVersion From, PackageVersion? To, string? Requires, string[] Sources, string? Evidence = null, string? Note = null);
