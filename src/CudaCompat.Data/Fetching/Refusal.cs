using System.Globalization;
using System.Net;
using System.Text;

namespace CudaCompat.Data.Fetching;

/// <summary>Names what an answer other than 200 was.</summary>
internal static class Refusal
{
    private const int Shown = 4096;

    public static FetchException Of(string url, HttpResponseMessage answer, byte[] body)
    {
        var text = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, Shown));
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        // The wheel index lies in a store that says 403 AccessDenied for a page that is not there.
        if (answer.StatusCode == HttpStatusCode.Forbidden && text.Contains("<Code>AccessDenied</Code>", StringComparison.Ordinal))
            return new FetchException(url, $"status {status} AccessDenied: there is no such page.", isMissing: true);
        if (answer.StatusCode == HttpStatusCode.Forbidden && text.Contains("Access Denied", StringComparison.Ordinal) && text.Contains("Reference", StringComparison.Ordinal))
            return new FetchException(url, $"status {status}: refused by the content network in front of the host (\"Access Denied\", Reference).");
        return answer.StatusCode switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new FetchException(url, $"status {status}: there is no such page.", isMissing: true),
            HttpStatusCode.TooManyRequests => new FetchException(url, $"status {status}: too many requests{(answer.Headers.RetryAfter is { } after ? $", asks to come back after {after}" : "")}."),
            _ => new FetchException(url, $"status {status} {answer.ReasonPhrase}.".Replace(" .", ".", StringComparison.Ordinal)),
        };
    }
}
