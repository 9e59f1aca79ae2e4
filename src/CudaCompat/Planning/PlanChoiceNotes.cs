using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;

namespace CudaCompat.Planning;

/// <summary>What a person should know about the choice itself: how it runs, and how surely it is known.</summary>
internal static class PlanChoiceNotes
{
    public static IEnumerable<string> Of(Question question, Candidate choice)
    {
        var machine = question.Machine;
        if (choice.Mode == DriverFitMode.Forward && choice.Cuda is { } forward)
            yield return $"{choice} needs the forward-compatibility package cuda-compat-{forward.Major}-{forward.Minor}, which NVIDIA supports on this driver branch and GPU.";
        if (choice.Build is { } build)
        {
            if (build.Row.Known == KnownBy.Inferred || build.Row.PythonsKnown == KnownBy.Inferred)
                yield return $"{build} is released; that it has a package for exactly this system and Python is inferred from its sibling release{(build.Row.Note is { } note ? $" ({note})" : "")}.";
            if (build.Code is { How: "inferred" })
                yield return $"The GPU architectures of {build} are inferred from its sibling build.";
        }

        if (question.GpuIndexes is not null && machine.AllGpus is { } all && all.Length > machine.Gpus!.Length)
            yield return $"Only {string.Join(" and ", machine.Gpus.Select(g => g.Name))} will be used: CUDA_VISIBLE_DEVICES={Resolution.Alternatives.OtherGpus.Visible(machine.Gpus)} makes it so.";
    }
}
