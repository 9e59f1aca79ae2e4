using System.Security.Cryptography;
using System.Text;
using CudaCompat.Documents;
using CudaCompat.Resolution;
using CudaCompat.Tests.Answers;
using CudaCompat.Tests.Oracle;

namespace CudaCompat.Tests.Guards;

/// <summary>
/// A change of structure changes no answer: 7,500 seeded plans and 6,000 seeded pairs of a machine and an exact build, asked of plan and of check. Of each
/// hundred answers one hash is stored, and four digits for each answer, so that the first one that differs is printed whole. Who means a difference says
/// so in Differences.md, one line with its reason, and writes the hashes anew with CUDACOMPAT_UPDATE_ANSWERS=1; CUDACOMPAT_GUARD_DUMP=FOLDER keeps every
/// answer as text, to be compared with those of another version.
/// </summary>
public sealed class AnswerGuardTests
{
    private const int Hundred = 100;
    private static readonly string Folder = Path.Combine(SharedCaptures.Repository, "tests", "CudaCompat.Tests", "Guards");

    [Theory]
    [InlineData("plan-easy", 2500)]
    [InlineData("plan-mixed", 2500)]
    [InlineData("plan-requests", 2500)]
    [InlineData("pairs", 6000)]
    public void Answers_ToSeededQuestions_AreThoseOfBefore(string kind, int count)
    {
        var answers = Answers(kind, count);
        if (Environment.GetEnvironmentVariable("CUDACOMPAT_GUARD_DUMP") is { Length: > 0 } dump)
            File.WriteAllText(Path.Combine(dump, kind + ".txt"), string.Join("\n", answers));
        var lines = answers.Chunk(Hundred).Select(Line).ToArray();
        var path = Path.Combine(Folder, kind + ".hashes");
        if (Environment.GetEnvironmentVariable("CUDACOMPAT_UPDATE_ANSWERS") == "1")
        {
            File.WriteAllText(path, string.Join('\n', lines) + "\n");
            return;
        }

        var stored = File.ReadAllText(path).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        stored.Should().HaveSameCount(lines);
        var differing = Enumerable.Range(0, lines.Length).Where(i => stored[i] != lines[i]).ToArray();
        if (differing.Length > 0)
            Assert.Fail($"{differing.Length} of {lines.Length} hundreds of {kind} differ. The first answer that does:\n{First(answers, stored[differing[0]], lines[differing[0]], differing[0] * Hundred)}");
    }

    private static string First(List<string> answers, string stored, string now, int from)
    {
        var (then, today) = (stored.Split(' ')[1..], now.Split(' ')[1..]);
        return answers[from + Enumerable.Range(0, today.Length).First(i => then.ElementAtOrDefault(i) != today[i])];
    }

    private static List<string> Answers(string kind, int count)
    {
        var questions = new GuardQuestions(kind switch { "plan-easy" => 1, "plan-mixed" => 2, "plan-requests" => 3, _ => 4UL });
        var answers = new List<string>(count);
        for (var i = 0; i < count; i++)
        {
            if (kind == "pairs")
            {
                var machine = questions.MixedMachine();
                var (stack, request) = questions.Exact();
                answers.Add($"{machine}\n{Json(stack)}\ncheck: {AnswerText.Of(Resolver.Check(machine.ForLibrary(), stack.ForLibrary()))}plan: {Plan(machine, request)}");
            }
            else
            {
                var machine = kind == "plan-easy" ? questions.EasyMachine() : questions.MixedMachine();
                var request = kind == "plan-requests" ? questions.Request() : new ORequest();
                answers.Add($"{machine}\n{request}\n{Plan(machine, request)}");
            }
        }

        return answers;
    }

    private static string Json(OStack stack) => System.Text.Json.JsonSerializer.Serialize(stack.ForLibrary(), DocumentJson.Default.StackDocument);

    private static string Plan(OMachine machine, ORequest request)
    {
        try
        {
            return AnswerText.Of(Resolver.TryPlan(machine.ForLibrary(), request.ForLibrary()));
        }
        catch (BadRequestException e)
        {
            return $"error {e.Field}: {e.Message}\n";
        }
    }

    private static string Line(string[] answers)
    {
        var all = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', answers))))[..16];
        return all + " " + string.Join(' ', answers.Select(a => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(a)))[..4]));
    }
}
