using System.Globalization;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>
/// What is asked: a machine as looked up, and what is wanted on it. A stack to check is a question whose every part is pinned; a plan's question leaves
/// parts open. What is pinned without being wanted (a toolkit that is there already) constrains all the same.
/// </summary>
internal sealed record Question
{
    public required MachineFacts Machine { get; init; }

    /// <summary>True for a stack to be judged as it is, false where the best is to be chosen.</summary>
    public bool IsCheck { get; init; }

    public Packaging Packaging { get; init; } = Packaging.Pip;

    /// <summary>True where the packaging was said, not taken for granted.</summary>
    public bool PackagingIsSaid { get; init; }

    /// <summary>pip | uv | conda | conda-forge, as asked.</summary>
    public string Installer { get; init; } = "pip";

    public bool Toolkit { get; init; }

    public bool Cudnn { get; init; }

    public bool Torch { get; init; }

    public bool Torchvision { get; init; }

    public bool Torchaudio { get; init; }

    /// <summary>The CUDA of the torch build; without torch that of a program.</summary>
    public CudaTag? Tag { get; init; }

    public VersionSpec? TorchSpec { get; init; }

    /// <summary>True where torch was named with its label: then a companion without one may be telling.</summary>
    public bool TorchIsLabelled { get; init; }

    /// <summary>True where the stack is what pip lists, which prints each label: then a companion without one surely came from the default index.</summary>
    public bool IsListing { get; init; }

    public VersionSpec? TorchvisionSpec { get; init; }

    public VersionSpec? TorchaudioSpec { get; init; }

    public VersionSpec? ToolkitSpec { get; init; }

    public VersionSpec? CudnnSpec { get; init; }

    /// <summary>How the toolkit is to be installed, as asked; null for what suits.</summary>
    public string? ToolkitFrom { get; init; }

    /// <summary>The index that wheels may come from; null for PyTorch's own.</summary>
    public IndexChoice? Index { get; init; }

    /// <summary>True where only what the default package index has can be taken.</summary>
    public bool FromDefaultIndex => Index is { IsDefault: true };

    /// <summary>True where a mirror is to serve what it has.</summary>
    public bool HasMirror { get; init; }

    public Policy Policy { get; init; } = Policy.Minor;

    public bool Compiles { get; init; }

    /// <summary>The indexes of the GPUs to be served; null for all.</summary>
    public IReadOnlyList<int>? GpuIndexes { get; init; }

    /// <summary>True where a toolkit has to be chosen: it is to be installed, is there, or something is to be compiled with one.</summary>
    public bool NeedsToolkit => Toolkit || ToolkitSpec is not null || Compiles && Torch;

    public bool NeedsCudnn => Cudnn || CudnnSpec is not null;

    public bool NeedsTorchvision => Torchvision || TorchvisionSpec is not null;

    public bool NeedsTorchaudio => Torchaudio || TorchaudioSpec is not null;

    /// <summary>True where builds for the processor are wanted: asked for, or for want of a GPU.</summary>
    public bool WantsCpu => Machine.Gpus is { Length: 0 } ? Tag is null or { IsCpu: true } : Tag is { IsCpu: true };

    /// <summary>True where the answer is about CUDA: not the CPU build, be it asked for or taken for want of a GPU.</summary>
    public bool WantsCuda => Tag is not { IsCpu: true } && (Machine.Gpus is not { Length: 0 } || Tag is not null || !Torch);

    /// <summary>True where the versions of torch and its CUDA are one build: there is nothing left to choose between.</summary>
    public bool PinsBuild => TorchSpec?.Exact is not null && Tag is { IsSeries: false };

    /// <summary>The builds of the packaging on the machine's platform, newest torch first.</summary>
    public PlatformBuilds Builds => Machine.Matrix.Builds.For(Packaging, Machine.BuildOs, Machine.Arch);

    /// <summary>The question of a request.</summary>
    /// <exception cref="BadRequestException">A field holds something that is not accepted.</exception>
    public static Question Of(PlanRequest request, DriverInfo document, CompatibilityMatrix matrix)
    {
        var components = Accepted("components", request.Components ?? PlanRequest.AllComponents, PlanRequest.AllComponents);
        var installer = Accepted("packaging", [request.Packaging ?? "pip"], PlanRequest.Packagings)[0];
        if (request.ToolkitFrom is { } way)
            Accepted("toolkitFrom", [way], PlanRequest.ToolkitWays);
        var machine = request.Python is { } python ? document with { Python = python } : document;
        var gpus = ParseGpus(request.Gpus, machine);
        var index = IndexChoice.Parse(request.Index);
        if (index is not null && installer is "conda" or "conda-forge")
            throw new BadRequestException("index", $"an index is for pip and uv; {installer} takes its channels.");
        if (request.ToolkitFrom == PlanRequest.Pip && installer is "conda" or "conda-forge")
            throw new BadRequestException("toolkitFrom", $"pip puts the toolkit into an environment of pip or uv; with {installer} take conda.");
        return new Question
        {
            Machine = MachineFacts.Of(matrix, machine, gpus),
            Packaging = installer switch { "conda" => Packaging.Conda, "conda-forge" => Packaging.CondaForge, _ => Packaging.Pip },
            PackagingIsSaid = request.Packaging is not null,
            Installer = installer,
            Toolkit = components.Contains("toolkit"),
            Cudnn = components.Contains("cudnn"),
            Torch = components.Contains("torch") || components.Contains("torchvision") || components.Contains("torchaudio"),
            Torchvision = components.Contains("torchvision"),
            Torchaudio = components.Contains("torchaudio"),
            Tag = TagOf(request, index),
            Index = index,
            HasMirror = !string.IsNullOrEmpty(request.Mirror),
            TorchSpec = request.Torch,
            TorchvisionSpec = request.Torchvision,
            TorchaudioSpec = request.Torchaudio,
            ToolkitSpec = request.Toolkit,
            CudnnSpec = request.Cudnn,
            ToolkitFrom = request.ToolkitFrom,
            Policy = request.Policy ?? Policy.Minor,
            Compiles = request.Compiles ?? false,
            GpuIndexes = gpus,
        };
    }

    /// <summary>The question whether a stack works.</summary>
    /// <exception cref="BadRequestException">Two fields contradict each other, or a CUDA version does not exist.</exception>
    public static Question Of(StackDocument stack, DriverInfo document, CompatibilityMatrix matrix)
    {
        var labelled = stack.Torch?.Label is { } label && CudaTag.TryParse(label, out var tag) ? tag : (CudaTag?)null;
        if (labelled is { } one && stack.CudaTag is { } other && one != other)
            throw new BadRequestException("cudaTag", $"'{other}' is not the CUDA of torch {stack.Torch}.");
        return new Question
        {
            Machine = MachineFacts.Of(matrix, document),
            IsCheck = true,
            Packaging = stack.Packaging ?? Packaging.Pip,
            PackagingIsSaid = stack.Packaging is not null,
            Installer = PackagingNames.Instance.NameOf(stack.Packaging ?? Packaging.Pip),
            Torch = stack.Torch is not null || stack.TorchRange is not null,
            Torchvision = stack.Torchvision is not null,
            Torchaudio = stack.Torchaudio is not null,
            Toolkit = stack.Toolkit is not null,
            Cudnn = stack.Cudnn is not null,
            Tag = stack.CudaTag ?? labelled,
            TorchSpec = stack.TorchRange ?? Exactly(labelled is null ? stack.Torch : stack.Torch!.Value.WithoutLabel),
            TorchIsLabelled = labelled is not null,
            IsListing = stack.IsListing,
            TorchvisionSpec = Exactly(stack.Torchvision),
            TorchaudioSpec = Exactly(stack.Torchaudio),
            ToolkitSpec = stack.Toolkit is { } toolkit ? VersionSpec.Exactly(toolkit) : null,
            CudnnSpec = stack.Cudnn is { } cudnn ? VersionSpec.Exactly(cudnn) : null,
            Compiles = stack.Compiles,
        };
    }

    /// <summary>The question for another CUDA of torch: what the companions' labels said is said of this one no more.</summary>
    public Question WithTag(CudaTag tag) => this with
    {
        Tag = tag,
        TorchIsLabelled = false,
        TorchvisionSpec = Unlabelled(TorchvisionSpec),
        TorchaudioSpec = Unlabelled(TorchaudioSpec),
    };

    private static VersionSpec? Unlabelled(VersionSpec? spec) => spec is { Label: not null, Exact: { } exact } ? VersionSpec.Exactly(exact.WithoutLabel) : spec;

    public Question On(MachineFacts machine) => this with { Machine = machine };

    private static VersionSpec? Exactly(PackageVersion? version) => version is { } exact ? VersionSpec.Exactly(exact) : null;

    private static IReadOnlyList<string> Accepted(string field, IReadOnlyList<string> values, IReadOnlyList<string> accepted)
    {
        if (values.Count == 0)
            throw new BadRequestException(field, $"nothing is asked for; accepted: {string.Join(", ", accepted)}.");
        return values.FirstOrDefault(value => !accepted.Contains(value)) is { } wrong
            ? throw new BadRequestException(field, $"'{Words.Short(wrong)}' is not one of those accepted: {string.Join(", ", accepted)}.")
            : values;
    }

    private static CudaTag? TagOf(PlanRequest request, IndexChoice? index)
    {
        CudaTag? labelled = request.Torch?.Label is { } label && CudaTag.TryParse(label, out var parsed) ? parsed : null;
        CudaTag? asked = request.Cuda is { } cuda ? ParseCuda(cuda) : null;
        if (labelled is { } ofTorch && asked is { } other && ofTorch != other)
            throw new BadRequestException("cuda", $"'{request.Cuda}' is not the CUDA of torch {request.Torch}.");
        var tag = asked ?? labelled;
        return index?.Tag is { } only && tag is { } named && !named.Includes(only)
            ? throw new BadRequestException("index", $"this index is for {only}, and {named} was asked for.")
            : index?.Tag ?? tag;
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
