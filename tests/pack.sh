#!/usr/bin/env bash
# The packages as users get them: packs the library and the tool into a folder, then installs, runs, updates and removes the tool from that
# folder, and runs the README's C# in fresh console projects of .NET 8, 9 and 10 and a fresh NativeAOT project that know nothing but the package.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
feed=$work/feed
mkdir "$feed"

say() { echo "-- $*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
has() { # has TEXT FILE: the file has the text
  grep -qF -- "$1" "$2" || { cat "$2" >&2; fail "'$1' is missing"; }
}

# A version of its own, so that no package of an earlier run is taken out of the package cache for this one.
version=0.0.1-check.$(date +%s).$$
say "pack $version"
for project in CudaCompat CudaCompat.Cli; do
  dotnet pack "$root/src/$project" -c Release -v q --nologo -o "$feed" -p:Version="$version" -p:RunAnalyzers=false
done
for package in "$feed"/*; do
  echo "   $(basename "$package"): $(stat -c %s "$package") bytes"
done

unzip -Z1 "$feed/CudaCompat.$version.nupkg" > "$work/contents"
for file in README.md icon.png LICENSE lib/net8.0/CudaCompat.dll lib/net8.0/CudaCompat.xml lib/net10.0/CudaCompat.dll lib/net10.0/CudaCompat.xml schema/machine.schema.json schema/plan.schema.json; do
  grep -qxF "$file" "$work/contents" || fail "the package has no $file"
done
unzip -Z1 "$feed/CudaCompat.$version.snupkg" > "$work/symbols"
for target in net8.0 net10.0; do
  grep -qxF "lib/$target/CudaCompat.pdb" "$work/symbols" || fail "the symbol package has no symbols for $target"
done

say "the tool: install, run, update, remove"
tools=$work/tools
dotnet tool install CudaCompat.Tool --tool-path "$tools" --source "$feed" --version "$version" -v q
code=0
"$tools/cudacompat" plan --os linux --arch x86_64 --driver 550.54.15 --gpu "RTX 3090" --python 3.12 > "$work/plan" || code=$?
[ "$code" -eq 0 ] || fail "cudacompat plan exits $code"
has "pip install torch==" "$work/plan"
code=0
"$tools/cudacompat" plan --os macos > /dev/null || code=$?
[ "$code" -eq 3 ] || fail "a refusal exits $code, not 3"
newer=$version.1
dotnet pack "$root/src/CudaCompat.Cli" -c Release -v q --nologo --no-build -o "$feed" -p:Version="$newer"
dotnet tool update CudaCompat.Tool --tool-path "$tools" --source "$feed" --version "$newer" -v q
dotnet tool list --tool-path "$tools" > "$work/list"
has "$newer" "$work/list"
"$tools/cudacompat" data > "$work/data"
has "newest torch" "$work/data"
dotnet tool uninstall CudaCompat.Tool --tool-path "$tools" > /dev/null
[ ! -e "$tools/cudacompat" ] || fail "the tool is still there after its removal"

# The machine is given, so that the README's lines do the same everywhere, and the run changes nothing.
cat > "$work/machine.json" <<'JSON'
{ "os": "linux", "arch": "x86_64", "glibc": "2.35", "driver": "550.54.15", "python": "3.12", "gpus": [ { "name": "NVIDIA GeForce RTX 3090" } ] }
JSON
export CUDACOMPAT_MACHINE=$work/machine.json XDG_STATE_HOME=$work/state XDG_CACHE_HOME=$work/cache
# Packages land in a folder of this run, on top of what the machine has already.
export RestoreFallbackFolders=${NUGET_PACKAGES:-$HOME/.nuget/packages}

scratch() { # scratch NAME TARGET PROPERTIES: a project with the README's C# as its program
  local folder=$work/$1
  mkdir "$folder"
  cat > "$folder/$1.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>$2</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <NuGetAudit>false</NuGetAudit>
    <RestorePackagesPath>$work/packages</RestorePackagesPath>
    <RestoreAdditionalProjectSources>$feed</RestoreAdditionalProjectSources>
    $3
  </PropertyGroup>
  <ItemGroup><PackageReference Include="CudaCompat" Version="$version" /></ItemGroup>
</Project>
XML
  awk '/^```csharp$/ { on = 1; next } /^```$/ { if (on) exit } on' "$root/README.md" > "$folder/Program.cs"
  grep -q "Resolver.Plan" "$folder/Program.cs" || fail "the README's C# block was not found"
  cat >> "$folder/Program.cs" <<'CS'

Console.WriteLine($"torch {plan.Stack.Torch}+{plan.Stack.CudaTag}");
foreach (var step in report.Steps)
    Console.WriteLine($"{step.Outcome} {step.Kind} {step.Component} {step.Version}");
Console.WriteLine($"execution {report.Outcome}");
foreach (var check in proof.Checks)
    Console.WriteLine($"check {check.Name} {check.Status}");
CS
}

expect() { # expect FILE: what the README's lines say on the given machine
  has "NVIDIA GeForce RTX 3090" "$1"
  has "WouldRun torch" "$1"
  has "execution DryRun" "$1"
  has "check " "$1"
}

say "the README's C# in a console project"
scratch Console net10.0 ""
dotnet run --project "$work/Console" -v q > "$work/console.out" || { cat "$work/console.out"; fail "the console project"; }
expect "$work/console.out"

# With their own runtimes, taken from the feed as any self-contained program takes them: this machine has that of .NET 10 alone.
rid=$(dotnet --info | sed -nE 's/^ *RID: +//p')
for target in net8.0 net9.0; do
  say "the README's C# in a console project of $target, on the runtime of $target"
  scratch "Old$target" "$target" "<RuntimeIdentifier>$rid</RuntimeIdentifier><SelfContained>true</SelfContained><InvariantGlobalization>true</InvariantGlobalization>"
  dotnet build "$work/Old$target" -v q -o "$work/$target" > "$work/$target.log" || { cat "$work/$target.log"; fail "$target"; }
  "$work/$target/Old$target" > "$work/$target.out"
  diff "$work/console.out" "$work/$target.out" || fail "$target prints something else"
done

if command -v clang > /dev/null || command -v gcc > /dev/null; then
  say "the README's C# in a NativeAOT project"
  linker=clang
  command -v clang > /dev/null || linker=gcc
  scratch Native net10.0 "<PublishAot>true</PublishAot><InvariantGlobalization>true</InvariantGlobalization><CppCompilerAndLinker>$linker</CppCompilerAndLinker>"
  dotnet publish "$work/Native" -v q -o "$work/native" > "$work/native.log" || { cat "$work/native.log"; fail "NativeAOT"; }
  "$work/native/Native" > "$work/native.out"
  expect "$work/native.out"
  diff "$work/console.out" "$work/native.out" || fail "NativeAOT prints something else"
  echo "   native program: $(stat -c %s "$work/native/Native") bytes"
else
  echo "   NativeAOT: left out, there is no C linker"
fi
echo "packages: good"
