using System.Text.RegularExpressions;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.PyTorch;

/// <summary>What the build string of a conda package of channel pytorch says: py3.8_cuda11.0.221_cudnn8.0.5_0, py38_cu110, py3.9_cpu_0, py36.</summary>
/// <param name="Tag">Null for builds that serve every CUDA version (torchaudio before 0.10: py36).</param>
/// <param name="Cudnn">Null where the string has none.</param>
internal sealed partial record CondaBuildText(PythonVersion Python, CudaTag? Tag, DottedVersion? Cudnn)
{
    /// <summary>Reads a build string; null where it is of no known form.</summary>
    public static CondaBuildText? Parse(string build)
    {
        if (TorchForm().Match(build) is { Success: true } torch)
        {
            CudaTag? tag = torch.Groups["cuda"] is { Success: true } cuda ? CudaTag.Of(CudaVersion.Parse(cuda.Value)) : CudaTag.Cpu;
            DottedVersion? cudnn = torch.Groups["cudnn"] is { Success: true } c && DottedVersion.TryParse(c.Value, out var version) && version.Parts > 1 ? version : null;
            return new CondaBuildText(PythonVersion.Parse(torch.Groups["python"].Value), tag, cudnn);
        }

        if (CompanionForm().Match(build) is not { Success: true } m)
            return null;
        var python = PythonVersion.Parse($"{m.Groups["major"].Value}.{m.Groups["minor"].Value}");
        return m.Groups["tag"] is { Success: true } t ? new CondaBuildText(python, CudaTag.Parse(t.Value), null) : new CondaBuildText(python, null, null);
    }

    [GeneratedRegex(@"^py(?<python>\d\.\d+)_(?:cuda(?<cuda>\d+\.\d+(?:\.\d+)?)_cudnn(?<cudnn>[\d.]+)|cpu)_\d+\z", RegexOptions.CultureInvariant)]
    private static partial Regex TorchForm();

    [GeneratedRegex(@"^py(?<major>\d)(?<minor>\d+)(?:_(?<tag>cu\d+|cpu))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex CompanionForm();
}
