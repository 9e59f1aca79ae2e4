using System.Text.RegularExpressions;

namespace CudaCompat.Verification;

/// <summary>Reads the version out of cuDNN's header: cudnn_version.h since 8, cudnn.h before.</summary>
internal static partial class CudnnHeader
{
    private static readonly string[] Names = ["cudnn_version.h", "cudnn.h"];

    /// <summary>The version in the first header found in the folders, and where; null where there is none.</summary>
    public static (string Version, string File)? Find(IEnumerable<string> includeFolders)
    {
        foreach (var file in includeFolders.SelectMany(f => Names.Select(n => Path.Combine(f, n))).Where(File.Exists))
        {
            if (Parse(File.ReadAllText(file)) is { } version)
                return (version, file);
        }

        return null;
    }

    /// <summary>Major.minor.patch of the defines; null where one is missing.</summary>
    public static string? Parse(string text)
    {
        string? Part(string name) => Define().Matches(text).FirstOrDefault(m => m.Groups[1].Value == name)?.Groups[2].Value;
        return Part("MAJOR") is { } major && Part("MINOR") is { } minor && Part("PATCHLEVEL") is { } patch ? $"{major}.{minor}.{patch}" : null;
    }

    [GeneratedRegex(@"^\s*#\s*define\s+CUDNN_(MAJOR|MINOR|PATCHLEVEL)\s+(\d{1,6})\b", RegexOptions.Multiline, 1000)]
    private static partial Regex Define();
}
