using System.Text.RegularExpressions;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.PyTorch;

/// <summary>What an install command of PyTorch's pages says, read word by word.</summary>
/// <param name="Packages">torch, torchvision, torchaudio → the pinned version with its label, null where it is named without one. Others (pytorch-cpu, ninja) are kept under their own names.</param>
/// <param name="IndexUrl">The index or page that pip is sent to, or null: the default index.</param>
/// <param name="Requires">Conda: the word that selects the CUDA build ("pytorch-cuda=12.1", "cudatoolkit=11.0", "cuda100", "cpuonly").</param>
/// <param name="Channels">Conda: the channels in order.</param>
internal sealed partial record InstallCommandText(
    Packaging Packaging, IReadOnlyDictionary<string, PackageVersion?> Packages, string? IndexUrl, string? Requires, IReadOnlyList<string> Channels)
{
    /// <summary>The directory of the wheel index that the command names ("cu128", "lts/1.8/cu102"), or null.</summary>
    public string? Directory => IndexUrl is not null && IndexDirectory().Match(IndexUrl) is { Success: true } m ? m.Groups["dir"].Value : null;

    /// <summary>The CUDA tag that the command itself states; null where only a heading does, or for ROCm.</summary>
    public CudaTag? Tag
    {
        get
        {
            if (Packages.GetValueOrDefault("torch")?.Label is { } label)
                return CudaTag.TryParse(label, out var byLabel) ? byLabel : null;
            if (Directory is { } dir)
                return CudaTag.TryParse(dir[(dir.LastIndexOf('/') + 1)..], out var byDirectory) ? byDirectory : null;
            if (Requires == "cpuonly")
                return CudaTag.Cpu;
            if (Requires is null || Number().Match(Requires) is not { Success: true } m)
                return null;
            var digits = m.Value;
            return digits.Contains('.', StringComparison.Ordinal) ? CudaTag.Of(CudaVersion.Parse(digits)) : CudaTag.Parse("cu" + digits);
        }
    }

    /// <summary>Reads a command; null where it installs nothing by pip or conda (a sentence, a git checkout).</summary>
    public static InstallCommandText? Parse(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || words[1] != "install" || words[0] is not ("pip" or "pip3" or "conda"))
            return null;
        var conda = words[0] == "conda";
        var packages = new Dictionary<string, PackageVersion?>(StringComparer.Ordinal);
        string? index = null, requires = null;
        var channels = new List<string>();
        for (var i = 2; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "-f" or "--index-url" or "--extra-index-url" when i + 1 < words.Length:
                    index = words[++i];
                    break;
                case "-c" when i + 1 < words.Length:
                    channels.Add(words[++i]);
                    break;
                case var word when conda && Selector().IsMatch(word):
                    requires = word;
                    break;
                case ['-', ..]:
                    break;
                case var word when Pin().Match(word) is { Success: true } m:
                    packages[m.Groups["name"].Value is "pytorch" ? "torch" : m.Groups["name"].Value] =
                        m.Groups["version"] is { Success: true } v && PackageVersion.TryParse(v.Value, out var version) ? version : null;
                    break;
                default:
                    return null;
            }
        }

        return new InstallCommandText(conda ? Packaging.Conda : Packaging.Pip, packages, index, requires, channels);
    }

    [GeneratedRegex(@"^(?:pytorch::)?(?<name>[A-Za-z][A-Za-z0-9_-]*)(?:={1,3}(?<version>[0-9][^=]*))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pin();

    [GeneratedRegex(@"^(?:cudatoolkit=\d+\.\d+|pytorch-cuda=\d+\.\d+|cuda\d+|cpuonly)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Selector();

    [GeneratedRegex(@"\d+(?:\.\d+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    // …/whl/cu128, …/whl/cu113/torch_stable.html, …/whl/lts/1.8/cu102; …/whl/torch_stable.html names no directory.
    [GeneratedRegex(@"/whl/(?<dir>(?:lts/[0-9.]+/)?(?:cu\d+|cpu|rocm[0-9.]+))(?:/torch_stable\.html)?/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex IndexDirectory();
}
