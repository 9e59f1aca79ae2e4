using CudaCompat.Planning.Steps;

namespace CudaCompat.Planning;

/// <summary>Turns a chosen stack into steps, commands and notes. Pure: the same input gives the same plan.</summary>
internal static class StepBuilder
{
    /// <summary>Builds the steps of a plan.</summary>
    /// <exception cref="UnknownMirrorException">The asked mirror is not known.</exception>
    public static PlannedSteps Build(ChosenStack chosen)
    {
        var context = new StepContext(chosen, MirrorChoice.Parse(chosen.Mirror, chosen.Data));
        var toolkit = ToolkitStepBuilder.Build(context);
        var cudnn = CudnnStepBuilder.Build(context, toolkit.OfType<ToolkitStep>().FirstOrDefault());
        var python = PythonStepBuilder.Build(context, toolkit.Concat(cudnn));
        var torch = TorchStepBuilder.Build(context);

        List<InstallStep> steps = [];
        var inEnvironment = toolkit.Concat(cudnn).ToLookup(s => s is ToolkitStep { Method: "conda" or "pip" } or CudnnStep { Method: "conda" or "pip" });
        steps.AddRange(inEnvironment[false]);
        if (python is not null)
            steps.Add(python);
        if (torch is not null)
            steps.Add(torch);
        steps.AddRange(inEnvironment[true]);
        var gpus = EnvironmentStepBuilder.GpuSelection(chosen);
        if (EnvironmentStepBuilder.Build(context, steps, gpus) is { } environment)
            steps.Add(environment);
        if (VerifyStepBuilder.Build(chosen, steps) is { } verify)
            steps.Add(verify);

        var commands = CommandWriter.Write(context, steps);
        PlanNotes.Add(context, steps);
        return new PlannedSteps(steps, commands, gpus, context.Notes);
    }
}
