using System.Globalization;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Planning.Steps;

/// <summary>Toolkit and cuDNN from a package manager, by their exact package names.</summary>
internal static class PackageSteps
{
    public static List<InstallStep> Toolkit(StepContext context, CudaVersion toolkit, string manager)
    {
        if (Row(context, manager, ComponentNames.Toolkit, DottedVersion.Parse(toolkit.ToString())) is not { } row)
            return [];
        NoteRepository(context, manager);
        string[] packages = [.. row.Packages.Select(p => StepContext.Fill(p, toolkit))];
        return
        [
            new ToolkitStep
            {
                Component = ComponentNames.Toolkit,
                Version = toolkit.ToString(),
                Method = manager,
                Prefix = ToolkitStepBuilder.Prefix(context, ToolkitStepBuilder.Layout(context, manager, toolkit), toolkit),
                Components = packages,
                Command = Command(context, row, packages, row.Channel is { } channel ? StepContext.Fill(channel, toolkit) : null),
                RequiresAdmin = row.Admin,
                Optional = context.ToolkitOptional,
                Description = $"Installs {string.Join(", ", packages)} ({manager}), without a driver.",
                Evidence = row.Sources,
            },
        ];
    }

    public static List<InstallStep> Cudnn(StepContext context, DottedVersion cudnn, CudaVersion cuda, string manager)
    {
        if (Row(context, manager, ComponentNames.Cudnn, cudnn) is not { } row)
            return [];
        NoteRepository(context, manager);
        string[] packages = [.. row.Packages.Select(p => p
            .Replace("{version}", cudnn.ToString(), StringComparison.Ordinal)
            .Replace("{cudaMajor}", cuda.Major.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))];
        return
        [
            new CudnnStep
            {
                Component = ComponentNames.Cudnn,
                Version = cudnn.ToString(),
                Method = manager,
                Components = packages,
                Command = Command(context, row, packages, row.Channel),
                RequiresAdmin = row.Admin,
                Optional = context.ToolkitOptional,
                Description = $"Installs {string.Join(", ", packages)} ({manager}).",
                Evidence = row.Sources,
            },
        ];
    }

    /// <summary>With conda-forge packages the toolkit comes from conda-forge as well, so that one environment has one source.</summary>
    private static PackageNameRow? Row(StepContext context, string manager, string component, DottedVersion version)
    {
        var names = manager == "conda" && context.Chosen.Packaging == "conda-forge" ? "conda-forge" : manager;
        return context.Data.PackageNames.FirstOrDefault(r =>
            r.Manager == names && r.Component == component && (r.From is not { } from || from <= version) && (r.To is not { } to || version <= to));
    }

    private static string[] Command(StepContext context, PackageNameRow row, string[] packages, string? channel) => channel is null
        ? [.. row.Command, .. packages]
        : [.. row.Command, "--prefix", context.EnvironmentFolder, .. packages, "-c", context.Mirror.Channel(channel)];

    private static void NoteRepository(StepContext context, string manager)
    {
        var arch = context.Architecture == CpuArchitecture.Arm64 ? "sbsa" : "x86_64";
        var wsl = context.Chosen.Machine.OperatingSystem == OperatingSystemFamily.Wsl;
        var repositories = context.Data.Repositories.Where(r => r.Manager == manager && r.Archs.Contains(arch)).ToArray();
        if (repositories.Length == 0)
            return;
        var home = context.Data.Place("nvidia-repositories");
        if (wsl && repositories.FirstOrDefault(r => r.Distribution.StartsWith("wsl-", StringComparison.Ordinal)) is { } own)
        {
            context.Note($"In WSL the repository {home}/{own.Distribution}/{arch}/ has to be set up first ({own.Setup}); it has no driver in it, and none must be installed inside WSL.");
            return;
        }

        var names = repositories.Select(r => r.Distribution).Where(d => !d.StartsWith("wsl-", StringComparison.Ordinal));
        context.Note($"NVIDIA's {manager} repository has to be set up first: {home}/DISTRIBUTION/{arch}/{repositories[0].Setup.Replace(repositories[0].Distribution, "DISTRIBUTION", StringComparison.Ordinal)}, where DISTRIBUTION is one of {string.Join(", ", names)}. The repository decides the patch number.");
    }
}
