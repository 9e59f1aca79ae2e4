namespace CudaCompat.Execution.Archives;

/// <summary>Reads the names in archives: only plain relative ones are taken.</summary>
internal static class EntryName
{
    private static readonly System.Buffers.SearchValues<char> NotOnWindows = System.Buffers.SearchValues.Create(":*?\"<>|");
    private static readonly string[] WindowsDevices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>The parts of a name; '.' and a closing '/' say nothing.</summary>
    /// <param name="archive">The archive, for the message.</param>
    /// <param name="name">The name as the archive has it.</param>
    /// <param name="forWindows">True where Windows' own rules for names hold too.</param>
    /// <exception cref="ArchiveRefusedException">The name is absolute, climbs, or has a character that no honest one has.</exception>
    public static string[] Parse(string archive, string name, int maximumLength, bool forWindows)
    {
        string? reason = null;
        if (name.Length == 0 || name.Length > maximumLength)
            reason = $"a name of {name.Length} characters";
        else if (name.Any(c => c < ' ' || c == '\x7f'))
            reason = "a name with a control character";
        else if (name.Contains('\\', StringComparison.Ordinal))
            reason = "a name with a backslash";
        else if (name[0] == '/' || (name.Length >= 2 && name[1] == ':'))
            reason = "an absolute name";
        if (reason is not null)
            throw new ArchiveRefusedException(archive, $"{reason}: {Printable(name)}");
        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").ToArray();
        if (parts.Contains(".."))
            throw new ArchiveRefusedException(archive, $"a name that climbs out of the folder: {Printable(name)}");
        if (forWindows && parts.FirstOrDefault(IsBadOnWindows) is { } bad)
            throw new ArchiveRefusedException(archive, $"a name that Windows does not take as it is: {Printable(bad)}");
        return parts;
    }

    /// <summary>A name as it may be shown.</summary>
    public static string Printable(string name)
    {
        var clean = string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));
        return clean.Length > 120 ? clean[..120] + "…" : clean;
    }

    private static bool IsBadOnWindows(string part)
    {
        if (part.AsSpan().ContainsAny(NotOnWindows) || part[^1] is '.' or ' ')
            return true;
        var stem = part.Split('.')[0].ToUpperInvariant();
        return WindowsDevices.Contains(stem)
            || (stem.Length == 4 && stem[3] is >= '1' and <= '9' && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal)));
    }
}
