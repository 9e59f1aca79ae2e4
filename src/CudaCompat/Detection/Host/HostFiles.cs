using System.Security;
using System.Text;

namespace CudaCompat.Detection.Host;

/// <summary>Read-only view of the machine's files, under a root that tests choose. Whatever cannot be read is not there.</summary>
/// <param name="root">"/" (or empty) for the real machine; else the folder that stands for it.</param>
internal sealed class HostFiles(string root)
{
    private const int MaximumText = 16 * 1024 * 1024;
    private const int MaximumLinks = 40;

    /// <summary>True where the files are the machine's own.</summary>
    public bool IsReal => root is "/" or "";

    /// <summary>The real path of <paramref name="path"/>, an absolute path of the machine; C:\x becomes root/C/x under a root.</summary>
    public string Map(string path)
    {
        if (IsReal)
            return path;
        var relative = path.Length > 1 && path[1] == ':' ? path[0] + path[2..] : path;
        return Path.Combine(root, relative.Replace('\\', '/').TrimStart('/'));
    }

    public bool FileExists(string path) => File.Exists(Map(path));

    public bool FolderExists(string path) => Directory.Exists(Map(path));

    /// <summary>The text of a file, bounded; null where it cannot be read.</summary>
    public string? ReadText(string path)
    {
        if (!OrdinaryFile.Exists(Map(path)))
            return null;
        try
        {
            using var stream = new FileStream(Map(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var buffer = new char[4096];
            var text = new StringBuilder();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            for (int read; (read = reader.Read(buffer, 0, buffer.Length)) > 0 && text.Length < MaximumText;)
                text.Append(buffer, 0, read);
            return text.ToString();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The names of the folders in <paramref name="path"/> that fit <paramref name="pattern"/>, sorted.</summary>
    public IReadOnlyList<string> FolderNames(string path, string pattern = "*") => Names(path, pattern, Directory.GetDirectories);

    /// <summary>The names of the files in <paramref name="path"/> that fit <paramref name="pattern"/>, sorted.</summary>
    public IReadOnlyList<string> FileNames(string path, string pattern = "*") => Names(path, pattern, Directory.GetFiles);

    /// <summary>The path with every link in it followed; the path itself where that fails.</summary>
    public string Resolve(string path)
    {
        if (!path.StartsWith('/'))
            return path; // Windows: links are rare there, and nothing hangs on them
        var real = "";
        var rest = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        for (var links = 0; rest.TryPop(out var part);)
        {
            if (part is ".")
                continue;
            if (part is "..")
            {
                real = real[..Math.Max(real.LastIndexOf('/'), 0)];
                continue;
            }

            var here = real + "/" + part;
            if (LinkTarget(here) is not { } target)
            {
                real = here;
                continue;
            }

            if (++links > MaximumLinks)
                return path;
            if (target.StartsWith('/'))
            {
                real = "";
                if (!IsReal && target.StartsWith(Path.GetFullPath(root), StringComparison.Ordinal))
                    target = target[Path.GetFullPath(root).Length..];
            }

            foreach (var name in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                rest.Push(name);
        }

        return real.Length == 0 ? "/" : real;
    }

    private string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(Map(path)).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            return null;
        }
    }

    private string[] Names(string path, string pattern, Func<string, string, string[]> list)
    {
        try
        {
            var names = list(Map(path), pattern).Select(n => Path.GetFileName(n)!).ToArray();
            Array.Sort(names, StringComparer.Ordinal);
            return names;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException or ArgumentException)
        {
            return [];
        }
    }
}
