#!/usr/bin/env bash
# Self-contained builds of cudacompat with checksums: scripts/publish.sh [OUTPUT-FOLDER] [RUNTIME...]
#
#   linux-x64    one NativeAOT program (needs clang or gcc)
#   linux-arm64  one self-contained file with the .NET runtime in it; NativeAOT for ARM needs a cross linker and an ARM sysroot
#                (or an ARM machine, where this script makes it with NativeAOT)
#   win-x64      one self-contained file; NativeAOT for Windows can only be linked on Windows
#
# The same commit gives the same bytes: it is built from a clean copy of the tracked files, at a fixed path of the sources in the symbols.
# Trimming is on everywhere, so what is missing after trimming would be missing in every build and shows in tests/pack.sh.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=$(mkdir -p "${1:-$root/artifacts/publish}" && cd "${1:-$root/artifacts/publish}" && pwd)
[ $# -gt 0 ] && shift
runtimes=("$@")
[ ${#runtimes[@]} -gt 0 ] || runtimes=(linux-x64 linux-arm64 win-x64)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

case $(uname -m) in x86_64) host=linux-x64 ;; aarch64) host=linux-arm64 ;; *) host=none ;; esac
linker=clang
command -v clang > /dev/null || linker=gcc

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Without the lock files: they hold the packages of the plain build, not the runtimes of these.
git -C "$root" ls-files -z -- . ':!:*packages.lock.json' ':!:tests' ':!:samples' | (cd "$root" && tar --null -T - -cf -) | tar -xf - -C "$work"
commit=$(git -C "$root" rev-parse HEAD)

for runtime in "${runtimes[@]}"; do
  if [ "$runtime" = "$host" ]; then
    how=(-p:PublishAot=true -p:StripSymbols=true -p:CppCompilerAndLinker="$linker")
  else
    how=(-p:PublishAot=false -p:PublishSingleFile=true -p:PublishTrimmed=true -p:EnableCompressionInSingleFile=true)
  fi
  echo "== $runtime: ${how[0]#-p:}"
  dotnet publish "$work/src/CudaCompat.Cli" -c Release -r "$runtime" --self-contained -v q --nologo -o "$work/out/$runtime" \
    -p:RestorePackagesWithLockFile=false -p:ContinuousIntegrationBuild=true -p:PathMap="$work=/_" -p:SourceRevisionId="$commit" \
    -p:RunAnalyzers=false -p:DebugType=none -p:PackAsTool=false "${how[@]}"
  suffix=""
  [[ $runtime == win-* ]] && suffix=.exe
  mkdir -p "$out/$runtime"
  install -m 755 "$work/out/$runtime/CudaCompat.Cli$suffix" "$out/$runtime/cudacompat$suffix"
done

(cd "$out" && find . -type f -name 'cudacompat*' | sed 's|^\./||' | LC_ALL=C sort | xargs sha256sum > SHA256SUMS)
cat "$out/SHA256SUMS"
