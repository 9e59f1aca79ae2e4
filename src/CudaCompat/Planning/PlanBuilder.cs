using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;
using CudaCompat.Resolution.Answers;
using CudaCompat.Resolution.Rules;

namespace CudaCompat.Planning;

/// <summary>From a decision to the document that people and programs read.</summary>
internal static class PlanBuilder
{
    /// <summary>How the note begins that says what a mirror of the default index could serve by itself.</summary>
    public const string FromMirror = "From the mirror alone";

    public static PlanResult Build(Question question, PlanRequest request, PlanAnswer answer)
    {
        if (request.Prefix is { } prefix && !PlanDocumentCheck.IsFolder(prefix))
            throw new BadRequestException("prefix", $"'{Processes.VisibleText.Of(prefix.Length > 80 ? prefix[..80] + "…" : prefix)}' is not a folder that a plan may name.");
        var machine = question.Machine;
        return new PlanResult
        {
            Id = machine.Document.Id,
            Verdict = answer.Verdict,
            Plan = answer.Choice is null ? null : Plan(question, request, answer),
            Findings = CheckAnswer.Findings(answer.Causes),
            Remedies = answer.Remedies,
            WhyNotNewer = [.. answer.WhyNotNewer.Select(w => new WhyNotNewer(w.Candidate, w.Cause.Rule, w.Cause.English()))],
            DataVersion = machine.Matrix.DataVersion,
            Explanation = answer.Choice is null ? CudaCompat.Resolution.Answers.Explanation.Refusal(answer) : "",
        };
    }

    private static InstallPlan Plan(Question question, PlanRequest request, PlanAnswer answer)
    {
        var machine = question.Machine;
        var choice = answer.Choice!;
        var stack = choice.ToStack(question);
        var document = machine.Document with { Architecture = machine.Arch };
        var chosen = new ChosenStack
        {
            Stack = stack,
            Machine = document,
            Data = machine.Matrix.Install,
            Torch = choice.Build?.Row,
            Torchvision = stack.Torchvision is null ? null : choice.TorchvisionBuild?.Row,
            Torchaudio = stack.Torchaudio is null ? null : choice.TorchaudioBuild?.Row,
            Components = ComponentNames.Of(stack),
            Packaging = question.Installer,
            ToolkitFrom = PipToolkitRule.IsTaken(question, choice) ? PipToolkitRule.Way : request.ToolkitFrom,
            Compiles = question.Compiles,
            Prefix = request.Prefix,
            Mirror = request.Mirror,
            FromDefaultIndex = question.FromDefaultIndex,
            IndexUrl = question.Index?.Url,
            GpuIndexes = question.GpuIndexes,
            GpuUuids = question.GpuIndexes is not null && machine.Gpus!.All(g => g.Uuid is not null) ? [.. machine.Gpus!.Select(g => g.Uuid!)] : null,
        };
        var steps = KnownSteps.Of(chosen, stack.Cudnn is null ? null : choice.CudnnRelease);
        return new InstallPlan
        {
            Stack = stack,
            Compatibility = CompatibilityOf(choice),
            KnownBy = KnownByOf(choice, stack),
            NotNeededByTorch = choice.Build is null ? [] : [.. chosen.Components.Where(c => c is ComponentNames.Toolkit or ComponentNames.Cudnn)],
            Steps = steps.Steps,
            Commands = steps.Commands,
            Environment = steps.Environment,
            Notes = [.. PlanChoiceNotes.Of(question, choice), .. steps.Notes, .. OfMirror(answer, request)],
            Machine = document,
            Request = request,
            DataVersion = machine.Matrix.DataVersion,
            Explanation = CudaCompat.Resolution.Answers.Explanation.Plan(question, answer, CompatibilityOf(choice)),
        };
    }

    private static string[] OfMirror(PlanAnswer answer, PlanRequest request) => answer.OnDefaultIndex is { } build
        ? [$"{FromMirror}: {build} (--index default --mirror {request.Mirror})."]
        : [];

    private static string CompatibilityOf(Candidate choice) => choice.Build is { Tag.IsCpu: true } ? "cpu" : choice.Mode switch
    {
        DriverFitMode.Minor => "minor",
        DriverFitMode.Forward => "forward",
        _ => "full",
    };

    private static Dictionary<string, KnownBy> KnownByOf(Candidate choice, StackDocument stack)
    {
        var known = new Dictionary<string, KnownBy>(StringComparer.Ordinal);
        if (stack.Toolkit is not null)
            known[ComponentNames.Toolkit] = KnownBy.Listed;
        if (stack.Cudnn is not null)
            known[ComponentNames.Cudnn] = choice.CudnnRelease!.Platforms is null ? KnownBy.Stated : KnownBy.Listed;
        if (choice.Build is { } build)
            known[ComponentNames.Torch] = build.Row.Known;
        if (stack.Torchvision is not null)
            known[ComponentNames.Torchvision] = choice.TorchvisionBuild!.Row.Known;
        if (stack.Torchaudio is not null)
            known[ComponentNames.Torchaudio] = choice.TorchaudioBuild!.Row.Known;
        return known;
    }
}
