using CudaCompat.Machines;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Choosing;

/// <summary>The build is for another system or processor.</summary>
internal sealed record BuildForElsewhere : Cause
{
    public override string Rule => "os-unsupported";

    public required OperatingSystemFamily? Os { get; init; }

    public required CpuArchitecture? Arch { get; init; }

    public required MachineFacts Machine { get; init; }

    public override string English()
    {
        string?[] isFor = [Os is { } os ? Words.Os(os) : null, Arch is { } arch ? Words.Arch(arch) : null];
        var machine = $"{Words.Os(Machine.Document.OperatingSystem)} {Words.Arch(Machine.Arch)}";
        return $"{Subject} is for {string.Join(' ', isFor.OfType<string>())}; this machine is {machine}.";
    }
}

/// <summary>No code of the build runs on the GPU.</summary>
internal sealed record NoCodeForGpu : Cause
{
    public override string Rule => "gpu-not-in-build";

    public required GpuFacts Gpu { get; init; }

    public required CudaBuild Build { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override string English()
    {
        var native = Build.Sass is { Count: > 0 } sass ? $"native code for {Words.Codes(sass)}" : "no native code";
        var ptx = Build.Ptx is { Count: > 0 } forward ? $" and PTX for {Words.Codes(forward)}" : " and no PTX";
        return $"{Subject} has no code that runs on {Gpu.Display}: it has {native}{ptx}.{Suffixes()}";
    }

    // Who sees 12.0a beside a card of 12.0's family wants to know why that does not do.
    private string Suffixes()
    {
        var near = (Build.Sass ?? []).Concat(Build.Ptx ?? [])
            .Where(code => code.Suffix is not null && code.Major == Gpu.Capability?.Major)
            .Distinct()
            .ToArray();
        if (near.Length == 0)
            return "";
        var where = near[0].Suffix == 'a' ? "exactly that capability" : "that family from that capability on";
        return $" {Words.Codes(near)} runs on {where}.";
    }
}

/// <summary>Neither list of its code is known.</summary>
internal sealed record CodeNotListed : Cause
{
    public override string Rule => "not-in-data";

    public override string English() =>
        $"Which architectures {Subject} has code for is not given, so whether it runs on these GPUs is not known: "
        + "give sass and ptx (cudacompat inspect --candidate reads them from the file).";
}

/// <summary>Device code packed in a way that the driver is too old for.</summary>
internal sealed record CompressionTooNew : Cause
{
    public override string Rule => "driver-too-old";

    public required string Compression { get; init; }

    public required CudaVersion Needed { get; init; }

    public required DriverGap Gap { get; init; }

    public override string English() =>
        Gap.English(
            Subject,
            $"CUDA {Needed}",
            $", since its device code is packed with {Compression}, which drivers read from CUDA {Needed} on");
}

/// <summary>The minor of its CUDA is not known, and its PTX is what would run.</summary>
internal sealed record MinorNotKnown : Cause
{
    public override string Rule => "read-as";

    public required CudaVersion Cuda { get; init; }

    public required CudaVersion Reported { get; init; }

    public override string English() =>
        $"{Subject} is given as CUDA {Cuda} without its minor: "
        + $"its PTX is compiled by this driver only if it was made by CUDA {Reported} or an older one.";
}
