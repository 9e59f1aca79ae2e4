using System.Text;
using CudaCompat.Binaries;

namespace CudaCompat.Environments.Libraries;

/// <summary>Where the dynamic loader of Linux takes a library from.</summary>
/// <param name="Path">The file; null where there is none.</param>
/// <param name="From">What named the folder.</param>
internal readonly record struct LoaderHit(string? Path, LoaderPlace From);

/// <summary>What names a folder to the loader.</summary>
internal enum LoaderPlace
{
    /// <summary>Nothing: the library is not found.</summary>
    Nowhere,

    /// <summary>DT_RPATH of the library that asks, or of one that loaded it.</summary>
    Rpath,

    /// <summary>LD_LIBRARY_PATH.</summary>
    Variable,

    /// <summary>DT_RUNPATH of the library that asks.</summary>
    Runpath,

    /// <summary>The loader's cache or its own folders.</summary>
    System,

    /// <summary>It was loaded before under that name.</summary>
    Loaded,
}

/// <summary>A library that is loaded, and the one that asked for it.</summary>
internal sealed record LoadedLibrary(SharedLibrary Library, LoadedLibrary? Asker);

/// <summary>A library that is not found, or found elsewhere than the one that asks would have it.</summary>
/// <param name="Asker">The library that asks.</param>
/// <param name="Name">The name it asks for.</param>
/// <param name="Taken">The file taken in its place; null where there is none.</param>
/// <param name="Own">The file that would be taken without LD_LIBRARY_PATH.</param>
internal sealed record LoaderTrouble(SharedLibrary Asker, string Name, string? Taken, string? Own);

/// <summary>
/// Plays the dynamic loader of glibc over files (man 8 ld.so): DT_RPATH of the asking library and of those that loaded it, unless it has
/// DT_RUNPATH; LD_LIBRARY_PATH; DT_RUNPATH; the system. What is loaded once serves everybody who asks for its name. Nothing is loaded.
/// </summary>
internal sealed class LoaderSearch(IReadOnlyList<string> variablePath, string? interpreterRpath, string? interpreterFolder, bool knowsSystem)
{
    private static readonly string[] SystemFolders = ["/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib", "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib/wsl/lib"];
    private readonly Dictionary<string, string> _loaded = new(StringComparer.Ordinal);
    private readonly Lazy<HashSet<string>> _cache = new(ReadCache);

    /// <summary>The names loaded so far, each with its file ("" for one of the system).</summary>
    public IReadOnlyDictionary<string, string> Loaded => _loaded;

    /// <summary>Loads a library with all that it needs; what could not be found, or was found elsewhere.</summary>
    public List<LoaderTrouble> Load(string path)
    {
        var troubles = new List<LoaderTrouble>();
        if (SharedLibrary.Read(path) is not { } root)
            return troubles;
        _loaded[root.Name ?? Path.GetFileName(path)] = path;
        var waiting = new Queue<LoadedLibrary>([new LoadedLibrary(root, null)]);
        while (waiting.TryDequeue(out var next))
        {
            foreach (var name in next.Library.Needed)
            {
                var (file, place) = Find(name, next);
                if (place == LoaderPlace.Loaded)
                    continue;
                if (place == LoaderPlace.Nowhere)
                {
                    if (!IsOfDriver(name) && (knowsSystem || !IsOfSystem(name)))
                        troubles.Add(new LoaderTrouble(next.Library, name, null, null));
                    continue;
                }

                _loaded[name] = file ?? "";
                if (place == LoaderPlace.Variable && In(RunpathOf(next.Library), name) is { } beside && PythonLayout.Real(beside) != PythonLayout.Real(file!))
                    troubles.Add(new LoaderTrouble(next.Library, name, file, beside));
                if (file is null || SharedLibrary.Read(file) is not { } library)
                    continue;
                if (library.Name is { } own)
                    _loaded[own] = file; // it serves those who ask for its own name too
                if (place is LoaderPlace.Rpath or LoaderPlace.Runpath)
                    waiting.Enqueue(new LoadedLibrary(library, next));
            }
        }

        return troubles;
    }

    private LoaderHit Find(string name, LoadedLibrary asker)
    {
        if (_loaded.ContainsKey(name))
            return new LoaderHit(null, LoaderPlace.Loaded);
        if (asker.Library.Runpath is null)
        {
            for (var at = asker; at is not null; at = at.Asker)
            {
                if (at.Library is { Rpath: { } rpath, Runpath: null } && In(Expand(rpath, at.Library.Path), name) is { } own)
                    return new LoaderHit(own, LoaderPlace.Rpath);
            }

            if (interpreterRpath is not null && In(Expand(interpreterRpath, Path.Combine(interpreterFolder!, "python")), name) is { } ofInterpreter)
                return new LoaderHit(ofInterpreter, LoaderPlace.Rpath);
        }

        if (In(variablePath, name) is { } named)
            return new LoaderHit(named, LoaderPlace.Variable);
        if (In(RunpathOf(asker.Library), name) is { } beside)
            return new LoaderHit(beside, LoaderPlace.Runpath);
        return knowsSystem && IsInSystem(name) ? new LoaderHit(null, LoaderPlace.System) : new LoaderHit(null, LoaderPlace.Nowhere);
    }

    private static IEnumerable<string> RunpathOf(SharedLibrary library) => library.Runpath is { } runpath ? Expand(runpath, library.Path) : [];

    private static IEnumerable<string> Expand(string path, string library)
    {
        var origin = Path.GetDirectoryName(library)!;
        return path.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(f => f.Replace("${ORIGIN}", origin, StringComparison.Ordinal).Replace("$ORIGIN", origin, StringComparison.Ordinal));
    }

    private static string? In(IEnumerable<string> folders, string name)
    {
        foreach (var folder in folders)
        {
            if (Path.Combine(folder, name) is var file && PythonLayout.IsThere(file))
                return file;
        }

        return null;
    }

    // The driver's own libraries: not there where no driver is, which other rules tell.
    private static bool IsOfDriver(string name) => name.StartsWith("libcuda.so", StringComparison.Ordinal) || name.StartsWith("libnvidia-", StringComparison.Ordinal);

    // What every system has: of a tree for another system nothing can be said about it.
    private static bool IsOfSystem(string name) =>
        name.Split('.')[0] is "libc" or "libm" or "libdl" or "librt" or "libpthread" or "libgcc_s" or "libstdc++" or "libutil" or "libz" or "libgomp"
        || name.StartsWith("ld-linux", StringComparison.Ordinal);

    private bool IsInSystem(string name) => _cache.Value.Contains(name) || SystemFolders.Any(f => File.Exists(Path.Combine(f, name)));

    // /etc/ld.so.cache ends in its names, each with a zero behind it; the rest of its form is not needed to know whether one is there.
    private static HashSet<string> ReadCache()
    {
        const int MaximumCache = 8 * 1024 * 1024;
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            if (new FileInfo("/etc/ld.so.cache") is { Exists: true, Length: <= MaximumCache })
            {
                foreach (var name in Encoding.Latin1.GetString(File.ReadAllBytes("/etc/ld.so.cache")).Split('\0'))
                {
                    if (name.Contains(".so", StringComparison.Ordinal) && !name.Contains('/', StringComparison.Ordinal))
                        names.Add(name);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return names;
        }

        return names;
    }
}
