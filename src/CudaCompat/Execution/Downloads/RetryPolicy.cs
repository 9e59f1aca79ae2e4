using System.Net;

namespace CudaCompat.Execution.Downloads;

/// <summary>
/// When a transfer is tried again and how long it waits. Our own and not a resilience package: what is repeated is never the same request
/// (its range moves on with each byte won), it begins after the headers were read, and the count starts anew with progress.
/// </summary>
internal sealed record RetryPolicy
{
    /// <summary>Tries of one URL without a byte of progress.</summary>
    public int Attempts { get; init; } = 5;

    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a server may take to answer.</summary>
    public TimeSpan ResponseLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a transfer may bring nothing.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The least speed that is borne, in bytes a second, over <see cref="SpeedTime"/> (as curl's --speed-limit and --speed-time).</summary>
    public double LeastSpeed { get; init; } = 1024;

    public TimeSpan SpeedTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>True where a try brought enough to count as progress: a byte a connection is none.</summary>
    public static bool IsProgress(long won, long? total) => won > 0 && won >= Math.Min(1L << 20, (total ?? long.MaxValue) / 20);

    public static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;

    /// <summary>Doubles with each try, spread by chance so that many machines do not come back at once; the server's own wish is kept up to the longest.</summary>
    public TimeSpan DelayBefore(int attempt, TimeSpan? asked)
    {
        var doubled = FirstDelay * Math.Pow(2, Math.Min(attempt - 1, 20)) * (0.75 + (Random.Shared.NextDouble() / 2));
        var delay = asked is { } wish && wish > doubled ? wish : doubled;
        return delay < LongestDelay ? delay : LongestDelay;
    }
}
