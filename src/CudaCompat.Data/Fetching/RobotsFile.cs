namespace CudaCompat.Data.Fetching;

/// <summary>A robots.txt (RFC 9309): the group of our own name, else that of everybody; the longest rule that matches decides, and of two equal ones the one that allows.</summary>
internal sealed class RobotsFile
{
    private readonly List<(bool Allow, string Pattern)> _rules;

    private RobotsFile(List<(bool, string)> rules) => _rules = rules;

    /// <summary>No rule: everything is allowed.</summary>
    public static RobotsFile Open { get; } = new([]);

    /// <summary>Reads the rules for an agent.</summary>
    public static RobotsFile Parse(string text, string agent)
    {
        var groups = new List<(List<string> Agents, List<(bool, string)> Rules)>();
        var inRules = true;
        foreach (var line in text.Split('\n').Select(l => l.Split('#')[0].Trim()))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                continue;
            var (name, value) = (line[..colon].Trim().ToLowerInvariant(), line[(colon + 1)..].Trim());
            if (name == "user-agent")
            {
                if (inRules)
                    groups.Add(([], []));
                groups[^1].Agents.Add(value);
                inRules = false;
            }
            else if (name is "allow" or "disallow")
            {
                inRules = true;
                if (groups.Count > 0 && value.Length > 0)
                    groups[^1].Rules.Add((name == "allow", value));
            }
        }

        var own = groups.Where(g => g.Agents.Any(a => a != "*" && agent.StartsWith(a, StringComparison.OrdinalIgnoreCase))).ToList();
        return new RobotsFile([.. (own.Count > 0 ? own : groups.Where(g => g.Agents.Contains("*"))).SelectMany(g => g.Rules)]);
    }

    /// <summary>True where the path (with its query) may be fetched.</summary>
    public bool Allows(string path) => _rules.Where(r => Matches(r.Pattern, path)).OrderByDescending(r => r.Pattern.Length).ThenByDescending(r => r.Allow)
        .Select(r => r.Allow).DefaultIfEmpty(true).First();

    private static bool Matches(string pattern, string path)
    {
        var isWhole = pattern.EndsWith('$');
        var parts = (isWhole ? pattern[..^1] : pattern).Split('*');
        if (!path.StartsWith(parts[0], StringComparison.Ordinal))
            return false;
        var at = parts[0].Length;
        foreach (var part in parts.Skip(1))
        {
            var found = path.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at = found + part.Length;
        }

        return !isWhole || at == path.Length || (parts.Length > 1 && path.EndsWith(parts[^1], StringComparison.Ordinal));
    }
}
