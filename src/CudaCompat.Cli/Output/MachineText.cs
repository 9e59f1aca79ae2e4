using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Cli.Output;

/// <summary>A machine as people read it.</summary>
internal static class MachineText
{
    public static void Write(TextWriter writer, DriverInfo machine, CompatibilityMatrix matrix, bool color)
    {
        var paint = new Paint(color);
        var facts = MachineFacts.Of(matrix, machine);
        Row("system", OperatingSystemNames.Instance.NameOf(machine.OperatingSystem) + " " + (machine.Architecture is { } arch ? CpuArchitectureNames.Instance.NameOf(arch) : "(processor not known)") + (machine.Glibc is { } glibc ? $", glibc {glibc}" : ""));
        Row("driver", Driver(machine, facts));
        if (facts.AllGpus is null)
            Row("GPUs", "not known");
        else if (facts.AllGpus.Length == 0)
            Row("GPUs", "none found");
        foreach (var gpu in facts.AllGpus ?? [])
            Row(gpu.Index == 0 ? "GPU" : "", Words.Short(gpu.Display) + (gpu.Capability is null && gpu.Alternatives.IsEmpty ? " (not known to the data)" : ""));
        Row("Python", machine.Python?.ToString() ?? "not known");
        if (Compilers(machine) is { Length: > 0 } compilers)
            Row("compilers", compilers);
        if (machine.Installed is { } installed)
            Row("installed", Installed(installed));

        void Row(string name, string value) => Lines.Write(writer, paint.Dim($"  {name,-10} "), 13, value);
    }

    private static string Driver(DriverInfo machine, MachineFacts facts)
    {
        if (machine.Driver is { } driver)
            return $"{driver}{(machine.KernelModule is { } module ? $", {KernelModuleFlavourNames.Instance.NameOf(module)} kernel module" : "")}, runs CUDA up to {facts.ReportedCuda?.ToString() ?? "an unknown version"}";
        return machine.MaxCuda is { } max ? $"not known; runs CUDA up to {max}" : "not known";
    }

    private static string Compilers(DriverInfo machine)
    {
        (string Name, DottedVersion? Version)[] all = [("gcc", machine.Gcc), ("clang", machine.Clang), ("msvc", machine.Msvc)];
        return string.Join(", ", all.Where(c => c.Version is not null).Select(c => $"{c.Name} {c.Version}"));
    }

    private static string Installed(InstalledComponents installed)
    {
        var parts = new List<string>();
        if (installed.Toolkits is { Count: > 0 } toolkits)
            parts.Add("toolkit " + string.Join(", ", toolkits));
        if (installed.Cudnn is { Count: > 0 } cudnn)
            parts.Add("cuDNN " + string.Join(", ", cudnn));
        if (installed.Torch is { } torch)
            parts.Add("torch " + torch);
        if (installed.Torchvision is { } torchvision)
            parts.Add("torchvision " + torchvision);
        if (installed.Torchaudio is { } torchaudio)
            parts.Add("torchaudio " + torchaudio);
        return parts.Count == 0 ? "nothing of the chain" : string.Join("; ", parts);
    }
}
