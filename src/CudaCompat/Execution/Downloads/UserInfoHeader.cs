using System.Net.Http.Headers;
using System.Text;

namespace CudaCompat.Execution.Downloads;

/// <summary>The user and password of an address go into a header, which redirects drop, and never into a log.</summary>
internal static class UserInfoHeader
{
    /// <summary>A request for an address that may hold user and password.</summary>
    public static HttpRequestMessage Request(HttpMethod method, Uri url)
    {
        var message = new HttpRequestMessage(method, Without(url));
        if (url.UserInfo.Length > 0)
            message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));
        return message;
    }

    /// <summary>The address without user and password.</summary>
    public static Uri Without(Uri url) => new UriBuilder(url) { UserName = "", Password = "" }.Uri;
}
