using System.Text.RegularExpressions;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Text;

/// <summary>What /proc/driver/nvidia/version says of the loaded kernel module.</summary>
/// <param name="Driver">The module's version.</param>
/// <param name="Flavour">Open or proprietary.</param>
/// <param name="Architecture">The processor it was built for.</param>
/// <param name="Compiler">The "GCC version" line, which may name no version at all.</param>
internal sealed record KernelModuleFacts(DriverVersion Driver, KernelModuleFlavour Flavour, CpuArchitecture? Architecture, string? Compiler);

/// <summary>Reads /proc/driver/nvidia/version, of the proprietary and of the open module.</summary>
internal static partial class KernelModuleText
{
    public static KernelModuleFacts? Parse(string text) => Parse(PastedText.Lines(text));

    public static KernelModuleFacts? Parse(string[] lines)
    {
        KernelModuleFacts? facts = null;
        foreach (var line in lines)
        {
            if (line.Length > 1024 || !line.Contains("version", StringComparison.Ordinal))
                continue;
            if (facts is null)
            {
                if (Module().Match(line) is { Success: true } module && DriverVersion.TryParse(module.Groups["v"].Value, out var driver))
                {
                    facts = new KernelModuleFacts(
                        driver,
                        module.Groups["open"].Length > 0 ? KernelModuleFlavour.Open : KernelModuleFlavour.Proprietary,
                        module.Groups["arch"].Value switch { "x86_64" => CpuArchitecture.X64, "aarch64" => CpuArchitecture.Arm64, _ => null },
                        null);
                }
            }
            else if (Compiler().Match(line) is { Success: true } compiler)
            {
                return facts with { Compiler = compiler.Groups["v"].Value.Trim() };
            }
        }

        return facts;
    }

    public static NvidiaSmiResult? ParseResult(string[] lines) => Parse(lines) is not { } facts ? null : new NvidiaSmiResult
    {
        Forms = NvidiaSmiForms.KernelModule,
        Driver = facts.Driver,
        KernelModule = facts.Flavour,
        Architecture = facts.Architecture,
    };

    [GeneratedRegex(@"NVRM version:\s*NVIDIA UNIX (?<open>Open )?(?:(?<arch>x86_64|aarch64|\w{3,10}) )?Kernel Module (?:for (?<arch>x86_64|aarch64|\w{3,10}) )?\s*(?<v>\d+\.\d+(?:\.\d+){0,2})", RegexOptions.CultureInvariant)]
    private static partial Regex Module();

    [GeneratedRegex(@"GCC version:(?<v>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Compiler();
}
