#!/usr/bin/env bash
# The whole way against a real package index: plan, apply, verify, apply again, a run that is killed and resumed, rollback.
#
#   scripts/real-index.sh [FOLDER] [CASE...]      CASE: cpu, cuda, toolkit, uv; without one: all of them
#
# For whoever has an index in reach: it downloads a few GB into FOLDER/cache (default: a new folder below TMPDIR) and removes what it installs. A GPU is not
# needed: without one the kernel is not tried. CUDACOMPAT names the command (default: the tool of this tree), REAL_INDEX_PLAN adds options to every plan
# (--mirror tuna). Prints one table; exit code 1 where a line of it failed.
# shellcheck disable=SC2317  # the functions are called by step
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=${1:-$(mktemp -d)}
mkdir -p "$work" && work=$(cd "$work" && pwd) || exit 2
[ $# -gt 0 ] && shift
cases=("$@")
[ ${#cases[@]} -gt 0 ] || cases=(cpu cuda toolkit uv)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NO_COLOR=1

if [ -n "${CUDACOMPAT:-}" ]; then
  read -r -a tool <<<"$CUDACOMPAT"
else
  dotnet build "$root/src/CudaCompat.Cli" --verbosity quiet >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 2; }
  tool=(dotnet "$(find "$root/src/CudaCompat.Cli/bin/Debug" -name CudaCompat.Cli.dll -print -quit)")
fi
read -r -a more <<<"${REAL_INDEX_PLAN:-}"

python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])') || exit 2
machine=(--os linux --python "$python")
if nvidia-smi >/dev/null 2>&1; then gpu=1; else gpu=0; fi
# What a plan for CUDA is made for where this machine has no GPU; nothing of it is run.
[ "$gpu" = 1 ] || stand_in=(--driver 610.43.02 --gpu "RTX 4090")
[ "$gpu" = 0 ] || stand_in=()

rows=()
failed=0
# step CASE NAME COMMAND...: one line of the table
step() {
  local case=$1 name=$2 begin end result=ok
  shift 2
  begin=$(date +%s.%N)
  "$@" >"$work/$case-$name.log" 2>&1 || { result=FAILED; failed=1; }
  end=$(date +%s.%N)
  rows+=("$(printf '%-8s %-9s %-7s %7.1f  %s' "$case" "$name" "$result" "$(python3 -c "print($end - $begin)")" "$(tail -n 1 "$work/$case-$name.log" | cut -c1-90)")")
  printf '%s\n' "${rows[-1]}" >&2
  [ "$result" = ok ]
}

# picture FOLDER: every path with its kind, mode and content
picture() {
  [ -d "$1" ] || return 0
  (cd "$1" && find . -printf '%p %y %m %l\n' | LC_ALL=C sort && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum)
}

# apply CASE RUN OPTION...: in a folder of its own; the shell becomes the tool, so that its process is the tool's
apply() (
  case=$1 run=$2
  shift 2
  mkdir -p "$work/$case-$run" && cd "$work/$case-$run" || exit 2
  exec "${tool[@]}" apply "$work/$case.json" --journal "$work/$case-$run-journal" --cache "$work/cache" --yes --trust-plan "$@"
)

plan() { # plan CASE OPTION...: the plan, without the kernel where there is no GPU
  local case=$1
  shift
  "${tool[@]}" plan "${machine[@]}" "$@" "${more[@]}" --json >"$work/$case.full.json" || return 1
  GPU=$gpu python3 - "$work/$case.full.json" "$work/$case.json" <<'PROGRAM'
import json, os, sys
plan = json.load(open(sys.argv[1]))["plan"]
for step in plan["steps"]:
    if step["kind"] == "verify" and os.environ["GPU"] == "0":
        step["checks"] = [c for c in step["checks"] if c != "kernel"]
json.dump(plan, open(sys.argv[2], "w"))
stack = plan["stack"]
print(" ".join("%s %s" % (k, v) for k, v in stack.items() if v and k not in ("packaging", "compiles")))
PROGRAM
}

killed() { # killed CASE SECONDS: a run that is ended with SIGKILL half way
  local case=$1 process
  apply "$case" second >"$work/$case-killed-run.log" 2>&1 &
  process=$!
  sleep "$2"
  kill -KILL "$process" 2>/dev/null
  wait "$process" 2>/dev/null
  echo "killed after $2 s"
}

same() { # same FILE FOLDER
  picture "$2" | cmp - "$1"
}

for case in "${cases[@]}"; do
  case $case in
    cpu) request=(--gpu none --components "torch,torchvision") checks=torch,torchvision ;;
    cuda) request=("${stand_in[@]}" --components "torch,torchvision") checks=torch,torchvision ;;
    toolkit) request=("${stand_in[@]}" --components "toolkit,cudnn,torch" --toolkit-from pip --compiles) checks=nvcc,compile,cudnn,torch,extension ;;
    uv) request=("${stand_in[@]}" --components "toolkit,torch" --packaging uv --compiles) checks=nvcc,compile,torch ;;
    *) echo "$case is no case: cpu, cuda, toolkit, uv." >&2; exit 2 ;;
  esac
  rm -rf "$work/$case-first" "$work/$case-second" "$work/$case-first-journal" "$work/$case-second-journal"
  step "$case" plan plan "$case" "${request[@]}" || continue
  begin=$(date +%s)
  step "$case" apply apply "$case" first || continue
  duration=$(($(date +%s) - begin))
  step "$case" verify "${tool[@]}" verify --python-path "$work/$case-first/.venv" --checks "$checks"
  step "$case" again apply "$case" first
  # By now everything is in the cache, so half the time of the first run is late enough and not too late.
  step "$case" killed killed "$case" $((duration / 3 + 1))
  step "$case" resume apply "$case" second --resume
  step "$case" verified "${tool[@]}" verify --python-path "$work/$case-second/.venv" --checks "$checks"
  mkdir -p "$work/empty" && picture "$work/empty" >"$work/$case.before"
  for run in first second; do
    step "$case" "undo-$run" apply "$case" "$run" --rollback
    step "$case" "equal-$run" same "$work/$case.before" "$work/$case-$run"
  done
done

printf '\n%-8s %-9s %-7s %7s  %s\n' case step result seconds 'last line'
printf '%s\n' "${rows[@]}"
exit "$failed"
