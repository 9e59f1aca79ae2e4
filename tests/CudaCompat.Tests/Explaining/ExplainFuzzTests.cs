using System.Diagnostics;
using System.Text;
using CsCheck;
using CudaCompat.Explaining;
using Xunit.Abstractions;

namespace CudaCompat.Tests.Explaining;

/// <summary>No text makes the explainer throw or take more than linear time. CUDACOMPAT_FUZZ sets how many texts it is given (100000 in a minute or two).</summary>
public sealed class ExplainFuzzTests(ITestOutputHelper output)
{
    // What consoles, copying and logs do to a text, and what the readers look for.
    private static readonly string[] Pieces =
    [
        "\n", "\r\n", "\r", "\u2028", " ", "\t", "\0", "\ufeff", "\ufffd", "\ud800", "\u001b[31m", "\u001b]0;x\u0007", "> ", "│ ", "│", "*", "{name}", "\\n", "'", "\"", "`", "...", "[WinError 126]", "Traceback (most recent call last):",
        "ERROR: ", "WARNING: ", "Driver Version: 535.104.05", "CUDA Version: 12.2", "found version 12020", "torch==2.8.0+cu128", "sm_999", "with CUDA capability sm_120", "C:\\Users\\a", "/home/a", "99999999999999999999", "é", "错误",
    ];

    private static readonly string[] Texts =
        [.. CauseTable.Curated.Rows.SelectMany(r => r.Examples.Concat(r.NearMisses)).Distinct(StringComparer.Ordinal)];

    private static long Iterations => long.TryParse(Environment.GetEnvironmentVariable("CUDACOMPAT_FUZZ"), out var asked) ? asked : 2000;

    [Fact]
    public void Explain_OfDamagedTexts_NeverThrowsAndIsAlwaysShort()
    {
        Texts.Length.Should().BeGreaterThan(300, "the table brings its own examples");
        var text = Gen.Int[0, Texts.Length - 1].Select(i => Texts[i]);
        var damage = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 999], Gen.Int[1, 40], Gen.Int[0, Pieces.Length - 1]).Array[0, 6];
        long texts = 0;
        long explained = 0;
        var start = Stopwatch.GetTimestamp();
        Gen.Select(text.Array[1, 4], damage).Sample(
            (parts, changes) =>
            {
                var whole = new StringBuilder(string.Join('\n', parts));
                foreach (var (what, place, length, piece) in changes)
                    Damage(whole, what, place, length, Pieces[piece]);
                var explanation = Explainer.Explain(whole.ToString());
                Interlocked.Increment(ref texts);
                if (explanation.Causes.Count > 0)
                    Interlocked.Increment(ref explained);
                return explanation.Causes.Count <= 12 && explanation.Causes.All(c => c.Message is { Length: > 0 and < 600 } && c.LineNumber > 0 && c.Kind.Length > 0)
                    && explanation.Next.All(n => n.Message.Length < 1000);
            },
            iter: Iterations);
        output.WriteLine($"{texts} texts, {explained} with a cause, {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        texts.Should().BeGreaterThanOrEqualTo(Iterations);
        explained.Should().BeGreaterThan(Iterations / 2, "damage leaves most texts readable; else nothing deep was tried");
    }

    [Fact]
    public void Explain_OfTextsOfAnyLength_IsLinear()
    {
        // Everything that the table knows, again and again, is the worst that a log can bring.
        var block = string.Join('\n', Texts) + "\n";
        var one = string.Concat(Enumerable.Repeat(block, 4));
        var eight = string.Concat(Enumerable.Repeat(block, 32));
        Explainer.Explain(one);
        var short1 = Best(() => Explainer.Explain(one));
        var long8 = Best(() => Explainer.Explain(eight));
        output.WriteLine($"{one.Length} characters: {short1.TotalMilliseconds:F1} ms; {eight.Length}: {long8.TotalMilliseconds:F1} ms");
        (long8 / short1).Should().BeLessThan(20, "eight times the text takes about eight times as long");
    }

    /// <summary>Outputs of success as they are and as consoles, mails and issue trackers hand them on.</summary>
    [SharedFact]
    public void OutputsOfSuccess_HoweverTheyWerePasted_HaveNoCause()
    {
        var rows = File.ReadLines(SharedCaptures.PathOf("transcripts/index.jsonl")).Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement)
            .Where(r => r.GetProperty("kind").GetString() is not ("smi_error" or "nvcc_error" or "install_failure")
                && !(r.TryGetProperty("expected", out var expected) && expected.ValueKind == System.Text.Json.JsonValueKind.Object && expected.TryGetProperty("error", out _))).Select(r => r.GetProperty("file").GetString()!).ToArray();
        (string Name, Func<string, string> As)[] ways =
        [
            ("as it is", t => t),
            ("quoted", t => "> " + t.Replace("\n", "\n> ", StringComparison.Ordinal)),
            ("of Windows", t => t.Replace("\n", "\r\n", StringComparison.Ordinal)),
            ("behind a prompt, with what pip says when all is well", t => "(venv) me@host:~$ nvidia-smi\n" + t + "\nSuccessfully installed filelock-3.13.1 torch-2.8.0+cu128\n"),
        ];
        var tried = 0;
        foreach (var file in rows)
        {
            var text = File.ReadAllText(SharedCaptures.PathOf("transcripts/" + file));
            foreach (var (name, way) in ways)
            {
                tried++;
                Explainer.Explain(way(text)).Causes.Should().BeEmpty("{0}, {1}, shows no failure", file, name);
            }
        }

        tried.Should().BeGreaterThanOrEqualTo(500);
    }

    private static TimeSpan Best(Action act)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var start = Stopwatch.GetTimestamp();
            act();
            var took = Stopwatch.GetElapsedTime(start);
            best = took < best ? took : best;
        }

        return best;
    }

    private static void Damage(StringBuilder text, int what, int place, int length, string piece)
    {
        if (text.Length == 0)
            return;
        var at = place * text.Length / 1000;
        length = Math.Min(length, text.Length - at);
        switch (what)
        {
            case 0:
                text.Remove(at, Math.Min(length, 3));
                break;
            case 1:
                text.Insert(at, piece);
                break;
            case 2:
                text.Insert(at, text.ToString(at, length));
                break;
            default:
                text.Append('\n').Append(piece);
                break;
        }
    }
}
