using System.Globalization;
using System.Text;

namespace CudaCompat.Planning.Formats;

/// <summary>A bash script: stops at the first error, quotes everything, checks each file before it is used.</summary>
internal sealed class BashFormat : IPlanFormat
{
    public string Name => "bash";

    public string Write(InstallPlan plan) => Script(plan, null);

    public string Write(InstallPlan plan, IReadOnlyList<LockedPackage> packages) => Script(plan, packages);

    private string Script(InstallPlan plan, IReadOnlyList<LockedPackage>? packages)
    {
        if (PlanText.IsWindows(plan))
            throw new PlanFormatException(Name, "it is for Windows; take powershell.");
        var text = new StringBuilder();
        Line(text, "#!/usr/bin/env bash");
        foreach (var line in PlanText.Header(plan, "bash plan"))
            Line(text, "# " + line);
        Line(text, "set -euo pipefail");
        Line(text, "");
        WriteBody(text, plan, "\"$PWD\"", packages);
        return text.ToString();
    }

    /// <summary>Writes functions and steps; <paramref name="root"/> is the shell word for the folder that relative folders lie under.</summary>
    internal static void WriteBody(StringBuilder text, InstallPlan plan, string root, IReadOnlyList<LockedPackage>? packages = null)
    {
        Line(text, $"root={root}");
        Line(text, "say() { printf '\\n==> %s\\n' \"$*\"; }");
        Line(text, "die() { printf 'error: %s\\n' \"$*\" >&2; exit 1; }");
        if (plan.Steps.Any(BashSteps.IsMissing))
            Line(text, "missing() { printf 'error: no source says where %s comes from\\n' \"$*\" >&2; return 1; }");
        if (plan.Steps.Any(s => s.RequiresAdmin))
            Line(text, "as_root() { if [ \"$(id -u)\" -eq 0 ]; then \"$@\"; else sudo -- \"$@\"; fi; }");
        var downloads = plan.Steps.OfType<DownloadStep>().Where(d => d.Url is not null).ToArray();
        if (downloads.Length > 0)
            WriteFetch(text, downloads);
        // Open the script's optional part once per run of optional steps, so that it can be left out as a whole.
        var optional = false;
        foreach (var step in plan.Steps.Where(s => s is not VerifyStep))
        {
            if (step.Optional != optional)
                Line(text, optional ? "\nfi" : "\nif [ \"${SKIP_OPTIONAL:-0}\" != 1 ]; then");
            optional = step.Optional;
            Line(text, "");
            BashSteps.Write(text, plan, step, packages);
        }

        if (optional)
            Line(text, "\nfi");
        if (PlanText.Step<VerifyStep>(plan) is { } verify)
        {
            Line(text, "");
            BashSteps.Verify(text, plan, verify);
        }

        Line(text, "");
        Line(text, "say 'Done.'");
    }

    private static void WriteFetch(StringBuilder text, DownloadStep[] downloads)
    {
        var plainHttp = downloads.SelectMany(d => d.Mirrors.Append(d.Url!)).Any(u => u.StartsWith("http:", StringComparison.Ordinal));
        Line(text, "");
        Line(text, "cache=\"${CUDACOMPAT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cudacompat}\"");
        Line(text, "mkdir -p -- \"$cache\"");
        Line(text, "");
        Line(text, "# good FILE KIND SUM SIZE: the checksum and the size are as known; '-' is not known");
        Line(text, "good() {");
        Line(text, "  [ \"$4\" = - ] || [ \"$(wc -c <\"$1\")\" -eq \"$4\" ] || return 1");
        Line(text, "  case \"$2\" in");
        Line(text, "    sha256) printf '%s  %s\\n' \"$3\" \"$1\" | sha256sum --check --status ;;");
        Line(text, "    md5) printf '%s  %s\\n' \"$3\" \"$1\" | md5sum --check --status ;;");
        Line(text, "    *) printf 'warning: no checksum is known for %s\\n' \"$1\" >&2 ;;");
        Line(text, "  esac");
        Line(text, "}");
        Line(text, "");
        Line(text, "# fetch NAME KIND SUM SIZE URL...: into the cache, from the first address that gives the right file");
        Line(text, "fetch() {");
        Line(text, "  local file=\"$cache/$1\" kind=\"$2\" sum=\"$3\" size=\"$4\" url");
        Line(text, "  shift 4");
        Line(text, "  if [ -f \"$file\" ] && [ \"$kind\" != - ] && good \"$file\" \"$kind\" \"$sum\" \"$size\"; then return 0; fi");
        Line(text, "  for url in \"$@\"; do");
        Line(text, $"    if curl --fail --location --proto '={(plainHttp ? "https,http" : "https")}' --retry 3 --continue-at - --output \"$file.part\" -- \"$url\"; then");
        Line(text, "      if good \"$file.part\" \"$kind\" \"$sum\" \"$size\"; then mv -f -- \"$file.part\" \"$file\"; return 0; fi");
        Line(text, "      printf 'warning: %s is not the expected file\\n' \"$url\" >&2");
        Line(text, "      rm -f -- \"$file.part\"");
        Line(text, "    fi");
        Line(text, "  done");
        Line(text, "  die \"could not get $file\"");
        Line(text, "}");
    }

    internal static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');

    /// <summary>A folder of the plan as a shell word: relative ones lie under $root.</summary>
    internal static string Folder(string path) => path.StartsWith('/') ? BashQuote.Word(path) : "\"$root\"/" + BashQuote.Word(path);

    internal static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
