using CudaCompat.Binaries;
using CudaCompat.Environments.Libraries;
using CudaCompat.Resolution;

namespace CudaCompat.Environments.Checks;

/// <summary>What packages promise in RECORD against what is there: files that are gone, libraries that are cut, files that two packages write.</summary>
internal static class FileCheck
{
    private const int ShownFiles = 3;

    private sealed record Listing(InstalledPackage Package, List<RecordEntry> Entries);

    /// <summary>The findings, and the names of the files that are promised and not whole.</summary>
    public static (List<Finding> Findings, IReadOnlySet<string> Missing) Run(EnvironmentReading reading, PipCommand pip)
    {
        var listings = reading.Packages.All
            .Where(p => reading.Closure.ContainsKey(p.Key) || p.Key.StartsWith("nvidia-", StringComparison.Ordinal))
            .Select(p => (Package: p, p.Record)).Where(p => p.Record is not null)
            .AsParallel().AsOrdered().Select(p => new Listing(p.Package, RecordFile.Read(p.Record!))).ToArray();
        var findings = new List<Finding>();
        var shared = Shared(listings);
        foreach (var pair in shared.Values.GroupBy(s => (s.First, s.Second)))
            findings.Add(SharedFinding(reading, pip, pair.Key.First, pair.Key.Second, [.. pair.Select(s => s.Entries)]));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var gap in listings.AsParallel().AsOrdered().Select(l => Incomplete(reading, pip, l, shared)))
        {
            if (gap is not null)
            {
                findings.Add(gap.Finding);
                names.UnionWith(gap.Files.Select(f => Path.GetFileName(f)));
            }
        }

        return (findings, names);
    }

    private sealed record SharedFile(InstalledPackage First, InstalledPackage Second, (RecordEntry First, RecordEntry Second) Entries);

    private static Dictionary<string, SharedFile> Shared(Listing[] listings)
    {
        var owners = new Dictionary<(string, string), (InstalledPackage Package, RecordEntry Entry)>();
        var shared = new Dictionary<string, SharedFile>(StringComparer.Ordinal);
        foreach (var listing in listings)
        {
            foreach (var entry in listing.Entries.Where(e => e.IsLibrary))
            {
                if (!owners.TryAdd((listing.Package.Site, entry.Path), (listing.Package, entry)) && owners[(listing.Package.Site, entry.Path)] is var owner && owner.Package.Key != listing.Package.Key)
                    shared[entry.Path] = new SharedFile(owner.Package, listing.Package, (owner.Entry, entry));
            }
        }

        return shared;
    }

    private static Finding SharedFinding(EnvironmentReading reading, PipCommand pip, InstalledPackage first, InstalledPackage second, (RecordEntry First, RecordEntry Second)[] files)
    {
        // Whose files they are now shows in the sizes.
        long Size(string path) => new FileInfo(Path.Combine(first.Site, path)) is { Exists: true } file ? file.Length : -1;
        var sizes = files.Select(f => (f, Size: Size(f.First.Path))).ToArray();
        var isFirst = sizes.Count(s => s.Size == s.f.First.Size) >= sizes.Count(s => s.Size == s.f.Second.Size);
        var gone = sizes.All(s => s.Size < 0);
        var (owner, loser) = isFirst ? (first, second) : (second, first);
        var needed = reading.Closure.ContainsKey(loser.Key);
        var both = reading.Closure.ContainsKey(first.Key) && reading.Closure.ContainsKey(second.Key);
        var unneeded = reading.Closure.ContainsKey(owner.Key) ? loser : owner;
        var kept = unneeded == owner ? loser : owner;
        var names = string.Join(", ", files.Take(ShownFiles).Select(f => f.First.Path)) + (files.Length > ShownFiles ? $" and {files.Length - ShownFiles} more" : "");
        return new Finding(
            "files-shared",
            needed && (gone || sizes.Any(s => s.Size != OfLoser(s.f).Size)) ? Severity.Error : Severity.Warning,
            $"{first.Name}, {second.Name}",
            $"{first} and {second} write the same files ({names}). " +
            (gone ? "They are gone for both." : $"What is there now is of {owner}" + (needed ? $", and {loser.Name} is the one that torch asks for." : ".")),
            [])
        {
            File = Path.Combine(first.Site, files[0].First.Path),
            Mending = both ? pip.Reinstall(loser) : pip.Replace(unneeded, kept),
        };

        RecordEntry OfLoser((RecordEntry First, RecordEntry Second) f) => isFirst ? f.Second : f.First;
    }

    private sealed record Gap(Finding Finding, IEnumerable<string> Files);

    private static Gap? Incomplete(EnvironmentReading reading, PipCommand pip, Listing listing, Dictionary<string, SharedFile> shared)
    {
        var (package, entries) = (listing.Package, listing.Entries);
        var missing = new List<string>();
        var cut = new List<(string Path, long Size, long Promised)>();
        var present = 0;
        foreach (var entry in entries)
        {
            if (shared.ContainsKey(entry.Path) || entry.IsSource && IsTrimmed(entry.Path))
                continue;
            var path = Path.Combine(package.Site, entry.Path);
            if (entry.IsSource)
            {
                if (File.Exists(path)) // sources are no links
                    present++;
                else
                    missing.Add(entry.Path);
                continue;
            }

            var file = new FileInfo(path);
            if (!file.Exists)
                missing.Add(entry.Path);
            else if (entry.Size is { } size && Length(file) < size && !IsWholeThough(path))
                cut.Add((entry.Path, file.Length, size));
            else
                present++;
        }

        if (missing.Count == 0 && cut.Count == 0)
            return null;
        var isNeeded = reading.Closure.ContainsKey(package.Key);
        var libraries = missing.Where(m => new RecordEntry(m, null).IsLibrary).ToArray();
        var all = present == 0 && cut.Count == 0 && missing.Count > 1;
        var message = all
            ? $"{package} is listed as installed, and its files are gone: {Names(missing)}."
            : string.Join(
                " ",
                ((string?[])
                [
                    libraries.Length > 0 ? $"{package} lacks {Names(libraries)}, which it installed." : null,
                    missing.Count > libraries.Length ? $"{package} lacks {Names(missing.Except(libraries))}, which it installed." : null,
                    cut.Count > 0 ? $"{Names(cut.Select(c => c.Path))} of {package} is cut: {cut[0].Size:N0} of {cut[0].Promised:N0} bytes are there." : null,
                ]).OfType<string>());
        var isFatal = libraries.Any(l => IsOwn(package, l)) || cut.Exists(c => IsOwn(package, c.Path)) || missing.Exists(m => IsRoot(m) && IsOwn(package, m));
        var severity = isNeeded && isFatal ? Severity.Error : Severity.Warning;
        var first = libraries.FirstOrDefault() ?? (cut.Count > 0 ? cut[0].Path : missing[0]);
        var finding = new Finding("package-incomplete", severity, package.ToString(), message, [])
        {
            File = all ? package.Record : Path.Combine(package.Site, first),
            Mending = pip.Reinstall(package),
        };
        return new Gap(finding, missing.Concat(cut.Select(c => c.Path)));
    }

    private static long Length(FileInfo file) =>
        file.LinkTarget is null ? file.Length : file.ResolveLinkTarget(true) is FileInfo { Exists: true } target ? target.Length : 0;

    // A library that was stripped or patched is shorter than promised, and whole by its own headers.
    private static bool IsWholeThough(string path) => SharedLibrary.Read(path) is { KnowsItsEnd: true, IsCut: false };

    // Images are made small by leaving tests out; nothing else is missed.
    private static bool IsTrimmed(string path) =>
        path.Contains("/test/", StringComparison.Ordinal) || path.Contains("/tests/", StringComparison.Ordinal) || path.StartsWith("..", StringComparison.Ordinal)
        || path.Contains("__pycache__", StringComparison.Ordinal);

    // Importing a package loads what lies in its own folder; what it brings beside that (torio, caffe2, nvfuser, cuda.bindings) is loaded when it is used.
    private static bool IsOwn(InstalledPackage package, string path)
    {
        var top = path.Split('/')[0];
        var name = package.Key.Replace('-', '_');
        return top == "nvidia" || top.Equals(name, StringComparison.OrdinalIgnoreCase) || top.Equals(name + ".libs", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsRoot(string path) => path.EndsWith("/__init__.py", StringComparison.Ordinal) && path.Count(c => c == '/') == 1;

    private static string Names(IEnumerable<string> paths)
    {
        var all = paths.ToArray();
        return string.Join(", ", all.Take(ShownFiles)) + (all.Length > ShownFiles ? $" and {all.Length - ShownFiles} more" : "");
    }
}
