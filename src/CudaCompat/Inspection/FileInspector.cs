using CudaCompat.Binaries;
using CudaCompat.Machines;
using CudaCompat.Versions;
using static System.FormattableString;

namespace CudaCompat.Inspection;

/// <summary>Reads one binary.</summary>
internal static class FileInspector
{
    /// <summary>What is in it; null where the bytes are no ELF or PE file.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="path">What it is called.</param>
    /// <param name="readsCode">Whether code for GPUs is looked for.</param>
    public static InspectedFile? Read(ByteSource source, string path, bool readsCode = true)
    {
        if (SharedLibrary.Read(source, path) is not { } library)
            return null;
        var scan = readsCode ? FatbinScanner.Scan(source) : null;
        var read = scan?.Codes.Select(code => (Code: code, Facts: PayloadReader.Read(source, code))).ToArray() ?? [];
        var codes = read.Select(r => (r.Code.Kind, Target: TargetOf(r.Code, r.Facts))).ToArray();
        var newestIsa = scan is { Codes.Count: > 0 } ? scan.Codes.Max(c => c.NewestPtxIsa) : 0;
        return new InspectedFile
        {
            Path = path,
            OperatingSystem = library.Format == BinaryFormat.Pe ? OperatingSystemFamily.Windows : OperatingSystemFamily.Linux,
            Architecture = library.Machine switch { "x86_64" => CpuArchitecture.X64, "aarch64" => CpuArchitecture.Arm64, _ => null },
            Glibc = library.Glibc,
            Imports = [.. library.Needed.Concat(library.Delayed).Select(CudaLibraryNames.Of).OfType<CudaLibrary>().DistinctBy(l => l.File)],
            Cuda = read.Max(r => r.Facts.Cuda),
            Fatbins = scan?.Fatbins ?? 0,
            Code = [.. Counted(codes, scan).OrderBy(c => c.Kind, StringComparer.Ordinal).ThenBy(c => c.Target)],
            PtxIsa = newestIsa > 0 ? DottedVersion.Parse(Invariant($"{newestIsa / 100}.{newestIsa % 100}")) : null,
            Compression = Packings(scan),
            IsCut = library.IsCut || scan is { IsCut: true },
            Lists = scan is null
                ? DeviceCodeLists.None : DeviceCodeLists.Of(codes, [.. scan.Codes.Select(c => c.Fatbins)], scan.Shapes.Keys),
        };
    }

    private static string[] Packings(FatbinScanner? scan) => (scan?.HasLz4, scan?.HasZstd) switch
    {
        (true, true) => ["lz4", "zstd"],
        (true, _) => ["lz4"],
        (_, true) => ["zstd"],
        _ => [],
    };

    // Two marks of an entry may turn out to be one target: then the containers that have either are not the sum, but never more.
    private static IEnumerable<DeviceCodeCount> Counted((DeviceCodeKind Kind, ComputeCapability Target)[] codes, FatbinScanner? scan)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            if (Array.IndexOf(codes, codes[i]) < i || NameOf(codes[i].Kind) is not { } name)
                continue;
            var bits = 0UL;
            for (var j = i; j < codes.Length; j++)
                bits |= codes[j] == codes[i] ? 1UL << j : 0;
            yield return new DeviceCodeCount
            {
                Kind = name,
                Target = codes[i].Target,
                Fatbins = scan!.Shapes.Sum(s => (s.Key & bits) != 0 ? s.Value : 0),
            };
        }
    }

    // What the code says goes before its mark; a text that names another architecture is not this entry's.
    private static ComputeCapability TargetOf(FoundCode code, PayloadFacts facts) =>
        facts.Target is { } said && said.Major == code.Architecture.Major && said.Minor == code.Architecture.Minor ? said
        : code.IsExact ? new ComputeCapability(code.Architecture.Major, code.Architecture.Minor, 'a')
        : code.Architecture;

    private static string? NameOf(DeviceCodeKind kind) =>
        kind switch { DeviceCodeKind.Sass => "sass", DeviceCodeKind.Ptx => "ptx", DeviceCodeKind.LtoIr => "lto", _ => null };
}
