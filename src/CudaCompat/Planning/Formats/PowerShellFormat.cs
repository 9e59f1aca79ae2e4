using System.Globalization;
using System.Text;
using static CudaCompat.Planning.Formats.BashFormat;

namespace CudaCompat.Planning.Formats;

/// <summary>A PowerShell script for Windows PowerShell 5.1 and later: stops at the first error, checks each file before it is used.</summary>
internal sealed class PowerShellFormat : IPlanFormat
{
    public string Name => "powershell";

    public string Write(InstallPlan plan)
    {
        if (!PlanText.IsWindows(plan))
            throw new PlanFormatException(Name, "it is not for Windows; take bash.");
        var text = new StringBuilder();
        foreach (var line in PlanText.Header(plan, "PowerShell plan"))
            Line(text, "# " + line);
        Line(text, "#Requires -Version 5.1");
        Line(text, "param([switch] $SkipOptional)");
        Line(text, "Set-StrictMode -Version 2.0");
        Line(text, "$ErrorActionPreference = 'Stop'");
        Line(text, "$ProgressPreference = 'SilentlyContinue'");
        Line(text, "$root = (Get-Location).ProviderPath");
        Line(text, "function Say([string] $Text) { Write-Host \"`n==> $Text\" }");
        Line(text, "function Full([string] $Path) {");
        Line(text, "  $expanded = [Environment]::ExpandEnvironmentVariables($Path)");
        Line(text, "  if ([IO.Path]::IsPathRooted($expanded)) { $expanded } else { Join-Path $root $expanded }");
        Line(text, "}");
        Line(text, "function Run([string] $Program, [string[]] $Arguments, [int[]] $Good = @(0)) {");
        Line(text, "  & $Program @Arguments");
        Line(text, "  if ($Good -notcontains $LASTEXITCODE) { throw \"$Program ended with $LASTEXITCODE\" }");
        Line(text, "}");
        if (plan.Steps.Any(s => s.RequiresAdmin))
            WriteAdmin(text, plan);
        if (plan.Steps.Any(s => s is DownloadStep { Url: not null }))
            WriteFetch(text);
        foreach (var step in plan.Steps.Where(s => s is not VerifyStep))
        {
            Line(text, "");
            if (step.Optional)
                Line(text, "if (-not $SkipOptional) {");
            PowerShellSteps.Write(text, plan, step);
            if (step.Optional)
                Line(text, "}");
        }

        if (PlanText.Step<VerifyStep>(plan) is { } verify)
        {
            Line(text, "");
            PowerShellSteps.Verify(text, plan, verify);
        }

        Line(text, "Say 'done'");
        return text.ToString();
    }

    private static void WriteAdmin(StringBuilder text, InstallPlan plan)
    {
        var onlyOptional = plan.Steps.Where(s => s.RequiresAdmin).All(s => s.Optional);
        Line(text, "$identity = New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())");
        Line(text, $"if ({(onlyOptional ? "-not $SkipOptional -and " : "")}-not $identity.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {{");
        Line(text, $"  throw 'The CUDA installer wants an administrator: run this in an elevated PowerShell{(onlyOptional ? ", or with -SkipOptional for PyTorch alone" : "")}.'");
        Line(text, "}");
    }

    private static void WriteFetch(StringBuilder text)
    {
        Line(text, "");
        Line(text, "[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12");
        Line(text, "$cache = if ($env:CUDACOMPAT_CACHE) { $env:CUDACOMPAT_CACHE } else { Join-Path $env:LOCALAPPDATA 'cudacompat' }");
        Line(text, "New-Item -ItemType Directory -Force -Path $cache | Out-Null");
        Line(text, "function Good([string] $File, [string] $Kind, [string] $Sum, [long] $Size) {");
        Line(text, "  if ($Size -ge 0 -and (Get-Item -LiteralPath $File).Length -ne $Size) { return $false }");
        Line(text, "  if ($Kind -eq '') { Write-Warning \"no checksum is known for $File\"; return $true }");
        Line(text, "  (Get-FileHash -LiteralPath $File -Algorithm $Kind).Hash -eq $Sum");
        Line(text, "}");
        Line(text, "function Fetch([string] $Name, [string] $Kind, [string] $Sum, [long] $Size, [string[]] $Urls) {");
        Line(text, "  $file = Join-Path $cache $Name");
        Line(text, "  if ((Test-Path -LiteralPath $file) -and $Kind -ne '' -and (Good $file $Kind $Sum $Size)) { return }");
        Line(text, "  foreach ($url in $Urls) {");
        Line(text, "    try { Invoke-WebRequest -UseBasicParsing -Uri $url -OutFile \"$file.part\" } catch { Write-Warning \"${url}: $_\"; continue }");
        Line(text, "    if (Good \"$file.part\" $Kind $Sum $Size) { Move-Item -Force -LiteralPath \"$file.part\" -Destination $file; return }");
        Line(text, "    Write-Warning \"$url is not the expected file\"");
        Line(text, "    Remove-Item -Force -LiteralPath \"$file.part\"");
        Line(text, "  }");
        Line(text, "  throw \"could not get $file\"");
        Line(text, "}");
        Line(text, "# One top folder of the archive is left out; its files join those that are there.");
        Line(text, "function Merge([string] $Archive, [string] $Target) {");
        Line(text, "  $unpacked = Join-Path $cache ('unpack-' + [Guid]::NewGuid().ToString('N'))");
        Line(text, "  try {");
        Line(text, "    Expand-Archive -LiteralPath (Join-Path $cache $Archive) -DestinationPath $unpacked");
        Line(text, "    New-Item -ItemType Directory -Force -Path $Target | Out-Null");
        Line(text, "    foreach ($top in Get-ChildItem -LiteralPath $unpacked -Directory) {");
        Line(text, "      Get-ChildItem -LiteralPath $top.FullName | Copy-Item -Recurse -Force -Destination $Target");
        Line(text, "    }");
        Line(text, "  } finally { if (Test-Path -LiteralPath $unpacked) { Remove-Item -Recurse -Force -LiteralPath $unpacked } }");
        Line(text, "}");
    }

    /// <summary>A text that PowerShell reads back as it is. It also takes the typographic quotes for quotes, so they are doubled as well.</summary>
    internal static string Quote(string text) => "'" + string.Concat(text.Select(c => c is '\'' or '\u2018' or '\u2019' or '\u201a' or '\u201b' ? $"{c}{c}" : c.ToString())) + "'";

    internal static string List(IEnumerable<string> texts) => "@(" + string.Join(", ", texts.Select(Quote)) + ")";

    internal static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
