using System.Net;
using CudaCompat.Data.Parsing;

namespace CudaCompat.Data.Tests.Live;

/// <summary>
/// Serves the captured documents (../shared/sources) under their true addresses. What was captured as it is served goes out untouched; a page of which
/// only the text was kept gets back the tables or links around it; the directory pages list what was captured.
/// </summary>
internal static class CapturedUpstream
{
    /// <summary>The day of the wheel index that data/ was made from.</summary>
    public const string WheelDay = "2026-03-15";

    private const string Docs = "nvidia/docs/";
    private const string Nvidia = "developer.download.nvidia.com/compute/";

    /// <summary>The live sources of which there is a capture.</summary>
    public static IReadOnlyList<string> Sources { get; } =
    [
        "wheels-torch", "wheels-torchvision", "wheels-torchaudio", "published-versions", "quick-start", "toolkit-archive", "toolkit-redist", "toolkit-sums", "release-notes",
        "driver-releases", "forward-compat", "cudnn-redist", "cudnn-archive", "cudnn-support", "gpus", "conda-linux", "release-matrix", "previous-versions",
        "guide-linux", "guide-windows",
    ];

    /// <summary>What the rows of the served documents name as their sources begins with one of these.</summary>
    public static IReadOnlyList<string> SourceIds { get; } =
    [
        $"pytorch/captures/whl-index.{WheelDay}/", "pytorch/pytorch-org/published_versions", "pytorch/conda/pytorch-channel", "nvidia/redist/cuda/", "nvidia/redist/cudnn/", "nvidia/md5sum/", "pages/",
        Docs + "cuda-toolkit-release-notes.13.4", Docs + "cuda-compatibility", Docs + "cuda-gpus", Docs + "cuda-legacy-gpus", Docs + "cudnn-archive",
    ];

    /// <summary>Serves all of them.</summary>
    public static void Serve(LocalUpstream upstream)
    {
        ServeWheels(upstream, WheelDay);
        upstream["raw.githubusercontent.com/pytorch/pytorch.github.io/refs/heads/site/published_versions.json"] = Text("pytorch/pytorch-org/published_versions.json");
        upstream["download.pytorch.org/assets/quick-start-module.js"] = Text("pages/quick-start-module.data-lines.js");
        upstream["conda.anaconda.org/pytorch/linux-64/repodata.json"] = Text("pytorch/conda/pytorch-channel.linux-64.repodata.json");
        ServeManifests(upstream, "cuda");
        ServeManifests(upstream, "cudnn");
        upstream[Nvidia + "cuda/13.4.2/docs/sidebar/md5sum.txt"] = Text("nvidia/md5sum/md5sum_13.4.2.txt");
        upstream["developer.nvidia.com/cuda-toolkit-archive.md"] = Text("pages/cuda-toolkit-archive.twin.md");
        upstream["docs.nvidia.com/datacenter/tesla/drivers/releases.json"] = Text("pages/tesla-releases.excerpt.json");
        upstream[UpstreamPages.Notes] = Page("CUDA Toolkit Release Notes", Tables(Docs + "cuda-toolkit-release-notes.13.4-update1.driver-section.txt"));
        upstream["docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html"] = Page("CUDA Compatibility", Tables(Docs + "cuda-compatibility.forward-compatibility.r615.txt"));
        upstream[ScriptPages.Raw + "main/RELEASE.md"] = Text("pytorch/tables/RELEASE-matrix.capture.md");
        upstream["pytorch.org/get-started/previous-versions/"] = Page("Previous PyTorch Versions", FromMarkdown(Text("pytorch/pytorch-org/previous-versions.pytorch-kr.md")));
        upstream["docs.nvidia.com/cuda/cuda-installation-guide-linux/index.html"] = Page("Installation Guide", Tables(Docs + "cuda-installation-guide-linux.13.4.support-tables.txt").Replace("arm64-sbsa:", "arm64-sbsa: https://developer.download.nvidia.com/compute/cuda/13.4.1/docs/sidebar/md5sum.txt", StringComparison.Ordinal));
        upstream["docs.nvidia.com/cuda/cuda-installation-guide-microsoft-windows/index.html"] = Page("Installation Guide", Tables(Docs + "cuda-installation-guide-windows.13.4.support-tables.txt"));
        upstream["developer.nvidia.com/cuda/gpus"] = Page("CUDA GPUs", Tables(Docs + "cuda-gpus.txt"));
        upstream["developer.nvidia.com/cuda/gpus/legacy"] = Page("Legacy CUDA GPUs", Tables(Docs + "cuda-legacy-gpus.txt"));
        upstream["developer.nvidia.com/rdp/cudnn-archive"] = Page("cuDNN Archive", string.Concat(Text(Docs + "cudnn-archive.rdp.2023-12.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => $"<a href=\"#a\">{WebUtility.HtmlEncode(l)}</a>\n")));
        upstream["docs.nvidia.com/deeplearning/cudnn/backend/latest/reference/support-matrix.html"] = Page("Support Matrix", SupportMatrix());
    }

    /// <summary>Serves the wheel index of a captured day.</summary>
    public static void ServeWheels(LocalUpstream upstream, string day)
    {
        var root = Path.Combine(Captures.Sources!, "pytorch/captures/whl-index." + day);
        var directories = Directory.GetDirectories(root).Select(d => Path.GetFileName(d)).Where(d => d != "root").ToList();
        upstream["download.pytorch.org/whl/"] = "<!DOCTYPE html><html><body><a href=\"torch/\">torch</a><br/>" + string.Concat(directories.Select(d => $"<a href=\"{d}/\">{d}</a><br/>")) + "</body></html>";
        foreach (var file in Directory.EnumerateFiles(root, "*.html", SearchOption.AllDirectories))
        {
            var (directory, package) = (Path.GetFileName(Path.GetDirectoryName(file))!, Path.GetFileNameWithoutExtension(file));
            upstream["download.pytorch.org/whl/" + (directory == "root" ? "" : directory + "/") + package + "/"] = File.ReadAllText(file);
        }
    }

    private static void ServeManifests(LocalUpstream upstream, string product)
    {
        var files = Directory.GetFiles(Path.Combine(Captures.Sources!, "nvidia/redist", product), "redistrib_*.json").Order(StringComparer.Ordinal).ToList();
        upstream[$"{Nvidia}{product}/redist/"] = UpstreamPages.Directory([.. files.Select(f => Path.GetFileName(f))]);
        foreach (var file in files)
            upstream[$"{Nvidia}{product}/redist/{Path.GetFileName(file)}"] = File.ReadAllText(file);
    }

    // Lines of cells divided by bars that follow each other are a table; several names in a cell stand on lines of their own.
    private static string Tables(string path)
    {
        var lines = Text(path).Split('\n').Select(l => l.Trim()).Append("");
        var (html, rows, width) = (new System.Text.StringBuilder(), new List<string>(), 0);
        foreach (var line in lines)
        {
            if (line.Contains('|', StringComparison.Ordinal))
            {
                // A row that the capture cut has its last cells empty.
                var cells = TextLines.Cells(line);
                width = rows.Count == 0 ? cells.Length : width;
                rows.Add("<tr>" + string.Concat(cells.Concat(Enumerable.Repeat("", Math.Max(0, width - cells.Length))).Select(Cell)) + "</tr>\n");
                continue;
            }

            if (rows.Count > 0)
                html.Append("<table>\n").AppendJoin("", rows).Append("</table>\n");
            rows.Clear();
            html.Append("<p>").Append(WebUtility.HtmlEncode(line)).Append("</p>\n");
        }

        return html.ToString();
    }

    private static string Cell(string text) => "<td>" + string.Join("<br>", text.Replace(" ...", "", StringComparison.Ordinal).Split("; ").Select(WebUtility.HtmlEncode)) + "</td>";

    // The page's own headings and code blocks, of which the mirror is the Markdown.
    private static string FromMarkdown(string text)
    {
        var (html, isCode) = (new System.Text.StringBuilder(), false);
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd()))
        {
            var level = line.TakeWhile(c => c == '#').Count();
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                html.Append((isCode = !isCode) ? "<pre><code>" : "</code></pre>\n");
            else if (isCode)
                html.Append(WebUtility.HtmlEncode(line)).Append('\n');
            else if (level is > 1 and < 6)
                html.Append($"<h{level}>{WebUtility.HtmlEncode(line[level..].Trim())}</h{level}>\n");
        }

        return html.ToString();
    }

    // The newest edition: the first block.
    private static string SupportMatrix()
    {
        var rows = Text(Docs + "cudnn-support-matrices.txt").Split("\n## ")[1].Split('\n').Where(l => l.StartsWith("cuDNN ", StringComparison.Ordinal));
        var marked = rows.Select(r => "<tr>" + string.Concat(TextLines.Cells(r).Append("").Select(c => Footnote().Replace(Cell(c), "<sup>$0</sup>"))) + "</tr>\n");
        return "<table><tr><th>cuDNN Package</th><th>CUDA Toolkit Version</th><th>Supports static linking?</th><th>NVIDIA Driver Version for Linux</th><th>NVIDIA Driver Version for Windows</th>"
            + "<th>CUDA Compute Capability</th><th>Supported NVIDIA GPU Architectures</th></tr>\n" + string.Concat(marked) + "</table>";
    }

    private static System.Text.RegularExpressions.Regex Footnote() => new(@"\[\d\]");

    private static string Page(string title, string body) => $"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>";

    private static string Text(string path) => File.ReadAllText(Path.Combine(Captures.Sources!, path));
}
