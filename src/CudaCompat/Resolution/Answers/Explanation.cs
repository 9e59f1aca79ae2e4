using CudaCompat.Resolution.Rules;

namespace CudaCompat.Resolution.Answers;

/// <summary>An answer as a whole, in sentences.</summary>
internal static class Explanation
{
    private static readonly string[] Openings = ["Driver", "Neither", "No", "On", "The", "There", "This", "Which", "Whether"];

    /// <summary>"Because …, and because …: no plan."</summary>
    public static string Chain(IEnumerable<Cause> causes)
    {
        var sentences = causes.Select(c => InMidSentence(c.English())).Distinct(StringComparer.Ordinal).ToArray();
        return sentences.Length == 0 ? "" : "Because " + string.Join(";\n  and because ", sentences) + ".";
    }

    /// <summary>A refusal as a whole: the reasons, then what would help.</summary>
    public static string Refusal(PlanAnswer answer)
    {
        var reasons = Chain(answer.Causes.Where(c => c.Severity == Severity.Error || c.Undecided));
        var end = answer.Verdict == PlanVerdict.Unknown ? "So this cannot be decided from the data." : "So there is no plan.";
        var help = answer.Remedies.Count == 0 ? "" : "\nWhat would help:\n" + string.Join('\n', answer.Remedies.Select(r => "  - " + r.Message));
        return $"{reasons}\n{end}{help}";
    }

    /// <summary>Why this build, and why not the newer ones.</summary>
    public static string Plan(Question question, PlanAnswer answer, string compatibility)
    {
        var choice = answer.Choice!;
        var lines = new List<string>();
        if (answer.NewerWithGpu is { } newer)
            lines.Add($"Name the GPU (--gpu \"RTX 4090\") and this may be {newer}: without it the plan serves as many as it can of those that the driver may drive.");
        lines.Add(choice.Build is { Tag.IsCpu: true }
            ? $"{choice}: the newest CPU build for this system and Python."
            : $"{choice}: {Because(question, choice, compatibility, answer.NewerWithGpu is null)}.");
        lines.AddRange(answer.WhyNotNewer.Select(w => $"Not {w.Candidate}: {w.Cause.English()}"));
        return string.Join('\n', lines);
    }

    private static string Because(Question question, Candidate choice, string compatibility, bool isNewest)
    {
        var machine = question.Machine;
        var reasons = new List<string>();
        if (choice.Cuda is { } cuda)
        {
            var driver = machine.Document.Driver is { } d ? $"driver {d}" : "the driver";
            reasons.Add((compatibility, machine.ReportedCuda) switch
            {
                ("minor", { } reported) => $"{driver} (CUDA {reported}) runs CUDA {cuda} by minor-version compatibility",
                ("minor", null) => $"{driver} runs CUDA {cuda} by minor-version compatibility",
                ("forward", _) => $"{driver} runs CUDA {cuda} with the forward-compatibility package",
                (_, { } reported) when reported == cuda => $"{driver} runs CUDA {cuda}",
                (_, { } reported) => $"{driver} runs CUDA {reported}, and so {cuda}",
                _ when machine.Tegra => $"which CUDA its driver runs is not known; it has to be {cuda} or newer",
                _ => $"the driver is not known; CUDA {cuda} needs {machine.Drivers.MinorFloor(cuda.Major)?.Minimum.ToString() ?? machine.Drivers.LowestReporting(cuda)?.From.ToString() ?? "one that runs it"} or newer",
            });
        }

        if (choice.Build is not null)
        {
            reasons.AddRange((machine.Gpus ?? []).Select(gpu => $"it has code for {gpu.Display}"));
            reasons.Add(isNewest ? "it is the newest that brings every component asked for" : "it serves the most of the GPUs that this driver may drive");
        }
        else if (choice is { Toolkit: null, Cudnn: not null })
        {
            reasons.Add("it is the newest for its CUDA that serves every GPU with this driver");
        }

        return string.Join(", ", reasons.Distinct(StringComparer.Ordinal));
    }

    // Names (Python, NVIDIA, Jetson) keep their capital; the words that begin a sentence do not.
    private static string InMidSentence(string sentence)
    {
        var first = sentence.Split(' ', 2)[0];
        return (Openings.Contains(first) ? char.ToLowerInvariant(sentence[0]) + sentence[1..] : sentence).TrimEnd('.');
    }
}
