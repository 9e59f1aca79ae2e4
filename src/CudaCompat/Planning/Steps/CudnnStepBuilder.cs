using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Planning.Steps;

/// <summary>cuDNN beside the toolkit: an archive whose bin, include and lib go into the toolkit's, or a package.</summary>
internal static class CudnnStepBuilder
{
    public static IReadOnlyList<InstallStep> Build(StepContext context, ToolkitStep? toolkit)
    {
        var stack = context.Chosen.Stack;
        if (!context.Chosen.Wants(ComponentNames.Cudnn) || stack.Cudnn is not { } cudnn || (stack.Toolkit?.MajorMinor ?? stack.CudaTag?.Cuda) is not { } cuda)
            return [];
        if (toolkit is { Method: "apt" or "dnf" or "conda" } && PackageSteps.Cudnn(context, cudnn, cuda, toolkit.Method) is { Count: > 0 } packages)
            return packages;
        if (File(context, cudnn, cuda) is not { } file)
        {
            context.Note($"No source gives a file of cuDNN {cudnn} for CUDA {cuda} on {context.Platform}; the step says what is wanted, not where it is.");
            return [new CudnnStep { Component = ComponentNames.Cudnn, Version = cudnn.ToString(), Method = "archive", Prefix = toolkit?.Prefix, Optional = context.ToolkitOptional }];
        }

        var prefix = toolkit?.Prefix ?? context.Chosen.Prefix ?? $"cudnn-{file.Version}";
        var version = file.Version.ToString();
        return
        [
            context.Download(ComponentNames.Cudnn, version, file.Url, file.FileName, file.Checksum, file.Size, context.ToolkitOptional, file.Sources),
            new CudnnStep
            {
                Component = ComponentNames.Cudnn,
                Version = version,
                Method = file.Kind,
                Prefix = prefix,
                FileName = file.FileName,
                RequiresAdmin = toolkit?.RequiresAdmin ?? false,
                Optional = context.ToolkitOptional,
                Description = $"Puts bin, include and lib of cuDNN {version} into {prefix}.",
                Evidence = file.Sources,
            },
        ];
    }

    /// <summary>The archive of a cuDNN for a CUDA version: the newest build number, a redistributable before an older archive, the plain platform before a named system.</summary>
    private static CudnnFileRow? File(StepContext context, DottedVersion cudnn, CudaVersion cuda) => context.Data.CudnnFiles
        .Where(f => f.Version.StartsWith(cudnn) && f.Cuda.Contains(cuda) && PlatformRank(f.Platform, context.Platform) >= 0)
        .OrderByDescending(f => f.Version)
        .ThenByDescending(f => f.Kind == "redist")
        .ThenBy(f => PlatformRank(f.Platform, context.Platform))
        .ThenByDescending(f => f.Checksum is not null)
        .ThenByDescending(f => f.Url.StartsWith("https:", StringComparison.Ordinal))
        .FirstOrDefault();

    // Upstream told Windows 7 and Windows 10 files apart for a while; the one for 10 serves 11.
    private static int PlatformRank(string platform, string wanted)
    {
        if (platform == wanted)
            return 0;
        var dash = wanted.IndexOf('-', StringComparison.Ordinal);
        var (system, arch) = (wanted[..dash], wanted[dash..]);
        if (!platform.StartsWith(system, StringComparison.Ordinal) || !platform.EndsWith(arch, StringComparison.Ordinal))
            return -1;
        var between = platform[system.Length..^arch.Length];
        return int.TryParse(between, out var number) ? 100 - number : -1;
    }
}
