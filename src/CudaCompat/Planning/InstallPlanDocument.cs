using System.Text.Json;

namespace CudaCompat.Planning;

/// <summary>Reads and writes plans as JSON documents.</summary>
public static class InstallPlanDocument
{
    /// <summary>The most bytes that a plan may have.</summary>
    public const int MaximumLength = 16 << 20;

    /// <summary>Reads a plan: the plan itself, or the whole result of the plan command, whose field "plan" it then is.</summary>
    /// <param name="utf8">The document.</param>
    /// <exception cref="PlanDocumentException">It is no plan; the message names the field and what is wrong with it.</exception>
    public static InstallPlan Read(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > MaximumLength)
            throw new PlanDocumentException("", $"a plan of {utf8.Length} bytes is longer than {MaximumLength}.");
        if (utf8.Span.StartsWith("\xEF\xBB\xBF"u8))
            utf8 = utf8[3..];
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new PlanDocumentException("$", $"expected an object, found {root.ValueKind}.");
            if (root.TryGetProperty("verdict", out var verdict) && root.TryGetProperty("plan", out var inner))
            {
                if (inner.ValueKind == JsonValueKind.Null)
                    throw new PlanDocumentException("$.plan", $"there is no plan in this result; its verdict is {verdict}.");
                root = inner;
            }

            var plan = root.Deserialize(InstallPlanJson.Readable.InstallPlan) ?? throw new PlanDocumentException("$", "null is no plan.");
            return Checked(plan);
        }
        catch (JsonException e)
        {
            var message = e.Message;
            var suffix = message.IndexOf(" Path: ", StringComparison.Ordinal);
            throw new PlanDocumentException(e.Path ?? "", suffix > 0 ? message[..suffix] : message, e);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or InvalidOperationException or FormatException)
        {
            throw new PlanDocumentException("", e.Message, e);
        }
    }

    /// <summary>Reads a plan from text.</summary>
    /// <exception cref="PlanDocumentException">It is no plan.</exception>
    public static InstallPlan Read(string json) => Read(System.Text.Encoding.UTF8.GetBytes(json));

    /// <summary>Writes a plan as UTF-8 JSON; the same plan gives the same bytes.</summary>
    public static byte[] Write(InstallPlan plan) => JsonSerializer.SerializeToUtf8Bytes(plan, InstallPlanJson.Readable.InstallPlan);

    private static InstallPlan Checked(InstallPlan plan)
    {
        PlanDocumentCheck.Check(plan);
        return plan;
    }
}
