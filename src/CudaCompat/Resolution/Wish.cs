using System.Globalization;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>A request after validation: what the chooser works with.</summary>
internal sealed record Wish
{
    public required Packaging Packaging { get; init; }

    /// <summary>pip | uv | conda | conda-forge, as asked.</summary>
    public required string Installer { get; init; }

    public required bool Toolkit { get; init; }

    public required bool Cudnn { get; init; }

    public required bool Torch { get; init; }

    public required bool Torchvision { get; init; }

    public required bool Torchaudio { get; init; }

    public CudaTag? Tag { get; init; }

    public VersionSpec? TorchSpec { get; init; }

    public VersionSpec? TorchvisionSpec { get; init; }

    public VersionSpec? TorchaudioSpec { get; init; }

    public VersionSpec? ToolkitSpec { get; init; }

    /// <summary>True where the toolkit has to be of the CUDA that torch was built with, whatever else was asked of it.</summary>
    public bool ToolkitOfBuild { get; init; }

    public VersionSpec? CudnnSpec { get; init; }

    public Policy Policy { get; init; } = Policy.Minor;

    public bool Compiles { get; init; }

    public IReadOnlyList<int>? Gpus { get; init; }

    /// <exception cref="BadRequestException">A field holds something that is not accepted.</exception>
    public static Wish Of(PlanRequest request, DriverInfo machine)
    {
        var components = request.Components ?? PlanRequest.AllComponents;
        foreach (var component in components)
        {
            if (!PlanRequest.AllComponents.Contains(component))
                throw new BadRequestException("components", $"'{component}' is not a component; accepted: {string.Join(", ", PlanRequest.AllComponents)}.");
        }

        if (components.Count == 0)
            throw new BadRequestException("components", $"no component is asked for; accepted: {string.Join(", ", PlanRequest.AllComponents)}.");
        var installer = request.Packaging ?? "pip";
        if (!PlanRequest.Packagings.Contains(installer))
            throw new BadRequestException("packaging", $"'{installer}' is not a packaging; accepted: {string.Join(", ", PlanRequest.Packagings)}.");
        if (request.ToolkitFrom is { } way && !PlanRequest.ToolkitWays.Contains(way))
            throw new BadRequestException("toolkitFrom", $"'{way}' is not a way to install a toolkit; accepted: {string.Join(", ", PlanRequest.ToolkitWays)}.");
        CudaTag? labelled = request.Torch?.Label is { } label && CudaTag.TryParse(label, out var parsed) ? parsed : null;
        CudaTag? asked = request.Cuda is { } cuda ? ParseCuda(cuda) : null;
        if (labelled is { } ofTorch && asked is { } other && ofTorch != other)
            throw new BadRequestException("cuda", $"'{request.Cuda}' is not the CUDA of torch {request.Torch}.");
        return new Wish
        {
            Packaging = installer switch { "conda" => Packaging.Conda, "conda-forge" => Packaging.CondaForge, _ => Packaging.Pip },
            Installer = installer,
            Toolkit = components.Contains("toolkit"),
            Cudnn = components.Contains("cudnn"),
            Torch = components.Contains("torch") || components.Contains("torchvision") || components.Contains("torchaudio"),
            Torchvision = components.Contains("torchvision"),
            Torchaudio = components.Contains("torchaudio"),
            Tag = asked ?? labelled,
            TorchSpec = request.Torch,
            TorchvisionSpec = request.Torchvision,
            TorchaudioSpec = request.Torchaudio,
            ToolkitSpec = request.Toolkit,
            CudnnSpec = request.Cudnn,
            Policy = request.Policy ?? Policy.Minor,
            Compiles = request.Compiles ?? false,
            Gpus = ParseGpus(request.Gpus, machine),
        };
    }

    private static CudaTag ParseCuda(string text)
    {
        if (CudaTag.TryParse(text, out var tag))
            return tag;
        if (CudaVersion.TryParse(text, out var version))
            return CudaTag.Of(version);
        throw new BadRequestException("cuda", $"'{(text.Length > 40 ? text[..40] + "…" : text)}' is not a CUDA version (11.0), a tag (cu110) or cpu.");
    }

    private static List<int>? ParseGpus(string? text, DriverInfo machine)
    {
        if (text is null or "all")
            return null;
        var count = machine.Gpus?.Count ?? 0;
        var indexes = new List<int>();
        foreach (var part in text.Split(','))
        {
            if (!int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= count)
                throw new BadRequestException("gpus", count == 0 ? "the machine has no known GPUs to choose from; accepted: all." : $"'{part}' is not a GPU of this machine; accepted: all, or indexes from 0 to {count - 1} joined by commas.");
            if (!indexes.Contains(index))
                indexes.Add(index);
        }

        return indexes;
    }
}
