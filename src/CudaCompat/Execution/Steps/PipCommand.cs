using CudaCompat.Execution.Downloads;
using CudaCompat.Planning;
using CudaCompat.Planning.Steps;

namespace CudaCompat.Execution.Steps;

/// <summary>
/// The words behind "install" of the command that the plan prints, so that what is run is what was read: requirements and where they come
/// from. Nothing else is taken; a plan from elsewhere could name an option that runs its own code.
/// </summary>
internal sealed record PipCommand(IReadOnlyList<string> Requirements, IReadOnlyList<string> Sources)
{
    private static readonly string[] SourceOptions = ["--index-url", "--extra-index-url", "--find-links"];

    /// <summary>The words of a step; those that its fields say where it has no command.</summary>
    /// <exception cref="StepFailedException">The command is none for these requirements, or has a word that is not known.</exception>
    public static PipCommand Of(TorchStep step)
    {
        if (step.Command is null)
            return new PipCommand([.. step.Requirements, .. step.Bounds ?? []], [.. TorchStepBuilder.PipOptions(step)]);
        var requirements = new List<string>();
        var sources = new List<string>();
        var words = step.Command.SkipWhile(w => w != "install").Skip(1).ToArray();
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == "--python")
                i++; // ours is named by its full path
            else if (SourceOptions.Contains(words[i]) && i + 1 < words.Length && PlanDocumentCheck.IsAddress(words[i + 1]))
                sources.AddRange([words[i], words[++i]]);
            else if (step.Bounds?.Contains(words[i]) == true)
                continue; // the step's own, added below
            else if (IsRequirement(words[i]))
                requirements.Add(words[i]);
            else
                throw new StepFailedException($"'{words[i]}' in the plan's command is not known.", "correct the plan: requirements, --index-url, --extra-index-url and --find-links are taken.");
        }

        var named = requirements.Select(NameOf).Order(StringComparer.Ordinal);
        return named.SequenceEqual(step.Requirements.Select(NameOf).Order(StringComparer.Ordinal))
            ? new PipCommand([.. requirements, .. step.Bounds ?? []], sources)
            : throw new StepFailedException("the plan's command does not install the packages that the plan names.", "make the plan anew; this one contradicts itself.");
    }

    /// <summary>The same with another index in place of the plan's.</summary>
    public PipCommand From(string? index, string? chosen) =>
        this with { Sources = [.. Sources.Select((w, i) => i > 0 && Sources[i - 1] == "--index-url" && w == index ? chosen ?? w : w)] };

    // name==version, or name @ address where only the folder tells a file apart.
    private static bool IsRequirement(string word) =>
        word is [not '-', ..] && (word.Split(" @ ") is [var name, var address] ? PlanDocumentCheck.IsAddress(address) && Requirement.IsName(name) : Requirement.Parse(word) is not null);

    private static string NameOf(string requirement) => Requirement.Normal(requirement.Split("==")[0].Split(" @ ")[0]);
}
