using CudaCompat.Versions;

namespace CudaCompat.Resolution.Choice;

/// <summary>
/// The one answer to a question: what is chosen for a request, or the stack to check where it works; null where there is none. Remedies are questions with one
/// fact changed, asked here again.
/// </summary>
internal static class Solver
{
    /// <param name="question">What is asked; a name that stands for several chips has to be answered for each of them alike.</param>
    /// <param name="notBefore">See <see cref="Chooser.Choose"/>.</param>
    public static Candidate? Solve(Question question, PackageVersion? notBefore = null)
    {
        if (SeveralChips(question) is not { } gpu)
            return question.IsCheck ? Stacks.Passing(question) : Chooser.Choose(question, notBefore);
        var answers = gpu.Alternatives.Select(c => Solve(question.On(question.Machine.WithCapability(gpu, c)), notBefore)).ToArray();
        return Array.TrueForAll(answers, a => a is not null && IsSame(a, answers[0])) ? answers[0] : null;
    }

    /// <summary>The first GPU to be served whose name is several chips.</summary>
    public static GpuFacts? SeveralChips(Question question)
    {
        foreach (var gpu in question.Machine.Gpus ?? [])
        {
            if (gpu is { Capability: null, Alternatives.Length: > 1 })
                return gpu;
        }

        return null;
    }

    public static bool IsSame(Candidate? one, Candidate? other) =>
        one?.Build == other?.Build && one?.Toolkit == other?.Toolkit && one?.Cudnn == other?.Cudnn && one?.Torchvision == other?.Torchvision && one?.Torchaudio == other?.Torchaudio;
}
