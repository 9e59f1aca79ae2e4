using CudaCompat.Machines;
using CudaCompat.Planning.Steps;
using CudaCompat.Versions;

namespace CudaCompat.Planning;

/// <summary>What a person should know about the steps.</summary>
internal static class PlanNotes
{
    /// <summary>Adds the notes that follow from the finished steps to those that the builders gave.</summary>
    public static void Add(StepContext context, IReadOnlyList<InstallStep> steps)
    {
        var toolkit = steps.OfType<ToolkitStep>().FirstOrDefault();
        var downloads = steps.OfType<DownloadStep>().ToArray();
        if (context.ToolkitOptional && steps.Any(s => s is ToolkitStep or CudnnStep))
            context.Note("PyTorch's packages bring their own CUDA and cuDNN libraries: the toolkit and cuDNN are only needed to compile CUDA code, or by other programs.");
        AddFromData(context, steps);
        if (toolkit is { Method: "installer", RequiresAdmin: true } && context.Chosen.Stack.Toolkit is { } version)
        {
            context.Note(FileChoices.In(context.Data).Redist(context.Data, version, context.Platform, context.ToolkitOptional) is null
                ? "The CUDA installer wants an administrator."
                : "The CUDA installer wants an administrator; without one, --toolkit-from redist unpacks the same toolkit into a folder of your choice.");
        }

        if (context.Chosen.Machine.OperatingSystem == OperatingSystemFamily.Wsl && toolkit is not null)
            context.Note("In WSL the driver is the one of Windows; no Linux driver must be installed inside WSL.");
        if (downloads.Where(d => d.Checksum is null).Select(d => d.FileName).ToArray() is { Length: > 0 } unchecked_)
            context.Note($"No source has a checksum of {string.Join(", ", unchecked_)}.");
        if (downloads.Any(d => d.Checksum?.Kind == "md5"))
            context.Note("MD5 is all that is published for a file here: it proves a whole transfer, not an honest one.");
        if (context.Chosen.Prefix is null && steps.Any(s => s is PythonStep or ToolkitStep { Method: "redist" or "runfile" }))
            context.Note("Relative folders lie under the folder in which the plan is carried out.");
        AddMirror(context, steps);
    }

    private static void AddFromData(StepContext context, IReadOnlyList<InstallStep> steps)
    {
        foreach (var step in steps.Where(s => s is ToolkitStep or CudnnStep))
        {
            if (!DottedVersion.TryParse(step.Version, out var version))
                continue;
            foreach (var row in context.Data.StepNotes)
            {
                if (row.Component == step.Component
                    && (row.Os is null || row.Os.Contains(context.Chosen.Machine.OperatingSystem))
                    && (row.FilePart is null || (step.FileName?.Contains(row.FilePart, StringComparison.Ordinal) ?? false))
                    && (row.From is not { } from || from <= version) && (row.To is not { } to || version <= to))
                    context.Note(row.Text.Replace("{file}", step.FileName, StringComparison.Ordinal));
            }
        }
    }

    private static void AddMirror(StepContext context, IReadOnlyList<InstallStep> steps)
    {
        foreach (var mirror in context.Mirror.Rows.Where(m => m.Sources.Length > 0))
            context.Note($"Mirror {mirror.Name} ({mirror.Title}), last reported: {mirror.LastReport}{(mirror.Note is { } note ? "; " + note : "")}.");
        foreach (var host in context.Mirror.Rows.Where(m => m.Sources.Length == 0).Select(m => m.Name).Distinct())
            context.Note($"Mirror {host} is your own: it is asked for each file first, and upstream where it has none. A plan document with it is carried out with --trust {host.Split(':')[0]}.");
        if (context.Mirror.Rows.Count == 0 || steps.OfType<TorchStep>().FirstOrDefault() is not { } torch)
            return;
        if (torch.Method is "conda" or "conda-forge")
        {
            foreach (var channel in torch.Channels.Where(c => !c.Contains("://", StringComparison.Ordinal)))
                context.Note($"The conda channel {channel} is not known to be mirrored there; it comes from upstream.");
        }
        else if (context.Mirror.Wheels("") is null && torch.IndexUrl is not null && torch.IndexUrl != context.Mirror.Pypi)
        {
            context.Note("No PyTorch wheels are known to be mirrored there; they come from upstream. A mirror of the default package index never has another CUDA build.");
        }
    }
}
