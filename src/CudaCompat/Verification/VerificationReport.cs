using System.Text.Json.Serialization;
using CudaCompat.Versions;

namespace CudaCompat.Verification;

/// <summary>How a check ended.</summary>
[JsonConverter(typeof(VerificationStatusNames))]
public enum VerificationStatus
{
    /// <summary>It is there and as it should be.</summary>
    Passed,

    /// <summary>It is there and is not as it should be, or it should be there and is not.</summary>
    Failed,

    /// <summary>It is not there, and nothing says that it should be.</summary>
    NotThere,

    /// <summary>It could not be tried: there is no GPU, or what it rests on does not work.</summary>
    NotTried,
}

/// <summary>The document names of <see cref="VerificationStatus"/>.</summary>
internal sealed class VerificationStatusNames() : NamedEnumConverter<VerificationStatus>(
    (VerificationStatus.Passed, "ok"), (VerificationStatus.Failed, "failed"), (VerificationStatus.NotThere, "not there"), (VerificationStatus.NotTried, "not tried"))
{
    internal static readonly VerificationStatusNames Instance = new();
}

/// <summary>One check of a stack.</summary>
/// <param name="Name">nvcc | compile | cudnn | torch | torchvision | torchaudio | kernel | extension.</param>
/// <param name="Subject">What was looked at: a path, a package, a GPU.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Expected">What the plan or the caller expects, null where nothing is.</param>
/// <param name="Found">What was found.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Cause">On failure: the likely cause.</param>
/// <param name="Next">On failure: what to do next.</param>
public sealed record VerificationCheck(
    string Name, string Subject, VerificationStatus Status, string? Expected, string? Found, string Message, string? Cause = null, string? Next = null);

/// <summary>What a verification found.</summary>
/// <param name="Checks">Each check, a kernel check for each GPU.</param>
public sealed record VerificationReport(IReadOnlyList<VerificationCheck> Checks)
{
    /// <summary>True where no check failed. What is neither there nor expected does not count.</summary>
    public bool Succeeded => Checks.All(c => c.Status != VerificationStatus.Failed);

    /// <summary>True where at least one check passed and none failed: something was really proved.</summary>
    public bool Proved => Succeeded && Checks.Any(c => c.Status == VerificationStatus.Passed);

    /// <summary>The names of what was proved: at least one check of it is ok, and none failed.</summary>
    public IReadOnlyList<string> Proves => [.. Checks.GroupBy(c => c.Name).Where(g => g.Any(c => c.Status == VerificationStatus.Passed) && g.All(c => c.Status != VerificationStatus.Failed)).Select(g => g.Key)];

    /// <summary>One line: what was proved, what failed, what is not there, and what was not tried and why.</summary>
    public string Summary
    {
        get
        {
            var names = Checks.Select(c => c.Name).Distinct().ToArray();
            var proved = Proves;
            string[] Only(VerificationStatus status) => [.. names.Where(n => !proved.Contains(n) && Checks.Where(c => c.Name == n).All(c => c.Status == status))];
            var parts = new List<string>();
            Add("Proved", proved.Select(n => n + (FoundOf(n) is { } found ? " " + found : "")));
            Add("Failed", names.Where(n => Checks.Any(c => c.Name == n && c.Status == VerificationStatus.Failed)));
            Add("Not there", Only(VerificationStatus.NotThere));
            Add("Not tried", Only(VerificationStatus.NotTried).Select(n => $"{n} ({Reason(Checks.First(c => c.Name == n).Message)})"));
            return parts.Count == 0 ? "Nothing was checked." : (proved.Count == 0 ? "Nothing was proved. " : "") + string.Join(" ", parts);

            void Add(string title, IEnumerable<string> what)
            {
                if (what.Any())
                    parts.Add($"{title}: {string.Join(", ", what)}.");
            }
        }
    }

    /// <summary>The report as UTF-8 JSON.</summary>
    public byte[] ToJson() => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(this, VerificationJson.Readable.VerificationReport);

    // The version, where the check of that very name found one.
    private string? FoundOf(string name) => name is "nvcc" or "cudnn" or "torch" or "torchvision" or "torchaudio" ? Checks.FirstOrDefault(c => c.Name == name && c.Status == VerificationStatus.Passed)?.Found : null;

    private static string Reason(string message)
    {
        const int Longest = 80;
        var reason = message[(message.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : 0)..].Split(". ")[0].TrimEnd('.');
        return reason.Length > Longest ? reason[..Longest] + "…" : reason;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerificationReport))]
[JsonSerializable(typeof(ProbeAnswer))]
[JsonSerializable(typeof(ExtensionAnswer))]
internal sealed partial class VerificationJson : JsonSerializerContext
{
    private static VerificationJson? readable;

    internal static VerificationJson Readable => readable ??= new VerificationJson(new System.Text.Json.JsonSerializerOptions(Default.Options)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
