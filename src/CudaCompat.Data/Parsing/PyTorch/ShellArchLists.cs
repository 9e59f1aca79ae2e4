using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.PyTorch;

/// <summary>
/// build_cuda.sh: a base list, a case for each CUDA version that replaces or extends it, and a filter for aarch64. Only what these scripts hold is
/// understood: assignments, the list inside itself, a choice by processor, a block for libtorch, which is no wheel.
/// </summary>
internal static partial class ShellArchLists
{
    private const string Name = "TORCH_CUDA_ARCH_LIST";

    /// <summary>Reads the lists of both processors; of aarch64 only where the script knows it.</summary>
    public static IReadOnlyList<ScriptArchs> Parse(string file, string text)
    {
        var block = Case().Match(text);
        if (!block.Success)
            throw new SourceFormatException(file, "case", "no case by CUDA_VERSION: the script changed shape.");
        var start = Base().Match(text[..block.Index]) is { Success: true } found ? found.Groups["list"].Value : null;
        var lists = new List<ScriptArchs>();
        List<CpuArchitecture> archs = Aarch64().IsMatch(text) ? [CpuArchitecture.X64, CpuArchitecture.Arm64] : [CpuArchitecture.X64];
        foreach (Match branch in Branch().Matches(block.Groups["body"].Value))
        {
            foreach (var version in branch.Groups["versions"].Value.Split('|'))
            {
                foreach (var arch in archs)
                {
                    var list = Run(file, branch.Groups["body"].Value, start, arch);
                    lists.Add(ArchScript.List(file, CudaVersion.Parse(version), arch, arch == CpuArchitecture.Arm64 ? WithoutFiltered(file, text, list) : list));
                }
            }
        }

        return lists;
    }

    private static string Run(string file, string body, string? list, CpuArchitecture arch)
    {
        var blocks = new Stack<bool>();
        foreach (var line in body.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line.StartsWith("if ", StringComparison.Ordinal))
                blocks.Push(IsMet(file, line, arch));
            else if (line.StartsWith("elif ", StringComparison.Ordinal))
                throw new SourceFormatException(file, "case", $"'{line}' asks what is not known.");
            else if (line is "else")
                blocks.Push(!blocks.Pop());
            else if (line is "fi")
                blocks.Pop();
            else if (line.Contains(Name + "=", StringComparison.Ordinal) && blocks.All(b => b))
                list = Assign(file, line, list, arch);
        }

        return list ?? throw new SourceFormatException(file, "case", $"a CUDA version without {Name}.");
    }

    // Of what the scripts ask only two questions matter here; wheels are no libtorch.
    private static bool IsMet(string file, string line, CpuArchitecture arch) =>
        line.Contains("libtorch", StringComparison.Ordinal) ? false
        : line.Contains("aarch64", StringComparison.Ordinal) && !line.Contains("!=", StringComparison.Ordinal) ? arch == CpuArchitecture.Arm64
        : throw new SourceFormatException(file, "case", $"'{line}' asks what is not known.");

    private static string Assign(string file, string line, string? list, CpuArchitecture arch)
    {
        var match = Assignment().Match(line);
        if (!match.Success)
            throw new SourceFormatException(file, "case", $"'{line}' is no known way to set the list.");
        var value = match.Groups["value"].Value;
        value = Choice().Replace(value, m => arch == CpuArchitecture.Arm64 ? m.Groups["yes"].Value : m.Groups["no"].Value);
        value = value.Replace("${" + Name + "}", list, StringComparison.Ordinal).Replace("$" + Name, list, StringComparison.Ordinal);
        return value.Contains('$', StringComparison.Ordinal) ? throw new SourceFormatException(file, "case", $"'{line}' is no known way to set the list.") : value;
    }

    private static string WithoutFiltered(string file, string text, string list)
    {
        if (!FilterCall().IsMatch(text))
            return list;
        var removed = Removed().Match(text) is { Success: true } match ? Quoted().Matches(match.Groups["archs"].Value).Select(m => m.Groups[1].Value + ";").ToList() : throw new SourceFormatException(file, "filter_aarch64_archs", "what it removes is not told in the known form.");
        return removed.Aggregate(list, (left, arch) => left.Replace(arch, "", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^case \$\{?CUDA_VERSION\}? in\s*\n(?<body>.*?)^esac", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Case();

    [GeneratedRegex(@"^TORCH_CUDA_ARCH_LIST=""(?<list>[^""$]*)""", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Base();

    [GeneratedRegex(@"^\s*(?<versions>\d+\.\d+(?:\|\d+\.\d+)*)\)(?<body>.*?);;", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Branch();

    [GeneratedRegex(@"(?:\$ARCH""?|GPU_ARCH_TYPE""?) ==? ""?(?:cuda-)?aarch64", RegexOptions.CultureInvariant)]
    private static partial Regex Aarch64();

    [GeneratedRegex(@"^(?:export )?TORCH_CUDA_ARCH_LIST=""(?<value>(?:\$\(\[\[.*?\]\].*?\)|[^""])*)""(?:\s*#.*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\$\(\[\[ ""\$ARCH"" == ""aarch64"" \]\] && echo ""(?<yes>[^""]*)"" \|\| echo ""(?<no>[^""]*)""\)", RegexOptions.CultureInvariant)]
    private static partial Regex Choice();

    [GeneratedRegex(@"TORCH_CUDA_ARCH_LIST=\$\(filter_aarch64_archs ", RegexOptions.CultureInvariant)]
    private static partial Regex FilterCall();

    [GeneratedRegex(@"filter_aarch64_archs\(\) \{.*?\$\(remove_archs ""\$arch_list""(?<archs>(?: ""[\d.]+"")+)\)", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Removed();

    [GeneratedRegex(@"""([\d.]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
