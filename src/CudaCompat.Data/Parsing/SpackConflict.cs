using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing;

/// <summary>A span of versions as spack writes it: ":12.3" up to and with every 12.3.z, "11.0:" from there on, "9.1" that one, "8.0:9.0" both ends.</summary>
internal sealed record SpackSpan(DottedVersion? From, DottedVersion? To)
{
    /// <summary>True where the version lies in the span; an end takes every version that begins with it.</summary>
    public bool Contains(DottedVersion version) => (From is not { } from || version >= from) && (To is not { } to || version <= to || version.StartsWith(to));

    /// <summary>Reads a span.</summary>
    public static SpackSpan Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return new SpackSpan(DottedVersion.Parse(text), DottedVersion.Parse(text));
        return new SpackSpan(colon == 0 ? null : DottedVersion.Parse(text[..colon]), colon == text.Length - 1 ? null : DottedVersion.Parse(text[(colon + 1)..]));
    }
}

/// <summary>A combination that spack refuses: these toolkits with these versions of a compiler.</summary>
/// <param name="Target">The processor it is about, null for all.</param>
internal sealed partial record SpackConflict(SpackSpan Cuda, string? Target, string Compiler, IReadOnlyList<SpackSpan> Versions)
{
    /// <summary>The lowest compiler that the conflict leaves out from above: 13 of "%gcc@13:".</summary>
    public DottedVersion? Below => Versions.Where(v => v is { From: not null, To: null }).Select(v => v.From).FirstOrDefault();

    /// <summary>The lowest compiler that stands above what the conflict refuses from below: 6 of "%gcc@:5", 3.8 of "%clang@:3.7".</summary>
    public DottedVersion? Min => Versions.Where(v => v is { From: null, To: not null }).Select(v => (DottedVersion?)Next(v.To!.Value)).FirstOrDefault();

    /// <summary>Reads the two cells of a conflict: ":12.3 target=x86_64" and "%gcc@13:".</summary>
    public static SpackConflict Parse(SourceRecord row, string cudaRange, string compilerSpec)
    {
        var (cuda, compiler) = (CudaForm().Match(cudaRange), CompilerForm().Match(compilerSpec));
        if (!cuda.Success || !compiler.Success)
            throw row.Error($"'{cudaRange}' with '{compilerSpec}' is no conflict.");
        var versions = compiler.Groups["versions"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(SpackSpan.Parse).ToList();
        return new SpackConflict(SpackSpan.Parse(cuda.Groups["span"].Value), cuda.Groups["target"] is { Success: true } t ? t.Value : null, compiler.Groups["name"].Value, versions);
    }

    private static DottedVersion Next(DottedVersion version)
    {
        var parts = version.ToString().Split('.');
        parts[^1] = (int.Parse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        return DottedVersion.Parse(string.Join('.', parts));
    }

    [GeneratedRegex(@"^(?<span>[\d.:]+)(?: target=(?<target>\w+):?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex CudaForm();

    [GeneratedRegex(@"^%(?<name>[a-z]+)(?:@(?<versions>[\d.:,]+))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex CompilerForm();
}
