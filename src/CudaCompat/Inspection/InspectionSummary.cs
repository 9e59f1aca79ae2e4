using CudaCompat.Choosing;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Inspection;

/// <summary>Makes of the binaries of a program what a choice needs to know of it.</summary>
internal static class InspectionSummary
{
    private const string Cudnn = "cudnn", Zstd = "zstd";

    public static InspectionReport Of(string path, IReadOnlyList<InspectedFile> files, bool isWhole)
    {
        var notes = new List<string>();
        var groups = files.Where(f => f.Architecture is not null).GroupBy(f => (f.OperatingSystem, f.Architecture)).ToArray();
        var candidates = new List<CudaBuild>();
        foreach (var group in groups)
        {
            var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
            if (groups.Length > 1)
                name += $" {OperatingSystemNames.Instance.NameOf(group.Key.OperatingSystem)} {ArchOf(group.Key.Architecture!.Value)}";
            if (Candidate(name, [.. group], isWhole, notes) is { } candidate)
                candidates.Add(candidate);
        }

        foreach (var file in files.Where(f => f.IsCut))
            notes.Add($"{file.Path} ends before its headers say, so that more may have been in it.");
        return new InspectionReport
        {
            Path = path,
            Files = [.. files.Where(f => f.Imports.Count > 0 || f.Fatbins > 0 || f.Glibc is not null || !isWhole)],
            Bundled = isWhole ? [.. files.Select(Bundled).OfType<CudaLibrary>()] : [],
            Candidates = candidates,
            Notes = notes,
        };
    }

    private static string ArchOf(CpuArchitecture architecture) => CpuArchitectureNames.Instance.NameOf(architecture);

    private static CudaBuild? Candidate(string name, InspectedFile[] files, bool isWhole, List<string> notes)
    {
        // A library of CUDA by itself may be asked about; in a package it is what the program brings along.
        var own = isWhole ? Array.FindAll(files, f => Bundled(f) is null) : files;
        var withCode = Array.FindAll(own, f => f.Fatbins > 0);
        var lists = DeviceCodeLists.Together([.. withCode.Select(f => f.Lists).Where(l => !l.IsEmpty)]);
        var cuda = CudaOf(own);
        if (cuda is null && !lists.IsEmpty)
        {
            notes.Add($"{name} has code for GPUs, but neither it nor an import says which CUDA made it, so there is no candidate.");
            return null;
        }

        return new CudaBuild
        {
            Name = name.Length > CudaBuild.MaximumNameLength ? name[..CudaBuild.MaximumNameLength] : name,
            Cuda = cuda,
            // A program that has no code of its own runs where the libraries do that it calls.
            Sass = cuda is null || withCode.Length > 0 ? lists.Sass : null,
            Ptx = cuda is null || withCode.Length > 0 ? lists.Ptx : null,
            Cudnn = CudnnOf(files, own),
            OperatingSystem = files[0].OperatingSystem,
            Architecture = files[0].Architecture,
            Glibc = files.Max(f => f.Glibc),
            Compression = Array.Exists(withCode, f => f.Compression.Contains(Zstd)) ? Zstd : null,
        };
    }

    // What is brought along says more than what is imported: the name of an import holds the major alone.
    private static DottedVersion? CudnnOf(InspectedFile[] files, InspectedFile[] own) => files.Select(Bundled)
        .Concat(own.SelectMany(f => f.Imports))
        .Where(library => library is { Library: Cudnn })
        .Max(library => DottedVersion.TryParse(library!.Version, out var version) ? version : (DottedVersion?)null);

    // The code says X.Y; what is imported at run time says which major that belongs to, and goes before it.
    private static CudaVersion? CudaOf(InspectedFile[] own)
    {
        var code = own.Max(f => f.Cuda);
        var major = own.SelectMany(f => f.Imports).Where(l => l is { NamesCuda: true, Major: > 0 }).Max(l => l.Major);
        return major is { } imported && imported != code?.Major ? CudaVersion.OfMajor(imported) : code;
    }

    private static CudaLibrary? Bundled(InspectedFile file)
    {
        if (CudaLibraryNames.Of(Path.GetFileName(file.Path)) is not { } library)
            return null;
        return new CudaLibrary
        {
            Library = library.Library,
            File = file.Path,
            Major = library.Major,
            Version = library.Version,
            NamesCuda = library.NamesCuda,
        };
    }
}
