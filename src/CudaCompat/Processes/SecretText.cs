using System.Text.RegularExpressions;

namespace CudaCompat.Processes;

/// <summary>Takes secrets out of text before it reaches a log, an event or a report: user and password in URLs, tokens in queries.</summary>
internal static partial class SecretText
{
    /// <summary>The text with "://user:password@" as "://***@" and the values of token-like query fields as "***".</summary>
    public static string Mask(string text) => QueryToken().Replace(UserInfo().Replace(text, "://***@"), "$1***");

    [GeneratedRegex(@"://[^/?#\s'""]+@", RegexOptions.None, 1000)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"([?&](?:token|key|password|signature|sig|auth|access_token|api_key)=)[^&\s'""]+", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex QueryToken();
}
