using System.Net;
using System.Text.RegularExpressions;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Downloads;

/// <summary>
/// Asks an index whether it really has a wheel before it is trusted: the page lists it, with the hash that is known, and the file is there
/// and is not just a pointer to one of the other indexes (mirrors that stopped copying redirect to upstream, where nothing is gained).
/// </summary>
internal sealed partial class IndexProbe(HttpClient client, TimeSpan limit)
{
    private const int MaximumPage = 8 << 20;

    /// <summary>Why an index is not trusted; null where it is.</summary>
    public Task<string?> RefuseAsync(string index, Requirement wanted, IReadOnlyList<PackageFile> files, IEnumerable<string> otherIndexes, CancellationToken cancellation) =>
        RefusePageAsync($"{index.TrimEnd('/')}/{wanted.Name}/", wanted, files, otherIndexes, cancellation);

    /// <summary>Why a flat list of files is not trusted; null where it is.</summary>
    public Task<string?> RefuseListAsync(string list, Requirement wanted, IReadOnlyList<PackageFile> files, CancellationToken cancellation) =>
        RefusePageAsync(list, wanted, files, [], cancellation);

    private async Task<string?> RefusePageAsync(string address, Requirement wanted, IReadOnlyList<PackageFile> files, IEnumerable<string> otherIndexes, CancellationToken cancellation)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(limit);
        try
        {
            var page = new Uri(address);
            var others = otherIndexes.Select(o => new Uri(o).Authority).Where(o => o != page.Authority).ToHashSet();
            using var get = UserInfoHeader.Request(HttpMethod.Get, page);
            using var listing = await client.SendAsync(get, HttpCompletionOption.ResponseHeadersRead, time.Token).ConfigureAwait(false);
            if (Refuse(listing, others) is { } reason)
                return reason;
            if (listing.Content.Headers.ContentLength > MaximumPage)
                return "its page is too long";
            var html = await listing.Content.ReadAsStringAsync(time.Token).ConfigureAwait(false);
            var wheel = Links(html).FirstOrDefault(l => IsWanted(l, wanted, files));
            if (wheel is null)
                return $"it does not list {wanted}";
            var fragment = wheel.IndexOf('#', StringComparison.Ordinal);
            if (fragment > 0 && HashDiffers(wheel, fragment, files))
                return $"its hash of {wanted} is not the known one";
            var file = new Uri(listing.RequestMessage!.RequestUri!, fragment > 0 ? wheel[..fragment] : wheel);
            using var head = new HttpRequestMessage(HttpMethod.Head, file);
            if (file.Authority == page.Authority)
                head.Headers.Authorization = get.Headers.Authorization;
            using var answer = await client.SendAsync(head, HttpCompletionOption.ResponseHeadersRead, time.Token).ConfigureAwait(false);
            return answer.StatusCode == HttpStatusCode.MethodNotAllowed ? null : Refuse(answer, others);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"no answer within {limit.TotalSeconds:0} s";
        }
        catch (Exception e) when (e is HttpRequestException or UriFormatException or RegexMatchTimeoutException)
        {
            return e.Message;
        }
    }

    private static string? Refuse(HttpResponseMessage response, HashSet<string> others)
    {
        if (!response.IsSuccessStatusCode)
            return $"HTTP {(int)response.StatusCode} for {response.RequestMessage?.RequestUri?.AbsolutePath}";
        var host = response.RequestMessage!.RequestUri!.Authority;
        return others.Contains(host) ? $"it only redirects to {host}" : null;
    }

    private static string NameOf(string link) => Uri.UnescapeDataString(link.Split('#')[0].Split('?')[0].Split('/')[^1]);

    private static bool IsWanted(string link, Requirement wanted, IReadOnlyList<PackageFile> files)
    {
        var name = NameOf(link);
        var known = files.Where(f => Requirement.OfWheel(f.Name) == wanted).Select(f => f.Name).ToArray();
        return known.Length > 0 ? known.Contains(name) : Requirement.OfWheel(name) == wanted;
    }

    private static bool HashDiffers(string link, int fragment, IReadOnlyList<PackageFile> files) =>
        link.AsSpan(fragment).StartsWith("#sha256=", StringComparison.Ordinal)
        && files.FirstOrDefault(f => f.Name == NameOf(link))?.Sha256 is { } sha
        && !link.AsSpan(fragment + 8).Equals(sha, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Links(string html) => Anchor().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value));

    [GeneratedRegex("""<a\s[^>]*?href\s*=\s*["']([^"']+)["']""", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Anchor();
}
