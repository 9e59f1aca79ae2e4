using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>Which build a wheel is of, and for which platforms.</summary>
internal static class PipBuilds
{
    internal static readonly (OperatingSystemFamily, CpuArchitecture)[] PureTargets =
        [(OperatingSystemFamily.Linux, CpuArchitecture.X64), (OperatingSystemFamily.Linux, CpuArchitecture.Arm64), (OperatingSystemFamily.Windows, CpuArchitecture.X64)];

    // A label names the build; else the directory does; else it is the default build of its torch.
    internal static (CudaTag? Tag, string? Reason) TagOf(PyTorchWork work, WheelSighting sighting, bool versionHasTags)
    {
        var name = sighting.Name;
        if (name.Label is { } label)
            return CudaTag.TryParse(label, out var byLabel) ? (byLabel, null) : (null, $"build for {label} is not covered");
        if (name.IsPure)
            return name.PythonTag.Contains('.', StringComparison.Ordinal) || name.PythonTag.StartsWith("py3", StringComparison.Ordinal)
                ? (null, null) : (null, "pure Python for Python 2 alone");
        if (sighting.Directory is { Length: > 0 } directory)
            return CudaTag.TryParse(directory, out var byDirectory) ? (byDirectory, null) : (null, $"directory {directory} is not covered");
        // torchaudio before 0.10 had no code for GPUs: one build serves every tag.
        if (name.Package == PyTorchWork.Audio && !versionHasTags)
            return (null, null);
        if (name.Target(out var whyNot) is not var (os, arch))
            return (null, whyNot);
        var defaults = work.TorchOf(name.Package, name.Version).Select(t => work.DefaultBuild(t, os, arch, packageIndex: true)?.Tag).Where(t => t is not null).Distinct().ToList();
        return defaults.Count == 1 ? (defaults[0], null) : (null, "no source says which CUDA the file on the default index was built for");
    }
}
