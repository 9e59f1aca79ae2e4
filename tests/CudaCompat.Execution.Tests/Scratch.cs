using CudaCompat.Execution.Journals;

namespace CudaCompat.Execution.Tests;

/// <summary>A folder of a test's own, gone when the test is over.</summary>
internal sealed class Scratch : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("cudacompat-test-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Every file, folder and link below a folder with kind, mode and content; what must be equal byte for byte.</summary>
    public static SortedDictionary<string, string> Picture(string folder)
    {
        var picture = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!Directory.Exists(folder))
            return picture;
        foreach (var (path, state) in FileList.Walk(folder))
            picture[path] = $"{state.Kind} {Convert.ToString(state.Mode, 8)} {state.Target}{(state.Kind == FileState.File && !IsLock(path) ? DurableFiles.Sha256(Path.Combine(folder, path)) : "")}";
        return picture;
    }

    // The lock that children inherit is empty, and a program that another test starts at this moment may hold it for the time of its start.
    private static bool IsLock(string path) => Path.GetFileName(path) == "children";

    /// <summary>What differs between two pictures, for a message.</summary>
    public static string Difference(SortedDictionary<string, string> wanted, SortedDictionary<string, string> found) => string.Join('\n',
        wanted.Keys.Union(found.Keys).Where(k => wanted.GetValueOrDefault(k) != found.GetValueOrDefault(k)).Take(20)
            .Select(k => $"{k}: wanted {wanted.GetValueOrDefault(k) ?? "nothing"}, found {found.GetValueOrDefault(k) ?? "nothing"}"));

    public void Dispose()
    {
        foreach (var entry in new DirectoryInfo(Root).EnumerateFileSystemInfos().ToArray())
            FileState.Remove(entry.FullName);
        Directory.Delete(Root, recursive: true);
    }
}
