#!/usr/bin/env bash
# Times "cudacompat apply" on a plan of large archives from a server on loopback against curl and tar on the same archives, with the memory
# that the tool takes at most. Usage: download-unpack.sh [MEGABYTES]. Needs Linux, python3, curl, tar, xz and about nine times that much disk.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
megabytes=${1:-2048}
work=$(mktemp -d -p "${TMPDIR:-/tmp}")
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

dotnet build src/CudaCompat.Cli -c Release -v quiet -p:RunAnalyzers=false >/dev/null
tool=$PWD/src/CudaCompat.Cli/bin/Release/net10.0/CudaCompat.Cli.dll

# Real machine code, packed once as upstream packs it; each archive is its own header and folder around as many copies as it takes.
mkdir "$work/www" "$work/code"
{ find /usr/lib /usr/share/dotnet -type f \( -name '*.so*' -o -name '*.dll' -o -perm -u+x \) -print0 | sort -z | xargs -0 cat || true; } 2>/dev/null | head -c 64M >"$work/code/payload"
xz --threads=1 --stdout "$work/code/payload" >"$work/code/payload.xz"
python3 - "$work" "$megabytes" <<'PROGRAM'
import hashlib, io, json, lzma, os, sys, tarfile
work, wanted = sys.argv[1], int(sys.argv[2]) << 20
payload = os.path.join(work, "code/payload")
size, packed = os.path.getsize(payload), open(payload + ".xz", "rb").read()
assert size % 512 == 0
count, copies = 8, max(1, wanted // 8 // len(packed))
steps, unpacked = [], 0
for number in range(count):
    name = "cuda_part%d-linux-x86_64-1.0.%d-archive" % (number, number)
    parts = []
    for copy in range(copies):
        entry = tarfile.TarInfo("%s/lib/part%d/code%d.bin" % (name, number, copy))
        entry.size, entry.mode, entry.mtime = size, 0o644, 1755691200
        parts.append(entry.tobuf())
    file, digest, length = os.path.join(work, "www", name + ".tar.xz"), hashlib.sha256(), 0
    with open(file, "wb") as out:
        for part in [piece for header in parts for piece in (lzma.compress(header), packed)] + [lzma.compress(b"\0" * 1024)]:
            out.write(part)
            digest.update(part)
            length += len(part)
    unpacked += size * copies
    steps.append({"kind": "download", "component": "toolkit", "version": "1.0", "url": "http://127.0.0.1:PORT/" + name + ".tar.xz", "fileName": name + ".tar.xz",
                  "checksum": {"kind": "sha256", "value": digest.hexdigest()}, "size": length})
names = [step["fileName"] for step in steps]
steps.append({"kind": "toolkit", "component": "toolkit", "version": "1.0", "method": "redist", "prefix": os.path.join(work, "ours"), "archives": names})
open(os.path.join(work, "names"), "w").write("\n".join(names) + "\n")
json.dump({"stack": {"toolkit": "1.0"}, "compatibility": "full", "steps": steps}, open(os.path.join(work, "plan.json"), "w"))
print("%d archives, %d bytes packed, %d unpacked" % (count, sum(s["size"] for s in steps[:-1]), unpacked))
PROGRAM

python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$work/www" >"$work/server.log" 2>&1 &
server=$!
until port=$(sed -nE 's/.* port ([0-9]+) .*/\1/p' "$work/server.log") && [ -n "$port" ]; do sleep 0.1; done
sed -i "s/PORT/$port/g" "$work/plan.json"

# Both write to the disk in the end; sync makes the last of it count for both.
baseline() {
  mkdir "$work/theirs" "$work/fetched"
  while read -r name; do
    curl --silent --show-error --fail --output "$work/fetched/$name" "http://127.0.0.1:$port/$name"
    tar --extract --file "$work/fetched/$name" --directory "$work/theirs" --strip-components 1
  done <"$work/names"
  sync -f "$work/theirs"
}
cat "$work"/www/* >/dev/null # both find the archives in memory
echo "$(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg), $(xz --version | head -n 1)"
sync
start=$(date +%s.%N)
baseline
middle=$(date +%s.%N)
rm -rf "$work/fetched"
sync
begin=$(date +%s.%N)
dotnet "$tool" apply "$work/plan.json" --yes --journal "$work/journal" --cache "$work/cache" >"$work/out" 2>"$work/err" &
apply=$!
peak=0
while kill -0 "$apply" 2>/dev/null; do
  memory=$(ps -o rss= -p "$apply" --ppid "$apply" | awk '{ sum += $1 } END { print sum + 0 }') # with the programs that it started
  [ "$memory" -le "$peak" ] || peak=$memory
  sleep 0.2
done
wait "$apply" || { cat "$work/out" "$work/err"; exit 1; }
end=$(date +%s.%N)
diff --recursive --brief "$work/theirs/lib" "$work/ours/lib"
awk -v a="$start" -v b="$middle" -v c="$begin" -v d="$end" -v p="$peak" \
  'BEGIN { printf "curl + tar: %.1f s\ncudacompat apply: %.1f s, %.2f times; at most %.0f MB of memory, programs that it started included\n", b - a, d - c, (d - c) / (b - a), p / 1024 }'
cat "$work/out"
