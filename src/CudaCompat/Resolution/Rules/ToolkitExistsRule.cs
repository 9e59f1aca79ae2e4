using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>Is there such a toolkit?</summary>
internal static class ToolkitExistsRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Toolkit is not { } toolkit || Of(question.Machine, toolkit) is not { } cause)
            return;
        found.Add(candidate.IsAboutToolkit(question) ? cause : cause.BesideTorch());
        found.Close(Part.Toolkit);
    }

    /// <summary>Why a toolkit is not known; null where it is.</summary>
    public static Cause? Of(MachineFacts machine, CudaVersion toolkit)
    {
        var matrix = machine.Matrix;
        if (Exists(machine, toolkit))
            return null;
        if (toolkit > matrix.NewestToolkit)
            return NewerThanData.Of("toolkit", toolkit.ToString(), matrix.NewestToolkit.ToString());
        return matrix.Coverage.Toolkit(toolkit) is { } all
            ? new NoSuchRelease { Subject = $"toolkit {toolkit}", Package = "toolkit", Version = toolkit.ToString(), Nearest = matrix.NewestPatch(toolkit)?.ToString(), Listing = Listing.Of(all), Sources = all.Sources }
            : new NotInData { Subject = $"toolkit {toolkit}", What = $"CUDA toolkit {toolkit}", Severity = Severity.Info, Undecided = true };
    }

    private static bool Exists(MachineFacts machine, CudaVersion toolkit)
    {
        var matrix = machine.Matrix;
        return matrix.FindToolkit(toolkit) is not null || toolkit.Patch is null && (matrix.NewestPatch(toolkit) is not null || matrix.Data.Toolkits.Any(t => t.Version.MajorMinor == toolkit));
    }
}
