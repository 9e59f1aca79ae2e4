using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Rows;

/// <summary>
/// data/coverage.json: whether a source lists everything of a subject in a range of versions. Only under a row that is complete may a thing that no other row names be denied.
/// </summary>
/// <param name="Subject">
/// torch | torchvision | torchaudio (their builds); torch-release | torchvision-release | torchaudio-release (their versions alone, whatever the build); toolkit; cudnn; cudnn-support; nvcc-number; driver; driver-branch; redist.
/// </param>
/// <param name="Packaging">pip | conda | conda-forge for builds; null else.</param>
/// <param name="Os">Null where the row holds for every system.</param>
/// <param name="Arch">Null where the row holds for every processor.</param>
/// <param name="Place">pip: default (the default package index) or index (PyTorch's own wheel index); null else.</param>
/// <param name="From">First version, null for all older ones too.</param>
/// <param name="To">Last version, null for all newer ones too.</param>
/// <param name="Complete">True where the source lists everything.</param>
/// <param name="AsOf">The day, or month, of what was read.</param>
/// <param name="Note">What was read; where the row is not complete, why.</param>
internal sealed record CoverageRow(string Subject, Packaging? Packaging, OperatingSystemFamily? Os, CpuArchitecture? Arch, string? Place, PackageVersion? From, PackageVersion? To, bool Complete, string? AsOf, string[] Sources, string? Evidence = null, string? Note = null);
