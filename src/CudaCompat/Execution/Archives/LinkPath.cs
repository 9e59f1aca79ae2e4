namespace CudaCompat.Execution.Archives;

/// <summary>Follows symbolic links in the mind, part by part, as the system would, without touching anything.</summary>
internal static class LinkPath
{
    private const int MaximumHops = 40;

    /// <summary>
    /// Where a link leads, relative to the root; null where it leaves the root, is absolute or goes round in circles.
    /// </summary>
    /// <param name="link">The link's own path below the root.</param>
    /// <param name="target">What it says.</param>
    /// <param name="linkAt">The target of the link at a path below the root; null where there is none.</param>
    public static string? Resolve(string link, string target, Func<string, string?> linkAt)
    {
        var at = link.Split('/')[..^1].ToList();
        var pending = new Stack<string>();
        if (!Push(pending, target))
            return null;
        var hops = 0;
        while (pending.TryPop(out var part))
        {
            if (part == ".")
                continue;
            if (part == "..")
            {
                if (at.Count == 0)
                    return null;
                at.RemoveAt(at.Count - 1);
                continue;
            }

            at.Add(part);
            if (linkAt(string.Join('/', at)) is not { } next)
                continue;
            at.RemoveAt(at.Count - 1);
            if (++hops > MaximumHops || !Push(pending, next))
                return null;
        }

        return string.Join('/', at);
    }

    private static bool Push(Stack<string> pending, string target)
    {
        if (target.Length == 0 || target[0] == '/' || target.Contains('\\', StringComparison.Ordinal) || target.Any(char.IsControl)
            || (target.Length >= 2 && target[1] == ':'))
        {
            return false;
        }

        foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            pending.Push(part);
        return true;
    }
}
