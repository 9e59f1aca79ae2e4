#!/usr/bin/env bash
# A real machine with an NVIDIA GPU, in at most five minutes: tests/device/run.sh CUDACOMPAT [RECORD]
#
#   CUDACOMPAT   the self-contained build (scripts/publish.sh); no SDK is needed here, only bash and Python 3
#   RECORD       where the record goes, one JSON document without names, addresses, UUIDs or paths (default: device-record.json)
#
# It detects, doctors, lists, plans, checks what is installed, verifies (a kernel on each GPU where torch is there), compares what NVML, nvidia-smi
# and /proc say, and, where an index is in reach (PIP_INDEX in the environment, or a bundle folder in CUDACOMPAT_WHEELS), installs a small plan into an
# environment of its own and rolls it back. Nothing outside a temporary folder is written. Exit 0: every check that could be made is ok.
set -uo pipefail
tool=${1:?the self-contained build of cudacompat}
record=${2:-device-record.json}
tool=$(cd "$(dirname "$tool")" && pwd)/$(basename "$tool")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
results=$work/results
: > "$results"

check() { # check NAME ACCEPTED-EXIT-CODES COMMAND...: runs one command, keeps its output, notes how it went
  local name=$1 accepted=" $2 " began=$SECONDS code
  shift 2
  timeout 120 "$@" > "$work/$name.out" 2> "$work/$name.err"
  code=$?
  local status=ok
  [[ $accepted == *" $code "* ]] || status=failed
  printf '%s\t%s\t%s\t%s\n' "$name" "$status" "$code" "$((SECONDS - began))" >> "$results"
  printf '%-12s %-7s exit %-4s %s s\n' "$name" "$status" "$code" "$((SECONDS - began))"
  [ "$status" = ok ] || tail -n 5 "$work/$name.err"
}

check version 0 "$tool" --version
check detect 0 "$tool" detect --json
check doctor "0 1" "$tool" doctor --json
check list 0 "$tool" list --json
check plan 0 "$tool" plan --json
check torch-plan 0 "$tool" plan --components torch,torchvision --json
check dry-run 0 env HOME="$work" "$tool" apply "$work/plan.out" --dry-run
if command -v nvcc > /dev/null; then
  check nvcc "0 1" "$tool" verify --checks nvcc,compile --json
fi
if python3 -c 'import torch' 2> /dev/null; then
  check torch "0 1" "$tool" verify --checks torch,kernel --json
fi

# The same facts from three places: what the tool found, nvidia-smi's own words, the kernel's file.
if command -v nvidia-smi > /dev/null; then
  nvidia-smi --query-gpu=name,driver_version,compute_cap --format=csv,noheader > "$work/smi.csv" 2> /dev/null
fi
head -n 1 /proc/driver/nvidia/version > "$work/proc.txt" 2> /dev/null

# An environment of its own, installed and undone, where packages are in reach.
if [ -n "${PIP_INDEX:-}" ]; then
  cat > "$work/apply.sh" <<'APPLY'
set -e
"$1" plan --components torch,torchvision --prefix "$2/stack" --json > "$2/apply.json"
"$1" apply "$2/apply.json" --yes --journal "$2/journal" --cache "$2/cache"
"$1" apply "$2/apply.json" --yes --rollback --journal "$2/journal" --cache "$2/cache"
test ! -e "$2/stack/venv"
APPLY
  check apply "0" timeout 240 env HOME="$work" bash "$work/apply.sh" "$tool" "$work"
fi

python3 - "$work" "$record" <<'PYTHON'
import json, os, re, sys

work, record = sys.argv[1:]


def text(name):
    path = os.path.join(work, name)
    return open(path, encoding="utf-8", errors="replace").read() if os.path.exists(path) else ""


def document(name):
    try:
        return json.loads(text(name + ".out"))
    except ValueError:
        return None


def clean(value):  # no UUIDs, no paths of a home folder
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items() if k not in ("uuid", "id")}
    if isinstance(value, list):
        return [clean(v) for v in value]
    if isinstance(value, str):
        return re.sub(r"(/home/|/root|/Users/)[^\s\"']*", "~", re.sub(r"GPU-[0-9a-f-]{36}", "GPU-…", value))
    return value


checks = [dict(zip(("name", "status", "exitCode", "seconds"), line.split("\t"))) for line in text("results").splitlines()]
machine = document("detect") or {}
smi = [[field.strip() for field in line.split(",")] for line in text("smi.csv").splitlines() if line.count(",") == 2]
proc = re.search(r"\b(\d{3}\.\d+(?:\.\d+)?)\b", text("proc.txt"))
disagree = []
if smi:
    if machine.get("driver") != smi[0][1]:
        disagree.append("driver: detect says %s, nvidia-smi %s" % (machine.get("driver"), smi[0][1]))
    found = sorted((g.get("name"), g.get("computeCapability")) for g in machine.get("gpus") or [])
    if found != sorted((name, capability) for name, _, capability in smi):
        disagree.append("GPUs: detect says %s, nvidia-smi %s" % (found, [(n, c) for n, _, c in smi]))
if proc and smi and proc.group(1) != smi[0][1]:
    disagree.append("driver: /proc says %s, nvidia-smi %s" % (proc.group(1), smi[0][1]))
plan = (document("plan") or {}).get("plan") or {}
result = {
    "version": text("version.out").strip(),
    "machine": clean(machine),
    "planned": clean(plan.get("stack")),
    "compatibility": plan.get("compatibility"),
    "doctor": clean([f.get("rule") for f in (document("doctor") or {}).get("findings", [])]),
    "torch": clean(document("torch")),
    "checks": checks,
    "disagree": disagree,
}
with open(record, "w", encoding="utf-8") as file:
    json.dump(result, file, indent=2, ensure_ascii=False)
    file.write("\n")
for line in disagree:
    print("disagree:", line)
failed = [c["name"] for c in checks if c["status"] != "ok"]
print("%d checks, %d failed, %d facts disagree; %s" % (len(checks), len(failed), len(disagree), record))
sys.exit(1 if failed or disagree else 0)
PYTHON
