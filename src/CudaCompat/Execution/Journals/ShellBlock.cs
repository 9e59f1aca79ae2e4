using System.Security.Cryptography;
using System.Text;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Journals;

/// <summary>Our block in a shell file: between two marks, with every value quoted.</summary>
internal static class ShellBlock
{
    /// <summary>The file that the user's shell reads, links followed, so that a link to a dotfile stays a link.</summary>
    public static string UserFile(string? asked)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (asked is null && home.Length == 0)
            throw new StepFailedException("this user has no home folder, so there is no shell file to write to.", "set HOME to a folder that is there.");
        var file = asked ?? Path.GetFileName(Environment.GetEnvironmentVariable("SHELL")) switch
        {
            "bash" => Path.Combine(home, ".bashrc"),
            "zsh" => Path.Combine(home, ".zshrc"),
            "fish" => Path.Combine(home, ".config", "fish", "config.fish"),
            _ => Path.Combine(home, ".profile"),
        };
        return new FileInfo(file).LinkTarget is null ? Path.GetFullPath(file) : File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file);
    }

    public static string Posix(EnvironmentStep step) => Marked(step, "#", step.Set.Select(v => $"export {v.Key}={Quote(v.Value)}")
        .Concat(step.Prepend.Select(v => $"export {v.Key}={Quote(string.Join(':', v.Value))}\"${{{v.Key}:+:${v.Key}}}\"")));

    public static string Fish(EnvironmentStep step) => Marked(step, "#", step.Set.Select(v => $"set -gx {v.Key} {FishQuote(v.Value)}")
        .Concat(step.Prepend.Select(v => $"set -gx --path {v.Key} {string.Join(' ', v.Value.Select(FishQuote))} ${v.Key}")));

    public static string PowerShell(EnvironmentStep step) => Marked(step, "#", step.Set.Select(v => $"$env:{v.Key} = '{v.Value.Replace("'", "''", StringComparison.Ordinal)}'")
        .Concat(step.Prepend.Select(v => $"$env:{v.Key} = '{string.Join(';', v.Value).Replace("'", "''", StringComparison.Ordinal)};' + $env:{v.Key}")));

    public static string Batch(EnvironmentStep step) => Marked(step, "@rem", step.Set.Select(v => $"@set \"{v.Key}={v.Value.Replace("%", "%%", StringComparison.Ordinal)}\"")
        .Concat(step.Prepend.Select(v => $"@set \"{v.Key}={string.Join(';', v.Value).Replace("%", "%%", StringComparison.Ordinal)};%{v.Key}%\"")));

    /// <summary>True where the file has the block.</summary>
    public static bool Contains(string file, string block) => File.Exists(file) && Find(File.ReadAllBytes(file), block) is not null;

    /// <summary>Where the block stands in a file's bytes, also where an editor has changed line ends or encoding; null where it does not.</summary>
    public static (int Start, int Length)? Find(ReadOnlySpan<byte> content, string block)
    {
        foreach (var text in (string[])[block, block.Replace("\n", "\r\n", StringComparison.Ordinal)])
        {
            foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode])
            {
                var bytes = encoding.GetBytes(text);
                if (content.IndexOf(bytes) is >= 0 and var at)
                    return (at, bytes.Length);
            }
        }

        return null;
    }

    /// <summary>True where one of the block's two marks is there.</summary>
    public static bool HasMark(ReadOnlySpan<byte> content, string block)
    {
        foreach (var mark in (string[])[block[..block.IndexOf('\n', StringComparison.Ordinal)], block.TrimEnd('\n')[(block.TrimEnd('\n').LastIndexOf('\n') + 1)..]])
        {
            if (Find(content, mark) is not null)
                return true;
        }

        return false;
    }

    /// <summary>The file's bytes with the block behind them, as they are otherwise.</summary>
    public static byte[] AppendTo(string file, string block)
    {
        var there = File.Exists(file) ? File.ReadAllBytes(file) : [];
        var gap = there.Length == 0 || there[^1] == (byte)'\n' ? "" : "\n";
        return [.. there, .. Encoding.UTF8.GetBytes(gap + block)];
    }

    private static string Marked(EnvironmentStep step, string comment, IEnumerable<string> lines)
    {
        foreach (var name in step.Set.Keys.Concat(step.Prepend.Keys))
        {
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || char.IsAsciiDigit(name[0]))
                throw new StepFailedException($"'{name}' is not the name of an environment variable.", "correct the plan.");
        }

        if (step.Set.Values.Concat(step.Prepend.Values.SelectMany(v => v)).Any(v => v.Any(char.IsControl) || v.Contains('"', StringComparison.Ordinal)))
            throw new StepFailedException("a value has a control character or a double quote.", "correct the plan.");
        var body = string.Join('\n', lines);
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))[..8];
        return $"{comment} >>> cudacompat {id} >>>\n{body}\n{comment} <<< cudacompat {id} <<<\n";
    }

    private static string Quote(string value) => "'" + value.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static string FishQuote(string value) => "'" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";
}
