using System.Globalization;
using System.Text;
using static CudaCompat.Planning.Formats.BashFormat;
using static CudaCompat.Planning.Formats.PowerShellFormat;

namespace CudaCompat.Planning.Formats;

/// <summary>The single steps of the PowerShell script.</summary>
internal static class PowerShellSteps
{
    public static void Write(StringBuilder text, InstallPlan plan, InstallStep step)
    {
        Line(text, "Say " + Quote(PlanText.OneLine(step.Description ?? step.Component)));
        switch (step)
        {
            case DownloadStep { Url: { } url } download:
                Line(text, $"Fetch {Quote(download.FileName!)} {Quote(download.Checksum?.Kind ?? "")} {Quote(download.Checksum?.Value ?? "")} {(download.Size ?? -1).ToString(CultureInfo.InvariantCulture)} {List([url, .. download.Mirrors])}");
                break;
            case ToolkitStep { Method: "redist", Prefix: { } prefix } toolkit:
                Line(text, $"foreach ($archive in {List(toolkit.Archives)}) {{ Merge $archive (Full {Quote(prefix)}) }}");
                break;
            case ToolkitStep { Method: "installer", FileName: { } file, Command: { } command } toolkit:
                Installer(text, toolkit, file, command);
                break;
            case CudnnStep { FileName: { } file, Prefix: { } prefix }:
                Line(text, $"Merge {Quote(file)} (Full {Quote(prefix)})");
                // Newer archives have their libraries in bin\x64, which older toolkits do not put on PATH.
                Line(text, $"Get-ChildItem -Path (Join-Path (Full {Quote(prefix)}) 'bin\\x64\\cudnn*.dll') -ErrorAction SilentlyContinue | Copy-Item -Force -Destination (Join-Path (Full {Quote(prefix)}) 'bin')");
                break;
            case PythonStep { Environment: { } folder, Command: { } command } python:
                var interpreter = python.Method == "conda" ? "python.exe" : "Scripts\\python.exe";
                Line(text, $"if (-not (Test-Path -LiteralPath (Join-Path (Full {Quote(folder)}) {Quote(interpreter)}))) {{ {Run(command, folder)} }}");
                break;
            case ToolkitStep or CudnnStep or TorchStep when step.Command is { } command:
                Line(text, Run(command, PlanText.Step<PythonStep>(plan)?.Environment));
                break;
            case EnvironmentStep environment:
                Environment(text, plan, environment);
                break;
            default:
                Line(text, $"throw {Quote("no source says where this comes from: " + step.Component + " " + step.Version)}");
                break;
        }
    }

    private static void Installer(StringBuilder text, ToolkitStep step, string file, IReadOnlyList<string> command)
    {
        Line(text, $"$process = Start-Process -FilePath (Join-Path $cache {Quote(file)}) -ArgumentList {List(command.Skip(1))} -Wait -PassThru");
        Line(text, "$code = $process.ExitCode");
        Line(text, "if (@(0, 3010) -notcontains $code) { Write-Warning \"the installer ended with $code\" }");
        // The exit code proves nothing: an unknown component name is passed over in silence.
        if (step.Prefix is { } prefix)
            Line(text, $"if (-not (Test-Path -LiteralPath (Join-Path (Full {Quote(prefix)}) 'bin\\nvcc.exe'))) {{ throw \"nvcc.exe is not there; the installer ended with $code\" }}");
        Line(text, "if ($code -eq 3010) { Write-Warning 'Windows wants a restart' }");
    }

    private static void Environment(StringBuilder text, InstallPlan plan, EnvironmentStep step)
    {
        var prefixes = new[] { PlanText.Step<ToolkitStep>(plan)?.Prefix, PlanText.Step<CudnnStep>(plan)?.Prefix };
        var target = step.Scope == "user" ? "'User'" : null;
        foreach (var (name, value) in step.Set)
        {
            var word = prefixes.Contains(value) ? $"(Full {Quote(value)})" : Quote(value);
            Line(text, $"$env:{name} = {word}");
            if (target is not null)
                Line(text, $"[Environment]::SetEnvironmentVariable({Quote(name)}, $env:{name}, {target})");
        }

        foreach (var (name, folders) in step.Prepend)
        {
            foreach (var folder in folders.Reverse())
            {
                Line(text, $"$folder = Full {Quote(folder)}");
                Line(text, $"$env:{name} = $folder + ';' + $env:{name}");
                if (target is null)
                    continue;
                Line(text, $"$old = [Environment]::GetEnvironmentVariable({Quote(name)}, {target})");
                Line(text, $"if (@(\"$old\" -split ';') -notcontains $folder) {{ [Environment]::SetEnvironmentVariable({Quote(name)}, (@($folder, $old) -ne $null -join ';'), {target}) }}");
            }
        }
    }

    public static void Verify(StringBuilder text, InstallPlan plan, VerifyStep verify)
    {
        Line(text, "Say 'Proves what was installed.'");
        if (PlanText.Step<ToolkitStep>(plan) is { Prefix: { } prefix } toolkit && plan.Stack.Toolkit is { } version)
        {
            Open(text, toolkit.Optional);
            Line(text, $"if (\"$(& (Join-Path (Full {Quote(prefix)}) 'bin\\nvcc.exe') --version)\" -notlike {Quote($"*release {version.MajorMinor},*")}) {{ throw {Quote($"nvcc is not CUDA {version.MajorMinor}")} }}");
            Close(text, toolkit.Optional);
        }

        if (PlanText.Step<CudnnStep>(plan) is { Prefix: { } home } cudnn)
        {
            Open(text, cudnn.Optional);
            foreach (var (name, value) in PlanText.CudnnDefines(cudnn.Version))
                Line(text, $"if (-not (Select-String -Quiet -Path (Join-Path (Full {Quote(home)}) 'include\\cudnn*.h') -Pattern {Quote($"^#define {name}\\s+{Number(value)}$")})) {{ throw {Quote($"cuDNN is not {cudnn.Version}")} }}");
            Close(text, cudnn.Optional);
        }

        if (!verify.Checks.Contains("torch") || PlanText.Step<PythonStep>(plan) is not { Environment: { } folder } python)
            return;
        Line(text, "@'");
        foreach (var line in PlanText.VerifyProgram(plan, verify))
            Line(text, line);
        Line(text, $"'@ | & (Join-Path (Full {Quote(folder)}) {Quote(python.Method == "conda" ? "python.exe" : "Scripts\\python.exe")}) -");
        Line(text, "if ($LASTEXITCODE -ne 0) { throw 'PyTorch is not as planned' }");
    }

    private static void Open(StringBuilder text, bool optional)
    {
        if (optional)
            Line(text, "if (-not $SkipOptional) {");
    }

    private static void Close(StringBuilder text, bool optional)
    {
        if (optional)
            Line(text, "}");
    }

    private static string Run(IReadOnlyList<string> command, string? folder)
    {
        var words = command.Select(w => folder is not null && (w == folder || w.StartsWith(folder + "\\", StringComparison.Ordinal)) ? $"(Full {Quote(w)})" : Quote(w)).ToArray();
        return $"Run {words[0]} @({string.Join(", ", words.Skip(1))})";
    }
}
