using System.Text;
using CudaCompat.Documents;
using CudaCompat.Resolution;

namespace CudaCompat.Tests.Answers;

/// <summary>
/// Questions and their whole answers, to be read by a person: every finding with its weight, subject and sources, every remedy, every reason why not newer.
/// A question is a line "machine {…}" and a line "check {…}" or "plan {…}" with the contract's documents; what follows up to the next blank line is the
/// answer. CUDACOMPAT_UPDATE_ANSWERS=1 writes the answers anew; after a refresh of the data, the difference shows what it changed for people.
/// </summary>
public sealed class AnswerTests
{
    private static readonly string Folder = Path.Combine(SharedCaptures.Repository, "tests", "CudaCompat.Tests", "Answers");

    public static TheoryData<string> Pages => [.. Directory.GetFiles(Folder, "*.txt").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Questions_AreAnsweredAsWritten(string page)
    {
        var path = Path.Combine(Folder, page);
        var written = File.ReadAllText(path);
        var answered = Answered(written);
        if (Environment.GetEnvironmentVariable("CUDACOMPAT_UPDATE_ANSWERS") == "1")
        {
            File.WriteAllText(path, answered);
            return;
        }

        var (now, then) = (answered.Split("\n\n"), written.ReplaceLineEndings("\n").Split("\n\n"));
        now.Except(then).Should().BeEmpty("{0} must hold what is answered; CUDACOMPAT_UPDATE_ANSWERS=1 dotnet test writes it anew", page);
        answered.Should().HaveLength(written.ReplaceLineEndings("\n").Length, "{0} holds answers that are not given any more", page);
    }

    private static string Answered(string text)
    {
        var page = new StringBuilder();
        var machine = "";
        var inAnswer = false;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (inAnswer && line.Length > 0)
                continue;
            page.Append(line).Append('\n');
            inAnswer = true;
            if (line.StartsWith("check ", StringComparison.Ordinal))
                page.Append(OrError(() => AnswerText.Of(Resolver.Check(DocumentReader.Machine(machine), DocumentReader.Stack(line["check ".Length..])))));
            else if (line.StartsWith("plan ", StringComparison.Ordinal))
                page.Append(OrError(() => AnswerText.Of(Resolver.TryPlan(DocumentReader.Machine(machine), DocumentReader.Read(line["plan ".Length..], DocumentJson.Default.PlanRequest)))));
            else
                inAnswer = false;
            if (line.StartsWith("machine ", StringComparison.Ordinal))
                machine = line["machine ".Length..];
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static string OrError(Func<string> answer)
    {
        try
        {
            return answer();
        }
        catch (BadRequestException e)
        {
            return $"error {e.Field}: {e.Message}\n";
        }
        catch (BadInputException e)
        {
            return $"error {e.Path}: {e.Message}\n";
        }
    }
}
