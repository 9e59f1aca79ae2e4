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
        if (toolkit is { Pip: not null } && PipToolkitSteps.Cudnn(context, cudnn, cuda) is { } package)
            return [package];
        if (FileChoices.In(context.Data).Cudnn(context.Data, cudnn, cuda, context.Platform) is not { } file)
        {
            context.Note($"No source gives a file of cuDNN {cudnn} for CUDA {cuda} on {context.Platform}; the step says what is wanted, not where it is.");
            return [new CudnnStep { Component = ComponentNames.Cudnn, Version = cudnn.ToString(), Method = "archive", Prefix = toolkit is { Pip: not null } ? null : toolkit?.Prefix, Optional = context.ToolkitOptional }];
        }

        // Nothing is merged into a Python environment: pip would not know of it.
        var prefix = toolkit is { Pip: not null } ? context.Chosen.Prefix is { } below ? context.Join(below, $"cudnn-{file.Version}") : $"cudnn-{file.Version}"
            : toolkit?.Prefix ?? context.Chosen.Prefix ?? $"cudnn-{file.Version}";
        var version = file.Version.ToString();
        return
        [
            context.Download(ComponentNames.Cudnn, version, file.Url, file.FileName, file.Checksum, file.Size, file.Sources),
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
}
