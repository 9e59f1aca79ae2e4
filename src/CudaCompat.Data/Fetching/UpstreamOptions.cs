namespace CudaCompat.Data.Fetching;

/// <summary>How upstream is asked.</summary>
internal sealed record UpstreamOptions
{
    /// <summary>The name in robots.txt and at the head of the User-Agent.</summary>
    public const string AgentName = "CudaCompat-Data";

    /// <summary>Who asks, honestly.</summary>
    public static string Agent { get; } = $"{AgentName}/{typeof(UpstreamOptions).Assembly.GetName().Version?.ToString(3)} (refreshes compatibility facts; conditional requests, one at a time)";

    /// <summary>The hosts of the list of sources; nothing else is asked.</summary>
    public required IReadOnlySet<string> Hosts { get; init; }

    /// <summary>Where documents are kept between two runs.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Other addresses for hosts.</summary>
    public BaseMap Bases { get; init; } = BaseMap.None;

    /// <summary>True where only the cache may be asked.</summary>
    public bool Offline { get; init; }

    /// <summary>Between two requests to one host.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Before the first repetition of a request that failed; it doubles.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a request that failed is made again.</summary>
    public int Repetitions { get; init; } = 2;

    /// <summary>Until the head of an answer is there.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Until its body is there.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
