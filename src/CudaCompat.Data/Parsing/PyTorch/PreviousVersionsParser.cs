using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.PyTorch;

/// <summary>One command of the Previous Versions page.</summary>
/// <param name="Packaging">Conda or Wheel, as headed.</param>
/// <param name="Os">OSX, or "Linux and Windows".</param>
/// <param name="Comment">The comment line above it: "CUDA 12.6", "ROCM 6.4 (Linux only)".</param>
/// <param name="Line">In the document.</param>
internal sealed record PageCommand(PackageVersion Torch, string Packaging, string Os, string Comment, string Command, int Line);

/// <summary>The page "Previous Versions" in Markdown: ### version, #### packaging, ##### system, then a code block of comments and commands.</summary>
internal static partial class PreviousVersionsParser
{
    /// <summary>Reads every pip and conda command of the releases that have a heading of their own (1.0.0 and later).</summary>
    public static IReadOnlyList<PageCommand> Parse(string markdown, string file)
    {
        var commands = new List<PageCommand>();
        PackageVersion? torch = null;
        string packaging = "", os = "", comment = "";
        var inCode = false;
        var lines = markdown.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inCode = !inCode;
                comment = "";
            }
            else if (inCode && line.StartsWith('#'))
            {
                comment = line.TrimStart('#').Trim();
            }
            else if (inCode && torch is { } version && Install().IsMatch(line))
            {
                commands.Add(new PageCommand(version, packaging, os, comment, line, i + 1));
            }
            else if (!inCode && Heading().Match(line) is { Success: true } m)
            {
                var text = m.Groups["text"].Value;
                switch (m.Groups["level"].Length)
                {
                    case 2:
                        torch = null;
                        break;
                    case 3:
                        torch = text.StartsWith('v') && PackageVersion.TryParse(text[1..].Split(' ')[0], out var v) ? v : null;
                        break;
                    case 4:
                        packaging = text;
                        break;
                    default:
                        os = text;
                        break;
                }
            }
        }

        if (inCode)
            throw new SourceFormatException(file, "end", "the last code block has no end: the page is cut.");
        return commands.Count > 0 ? commands : throw new SourceFormatException(file, "headings", "no version with commands: the page changed shape.");
    }

    [GeneratedRegex(@"^(?<level>#{2,5})\s+(?<text>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(?:pip3?|conda) install ", RegexOptions.CultureInvariant)]
    private static partial Regex Install();
}
