using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace CudaCompat.Data.Fetching;

/// <summary>The HTTP client: unpacks gzip, deflate and br, follows no redirect by itself, repeats what may succeed later (408, 429, 5xx, broken connections).</summary>
internal static class UpstreamClient
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(60);

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The client owns its handlers and disposes them.")]
    public static HttpClient Make(UpstreamOptions options)
    {
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = options.Time };
        if (options.Repetitions > 0)
        {
            pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.Repetitions,
                Delay = options.FirstDelay,
                BackoffType = DelayBackoffType.Exponential,
                MaxDelay = LongestDelay,
                ShouldRetryAfterHeader = false,
                DelayGenerator = args => ValueTask.FromResult(Wanted(args.Outcome.Result, options.Time)),
                ShouldHandle = args => ValueTask.FromResult(HttpClientResiliencePredicates.IsTransient(args.Outcome) && !(Wanted(args.Outcome.Result, options.Time) > LongestDelay)),
            });
        }

        pipeline.AddTimeout(options.HeadTimeout);
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            UseCookies = false,
            ConnectTimeout = options.HeadTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        var client = new HttpClient(new ResilienceHandler(pipeline.Build()) { InnerHandler = sockets }) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", UpstreamOptions.Agent);
        return client;
    }

    // A host that asks for an hour's patience is left alone instead.
    private static TimeSpan? Wanted(HttpResponseMessage? answer, TimeProvider time) =>
        answer?.Headers.RetryAfter is not { } after ? null : after.Delta ?? (after.Date is { } date && date > time.GetUtcNow() ? date - time.GetUtcNow() : TimeSpan.Zero);

    /// <summary>True for what a network does to a request; a cancellation that was asked for is none.</summary>
    public static bool IsFailure(Exception e, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested && e is HttpRequestException or IOException or TimeoutRejectedException or OperationCanceledException or InvalidDataException;

    /// <summary>The failure in words.</summary>
    public static string Says(Exception e) => e is TimeoutRejectedException or OperationCanceledException ? "no answer in time."
        : e.InnerException is { } cause && !e.Message.Contains(cause.Message, StringComparison.Ordinal) ? $"{e.Message} {cause.Message}" : e.Message;
}
