#!/usr/bin/env bash
# Times the tool as whole native processes: a cold plan against a "hello world" built in the same way, and the batches on one core.
# Usage: processes.sh [RUNS]. Needs Linux x64 and the linker of clang or gcc.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
runs=${1:-100}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

linker=()
command -v clang >/dev/null || linker=(-p:CppCompilerAndLinker=gcc)
# The lock files of the checkout are for the managed build; the native one adds its compiler, so it locks elsewhere.
native=(-r linux-x64 -v quiet -p:PublishAot=true "${linker[@]}")

mkdir "$work/hello"
cat > "$work/hello/hello.csproj" <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
</Project>
XML
echo 'System.Console.WriteLine("Hello, World!");' > "$work/hello/Program.cs"
dotnet publish "$work/hello" "${native[@]}" -p:NuGetAudit=false -o "$work/hello/out" >/dev/null
dotnet publish src/CudaCompat.Cli "${native[@]}" -p:NuGetLockFilePath=obj/native.lock.json -p:RunAnalyzers=false -o "$work/tool" >/dev/null
dotnet build tests/CudaCompat.Benchmarks -c Release -v quiet -p:RunAnalyzers=false >/dev/null
benchmarks=tests/CudaCompat.Benchmarks/bin/Release/net10.0/CudaCompat.Benchmarks
tool=$work/tool/CudaCompat.Cli
hello=$work/hello/out/hello

echo "$(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg)"
echo "native tool: $(stat -c %s "$tool") bytes; hello world: $(stat -c %s "$hello") bytes; library: $(stat -c %s src/CudaCompat/bin/Release/net10.0/CudaCompat.dll) bytes"
echo "== cold, median of $runs runs in turn; the first is the measure of the others"
machine=(--os linux --arch x86_64 --driver 535.104.05 --gpu "RTX 4090" --python 3.12 --glibc 2.35)
"$benchmarks" time "$runs" "$hello" -- "$tool" plan "${machine[@]}" -- "$tool" plan --json "${machine[@]}" -- \
  "$tool" check --torch 2.8.0 --cuda cu126 "${machine[@]}" -- "$tool" --version

batch() { # batch NAME KIND LINES FILE: lines a second of one core, by processor time, and the most memory
  /usr/bin/time -o "$work/time" -f "%U %S %M" taskset -c 0 "$tool" "$2" --batch < "$4" > "$work/out"
  awk -v name="$1" -v lines="$3" '{ s = $1 + $2; printf "%-34s %7d lines, %6.2f s, %8.0f lines/s, %d KB\n", name, lines, s, lines / s, $3 }' "$work/time"
}

echo "== batches on one core"
"$benchmarks" lines plan 4000 > "$work/plan"
"$benchmarks" lines check 4000 > "$work/check"
"$tool" plan --batch < "$work/plan" > "$work/plan.out"
"$tool" check --batch < "$work/check" > "$work/check.out"
batch "plan, mixed (half are refused)" plan 4000 "$work/plan"
batch "check, mixed (most fail)" check 4000 "$work/check"
# The throughput of lines that have a plan, or that are sound, apart: a refusal also looks for its remedies.
with() { # with FILE VERDICT TIMES: the lines with that verdict, several times over
  grep -n "\"verdict\":\"$2\"" "$work/$1.out" | cut -d: -f1 | awk 'NR == FNR { keep[$1]; next } FNR in keep' - "$work/$1" > "$work/some"
  for _ in $(seq "$3"); do cat "$work/some"; done
}

with plan planned 10 > "$work/planned"
batch "plan, planned" plan "$(wc -l < "$work/planned")" "$work/planned"
with plan planned 50 > "$work/planned"
batch "plan, planned, five times as many" plan "$(wc -l < "$work/planned")" "$work/planned"
with check compatible 40 > "$work/compatible"
batch "check, compatible" check "$(wc -l < "$work/compatible")" "$work/compatible"
with check compatible 200 > "$work/compatible"
batch "check, compatible, five times" check "$(wc -l < "$work/compatible")" "$work/compatible"
