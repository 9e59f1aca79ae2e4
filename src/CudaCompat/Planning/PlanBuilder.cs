using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;

namespace CudaCompat.Planning;

/// <summary>From a decision to the document that people and programs read.</summary>
internal static class PlanBuilder
{
    public static PlanResult Build(MachineFacts machine, Wish wish, PlanRequest request, PlanOutcome outcome)
    {
        var whyNot = outcome.WhyNotNewer.Select(w => new WhyNotNewer(w.Candidate, w.Cause.Rule, ExplanationWriter.Write(w.Cause))).ToArray();
        return new PlanResult
        {
            Id = machine.Document.Id,
            Verdict = outcome.Verdict,
            Plan = outcome.Choice is { } choice ? Plan(machine, wish, request, choice, whyNot) : null,
            Findings = StackChecker.Findings(outcome.Causes),
            Remedies = outcome.Remedies,
            WhyNotNewer = whyNot,
            DataVersion = machine.Matrix.DataVersion,
            Explanation = outcome.Choice is null ? ExplanationWriter.Refusal(outcome) : "",
        };
    }

    private static InstallPlan Plan(MachineFacts machine, Wish wish, PlanRequest request, Choice choice, IReadOnlyList<WhyNotNewer> whyNot)
    {
        var stack = PlanSolver.StackOf(choice, wish);
        var document = machine.Document with { Architecture = machine.Arch };
        var chosen = new ChosenStack
        {
            Stack = stack,
            Machine = document,
            Data = machine.Matrix.Install,
            Torch = choice.Build?.Row,
            Torchvision = choice.Torchvision?.Row,
            Torchaudio = choice.Torchaudio?.Row,
            Components = Components(choice),
            Packaging = wish.Installer,
            ToolkitFrom = request.ToolkitFrom,
            Compiles = wish.Compiles,
            Prefix = request.Prefix,
            Mirror = request.Mirror,
            GpuIndexes = wish.Gpus,
            GpuUuids = wish.Gpus is not null && machine.Gpus!.All(g => g.Uuid is not null) ? [.. machine.Gpus!.Select(g => g.Uuid!)] : null,
        };
        var steps = KnownSteps.Of(chosen, choice.Cudnn);
        return new InstallPlan
        {
            Stack = stack,
            Compatibility = CompatibilityOf(choice),
            KnownBy = KnownByOf(choice),
            NotNeededByTorch = choice.Build is null ? [] : [.. chosen.Components.Where(c => c is ComponentNames.Toolkit or ComponentNames.Cudnn)],
            Steps = steps.Steps,
            Commands = steps.Commands,
            Environment = steps.Environment,
            Notes = [.. PlanChoiceNotes.Of(machine, wish, choice), .. steps.Notes],
            Machine = document,
            Request = request,
            DataVersion = machine.Matrix.DataVersion,
            Explanation = ExplanationWriter.Plan(machine, choice, CompatibilityOf(choice), whyNot),
        };
    }

    private static string CompatibilityOf(Choice choice) => choice.Build is { Tag.IsCpu: true } ? "cpu" : choice.Mode switch
    {
        DriverFitMode.Minor => "minor",
        DriverFitMode.Forward => "forward",
        _ => "full",
    };

    private static string[] Components(Choice choice) =>
    [
        .. choice.Toolkit is null ? Array.Empty<string>() : [ComponentNames.Toolkit],
        .. choice.Cudnn is null ? Array.Empty<string>() : [ComponentNames.Cudnn],
        .. choice.Build is null ? Array.Empty<string>() : [ComponentNames.Torch],
        .. choice.Torchvision is null ? Array.Empty<string>() : [ComponentNames.Torchvision],
        .. choice.Torchaudio is null ? Array.Empty<string>() : [ComponentNames.Torchaudio],
    ];

    private static Dictionary<string, KnownBy> KnownByOf(Choice choice)
    {
        var known = new Dictionary<string, KnownBy>(StringComparer.Ordinal);
        if (choice.Toolkit is not null)
            known[ComponentNames.Toolkit] = KnownBy.Listed;
        if (choice.Cudnn is { } cudnn)
            known[ComponentNames.Cudnn] = cudnn.Platforms is null ? KnownBy.Stated : KnownBy.Listed;
        if (choice.Build is { } build)
            known[ComponentNames.Torch] = build.Row.Known;
        if (choice.Torchvision is { } torchvision)
            known[ComponentNames.Torchvision] = torchvision.Row.Known;
        if (choice.Torchaudio is { } torchaudio)
            known[ComponentNames.Torchaudio] = torchaudio.Row.Known;
        return known;
    }
}
