using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.PyTorch;

/// <summary>The GPU code that a build script asks for.</summary>
internal sealed record ScriptArchs(CudaVersion Cuda, CpuArchitecture Arch, ComputeCapability[] Native, ComputeCapability[] Ptx);

/// <summary>
/// PyTorch's build scripts as they stand at a release tag. Four forms: the Python table of Linux (2.13 on) and that of Windows, the shell script with a
/// case for each CUDA version (to 2.12), and the batch file of Windows. A script that says its lists in another way is an error, never half an answer.
/// </summary>
internal static partial class ArchScript
{
    private const string Table = "TORCH_CUDA_ARCH_LIST_TABLE", PtxSet = "_PTX_ARCHES";

    /// <summary>Reads a script of any form.</summary>
    public static IReadOnlyList<ScriptArchs> Parse(string file, string text)
    {
        var lists = file.EndsWith(".py", StringComparison.Ordinal) ? FromPython(file, text)
            : file.EndsWith(".bat", StringComparison.Ordinal) ? FromBatch(file, text)
            : ShellArchLists.Parse(file, text);
        if (lists.Count == 0)
            throw new SourceFormatException(file, "script", "no list of architectures: the script changed shape.");
        foreach (var twice in lists.GroupBy(l => (l.Cuda, l.Arch)).Where(g => g.Count() > 1))
            throw new SourceFormatException(file, "script", $"two lists for CUDA {twice.Key.Cuda}.");
        return lists;
    }

    /// <summary>Reads "7.5;8.0;12.0+PTX".</summary>
    public static ScriptArchs List(string file, CudaVersion cuda, CpuArchitecture arch, string list)
    {
        var (native, ptx) = (new List<ComputeCapability>(), new List<ComputeCapability>());
        foreach (var word in list.Split([';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var plain = word.EndsWith("+PTX", StringComparison.Ordinal) ? word[..^4] : word;
            if (!ComputeCapability.TryParse(plain, out var capability) || native.Contains(capability))
                throw new SourceFormatException(file, $"CUDA {cuda}", $"'{list}' is no list of architectures.");
            native.Add(capability);
            if (plain != word)
                ptx.Add(capability);
        }

        return native.Count > 0 ? new ScriptArchs(cuda, arch, [.. native.Order()], [.. ptx.Order()]) : throw new SourceFormatException(file, $"CUDA {cuda}", "an empty list of architectures.");
    }

    private static List<ScriptArchs> FromPython(string file, string text)
    {
        if (PythonLiteral.Of(file, text, Table) is not Dictionary<string, object> table)
            throw new SourceFormatException(file, Table, "no such dictionary: the script changed shape.");
        var ptx = Ptx(file, text);
        var lists = new List<ScriptArchs>();
        foreach (var (cuda, value) in table)
        {
            switch (value)
            {
                // Windows: "126": "5.0;6.0;…"
                case string list:
                    lists.Add(List(file, Digits(file, cuda), CpuArchitecture.X64, list));
                    break;
                case Dictionary<string, object> byArch:
                    lists.AddRange(byArch.Select(a => Numbers(file, CudaVersion.Parse(cuda), a.Key, a.Value, ptx)));
                    break;
                default:
                    throw new SourceFormatException(file, $"{Table}, {cuda}", "neither a list nor lists by processor.");
            }
        }

        return lists;
    }

    private static ScriptArchs Numbers(string file, CudaVersion cuda, string arch, object value, HashSet<ComputeCapability> ptx)
    {
        if (value is not List<object> { Count: > 0 } numbers || numbers.Any(n => n is not long))
            throw new SourceFormatException(file, $"{Table}, {cuda}, {arch}", "no set of numbers.");
        var cpu = arch switch { "x86_64" => CpuArchitecture.X64, "aarch64" => CpuArchitecture.Arm64, _ => throw new SourceFormatException(file, $"{Table}, {cuda}", $"'{arch}' is no known processor.") };
        ComputeCapability[] native = [.. numbers.Select(n => Capability((long)n)).Order()];
        return new ScriptArchs(cuda, cpu, native, [.. native.Where(ptx.Contains)]);
    }

    // Later scripts ask a function, which gives none for a release; before, the set holds for every build.
    private static HashSet<ComputeCapability> Ptx(string file, string text)
    {
        if (PythonLiteral.Of(file, text, PtxSet) is not { } set)
            return [];
        var function = PtxFunction().Match(text);
        if (function.Success)
            return ForReleases().IsMatch(function.Value) ? [] : throw new SourceFormatException(file, "def _ptx_arches", "does not say what release builds get.");
        return set is List<object> numbers && numbers.All(n => n is long) ? [.. numbers.Select(n => Capability((long)n))] : throw new SourceFormatException(file, PtxSet, "no set of numbers.");
    }

    private static ComputeCapability Capability(long number) => ComputeCapability.Parse(string.Create(CultureInfo.InvariantCulture, $"{number / 10}.{number % 10}"));

    private static List<ScriptArchs> FromBatch(string file, string text)
    {
        var lists = new List<ScriptArchs>();
        string? cuda = null;
        foreach (var line in text.Split('\n').Select(l => l.Trim()))
        {
            if (BatchCase().Match(line) is { Success: true } start)
                cuda = start.Groups["cuda"].Value;
            else if (BatchList().Match(line) is { Success: true } list)
                lists.Add(List(file, Digits(file, cuda ?? throw new SourceFormatException(file, line, "a list outside of any case.")), CpuArchitecture.X64, list.Groups["list"].Value));
        }

        return lists;
    }

    // 126, 130
    private static CudaVersion Digits(string file, string digits) =>
        digits.Length == 3 && CudaVersion.TryParse($"{digits[..2]}.{digits[2]}", out var cuda) ? cuda : throw new SourceFormatException(file, digits, "no CUDA version in three digits.");

    [GeneratedRegex(@"^def _ptx_arches\(.*?(?=^\S|\z)", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex PtxFunction();

    [GeneratedRegex(@"\breturn set\(\)", RegexOptions.CultureInvariant)]
    private static partial Regex ForReleases();

    [GeneratedRegex(@"if ""%CUDA_VER%""==""(?<cuda>\d+)""", RegexOptions.CultureInvariant)]
    private static partial Regex BatchCase();

    [GeneratedRegex(@"^set ""CUDA_ARCH_LIST=(?<list>[^""]*)""", RegexOptions.CultureInvariant)]
    private static partial Regex BatchList();
}
