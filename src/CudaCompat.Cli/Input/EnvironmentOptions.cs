using System.CommandLine;
using System.Text.RegularExpressions;
using CudaCompat.Detection;
using CudaCompat.Explaining;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Versions;

namespace CudaCompat.Cli.Input;

/// <summary>What is known beside an error text: the machine that options describe, else this one with one of its Python environments, or nothing.</summary>
internal sealed partial class EnvironmentOptions
{
    private readonly Option<bool> _noMachine = new("--no-machine") { Description = "Do not look at this machine: the text and the options alone." };
    private readonly PythonPathOption _python = new("The Python interpreter or environment folder that the text comes from.");
    private readonly Option<string?> _torch = new("--torch") { Description = "The torch that is installed where the text comes from.", HelpName = "VERSION" };

    public void AddTo(Command command)
    {
        command.Options.Add(_noMachine);
        _python.AddTo(command);
        command.Options.Add(_torch);
    }

    public async Task<ExplainOptions> ReadAsync(MachineOptions machine, ParseResult parse, CompatibilityMatrix matrix, CancellationToken cancel)
    {
        var (stated, failure) = machine.Read(parse);
        if (failure is not null)
            throw new UsageException($"--nvidia-smi: {failure.Message}");
        var none = parse.GetValue(_noMachine);
        var python = _python.Read(parse);
        var isAssumed = stated?.IsSystemAssumed == true;
        DriverInfo? found = null;
        if (python is not null || stated is null && !none)
        {
            var report = await DriverDetector.DetectAsync(new DetectionOptions { Python = python }, cancel).ConfigureAwait(false);
            found = report.Machine;
        }

        var result = stated is null ? none && found is not null ? new DriverInfo { OperatingSystem = found.OperatingSystem, Architecture = found.Architecture } : found : stated;
        if (result is null && parse.GetValue(_torch) is null)
            return new ExplainOptions { Matrix = matrix };
        if (result is null)
        {
            result = new DriverInfo { OperatingSystem = OperatingSystem.IsWindows() ? OperatingSystemFamily.Windows : OperatingSystemFamily.Linux };
            isAssumed = true;
        }

        result = machine.Override(parse, result);
        if (found is not null)
            result = result with { Installed = result.Installed ?? found.Installed, Python = result.Python ?? found.Python };
        if (parse.GetValue(_torch) is { } torch)
            result = result with { Installed = (result.Installed ?? new InstalledComponents()) with { Torch = Torch(torch) } };
        return new ExplainOptions { Machine = result, MachineMayDiffer = stated is null && !none, OperatingSystemIsAssumed = isAssumed, Matrix = matrix };
    }

    // As people write it: 2.8.0+cu128, 1.12 (cu113), 2.9.
    private static PackageVersion? Torch(string text)
    {
        var match = Written().Match(text);
        if (!match.Success)
            throw new UsageException($"--torch: '{TextInput.Short(text)}' is not a version such as 2.8.0+cu128.");
        var tag = match.Groups["tag"];
        var version = match.Groups["v"].Value;
        return PackageVersion.TryParse(tag.Success ? $"{version}+{tag.Value}" : version, out var torch) || PackageVersion.TryParse(version, out torch) ? torch : null;
    }

    [GeneratedRegex(@"^\D{0,12}(?<v>\d+(?:\.\d+){1,3}(?:(?:a|b|rc|\.dev|\.post)\d+)?)(?:[ +(]{1,3}(?<tag>cu\d{2,3}|cpu)\)?)?", RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
