using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Planning.Formats;

/// <summary>What all formats say alike.</summary>
internal static class PlanText
{
    public static bool IsWindows(InstallPlan plan) => plan.Machine?.OperatingSystem == OperatingSystemFamily.Windows;

    public static T? Step<T>(InstallPlan plan)
        where T : InstallStep => plan.Steps.OfType<T>().FirstOrDefault();

    /// <summary>What the plan installs, in one line.</summary>
    public static string Title(InstallPlan plan)
    {
        var stack = plan.Stack;
        List<string> parts = [];
        if (stack.Torch is { } torch)
            parts.Add($"torch {torch}{(stack.CudaTag is { } tag ? "+" + tag : "")}");
        if (stack.Torchvision is { } vision)
            parts.Add($"torchvision {vision}");
        if (stack.Torchaudio is { } audio)
            parts.Add($"torchaudio {audio}");
        if (stack.Toolkit is { } toolkit)
            parts.Add($"CUDA toolkit {toolkit}");
        if (stack.Cudnn is { } cudnn)
            parts.Add($"cuDNN {cudnn}");
        return string.Join(", ", parts);
    }

    /// <summary>The lines that head a file, as comments.</summary>
    public static IEnumerable<string> Header(InstallPlan plan, string format)
    {
        yield return OneLine($"{format}: {Title(plan)}");
        if (plan.DataVersion is { } version)
            yield return OneLine($"made by cudacompat from data {version}");
        foreach (var note in plan.Notes)
            yield return OneLine(note);
    }

    /// <summary>A text of which nothing can leave its comment.</summary>
    public static string OneLine(string text) => new([.. text.Select(c => char.IsControl(c) || c is '\u0085' or '\u2028' or '\u2029' ? ' ' : c)]);

    /// <summary>A name for an environment or an index: letters, digits, dots and dashes.</summary>
    public static string Slug(InstallPlan plan) =>
        plan.Stack.Torch is { } torch ? $"torch-{torch.Release}{(plan.Stack.CudaTag is { } tag ? "-" + tag : "")}" : "cuda";

    /// <summary>
    /// The Python program that proves the packages: versions as planned and, for CUDA builds, a kernel on each GPU, since
    /// torch.cuda.is_available() is true even where no kernel fits.
    /// </summary>
    public static IEnumerable<string> VerifyProgram(InstallPlan plan, VerifyStep verify)
    {
        yield return "import sys";
        yield return "import torch";
        yield return "";
        yield return "def expect(what, found, wanted):";
        yield return "    if found != wanted:";
        yield return "        sys.exit('%s is %s, the plan says %s' % (what, found, wanted))";
        yield return "    print('%s %s' % (what, found))";
        yield return "";
        yield return $"expect('torch', torch.__version__.split('+')[0], '{plan.Stack.Torch}')";
        if (plan.Stack.CudaTag is { } tag)
        {
            // Older builds print the whole number (10.0.130), newer ones X.Y.
            yield return tag.Cuda is { } cuda
                ? $"expect('CUDA of torch', '.'.join((torch.version.cuda or 'none').split('.')[:2]), '{cuda}')"
                : "expect('CUDA of torch', torch.version.cuda, None)";
        }

        if (plan.Stack.Torchvision is { } vision)
        {
            yield return "import torchvision";
            yield return $"expect('torchvision', torchvision.__version__.split('+')[0], '{vision}')";
        }

        if (plan.Stack.Torchaudio is { } audio)
        {
            yield return "import torchaudio";
            yield return $"expect('torchaudio', torchaudio.__version__.split('+')[0], '{audio}')";
        }

        if (!verify.Checks.Contains("kernel"))
            yield break;
        yield return "if not torch.cuda.is_available():";
        yield return "    sys.exit('torch sees no GPU')";
        yield return "for i in range(torch.cuda.device_count()):";
        yield return "    expect('a kernel on %s gives' % torch.cuda.get_device_name(i), (torch.ones(8, device='cuda:%d' % i) + 1).sum().item(), 16.0)";
    }

    /// <summary>The numbers of a cuDNN version that its header states: major, minor, patch.</summary>
    public static IEnumerable<(string Name, int Value)> CudnnDefines(string? version)
    {
        if (!DottedVersion.TryParse(version, out var v))
            yield break;
        yield return ("CUDNN_MAJOR", v.Major);
        if (v.Parts > 1)
            yield return ("CUDNN_MINOR", v.Minor);
        if (v.Parts > 2)
            yield return ("CUDNN_PATCHLEVEL", v.Patch);
    }
}
