using System.Text.RegularExpressions;
using CudaCompat.Matrix;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Downloads;

/// <summary>
/// Asks an address what it mirrors, at the places where upstream has it below its own: PyTorch's wheels by CUDA tag or all in one index, the
/// default package index, NVIDIA's files. What only leads to upstream is no mirror.
/// </summary>
internal sealed partial class MirrorProbe(HttpClient client, InstallData data, TimeSpan limit)
{
    private const int MostRead = 8 << 20;

    /// <summary>What the address mirrors, as <see cref="MirrorAddress"/> spells it; and where nothing of it was found, what each question came to.</summary>
    public async Task<(IReadOnlyList<string> Found, IReadOnlyList<string> Answers)> AskAsync(string address, CancellationToken cancellation)
    {
        var root = address.TrimEnd('/');
        var wheels = root + "/" + LastPart(data.Place("wheels"));
        var simple = root + "/" + LastPart(data.Place("pypi"));
        var answers = await Task.WhenAll(
            IndexAsync($"{root}/cpu/torch/", MirrorAddress.Wheels + root + "/{tag}", null, cancellation),
            IndexAsync($"{wheels}/cpu/torch/", MirrorAddress.Wheels + wheels + "/{tag}", null, cancellation),
            IndexAsync($"{root}/torch/", MirrorAddress.Wheels + root, MirrorAddress.Pypi + root, cancellation),
            IndexAsync($"{simple}/torch/", MirrorAddress.Wheels + simple, MirrorAddress.Pypi + simple, cancellation),
            FilesAsync(root, cancellation)).ConfigureAwait(false);
        // One place of each kind; the earlier question is the better answer.
        var found = answers.Select(a => a.Found).OfType<string>().GroupBy(f => f[..f.IndexOf('=', StringComparison.Ordinal)]).Select(g => g.First());
        return ([.. found], [.. answers.Select(a => a.Answer)]);
    }

    private static string LastPart(string address) => new Uri(address).AbsolutePath.Trim('/').Split('/')[^1];

    // An index whose files carry a CUDA tag has PyTorch's own builds; one without has those of the default index.
    private async Task<(string? Found, string Answer)> IndexAsync(string page, string labelled, string? plain, CancellationToken cancellation)
    {
        var (text, answer) = await GetAsync(page, cancellation).ConfigureAwait(false);
        if (text is null)
            return (null, answer);
        if (LabelledWheel().IsMatch(text))
            return (labelled, answer);
        return Wheel().IsMatch(text) ? (plain, answer) : (null, $"{page}: it lists no wheel of torch");
    }

    private async Task<(string? Found, string Answer)> FilesAsync(string root, CancellationToken cancellation)
    {
        var (text, answer) = await GetAsync($"{root}{data.Place("toolkit-redist").TrimEnd('/')[data.Place("nvidia-files").Length..]}/", cancellation).ConfigureAwait(false);
        return (text?.Contains("redistrib_", StringComparison.Ordinal) == true ? MirrorAddress.Files + root : null, answer);
    }

    private async Task<(string? Text, string Answer)> GetAsync(string address, CancellationToken cancellation)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(limit);
        var shown = Processes.SecretText.Mask(address);
        try
        {
            using var request = UserInfoHeader.Request(HttpMethod.Get, new Uri(address));
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, time.Token).ConfigureAwait(false);
            var at = response.RequestMessage!.RequestUri!;
            if (!response.IsSuccessStatusCode)
                return (null, $"{shown}: HTTP {(int)response.StatusCode}");
            if (data.Places.Any(p => Uri.TryCreate(p.Url, UriKind.Absolute, out var upstream) && upstream.Authority == at.Authority))
                return (null, $"{shown}: it only redirects to {at.Authority}");
            using var body = await response.Content.ReadAsStreamAsync(time.Token).ConfigureAwait(false);
            var content = new byte[MostRead];
            var length = await body.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, time.Token).ConfigureAwait(false);
            return (System.Text.Encoding.UTF8.GetString(content, 0, length), $"{shown}: {length} bytes");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"{shown}: no answer within {limit.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException)
        {
            return (null, $"{shown}: {e.Message}");
        }
    }

    [GeneratedRegex(@"torch-\d[0-9A-Za-z.]*(?:\+|%2B)(?:cu\d|cpu)", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex LabelledWheel();

    [GeneratedRegex(@"torch-\d[^""'<>\s]*\.whl", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Wheel();
}
