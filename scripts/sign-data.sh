#!/usr/bin/env bash
# Publishes data/ as a signed set: matrix.bin, install.bin, index.json and index.json.sig, to be served from one folder (or carried on a stick).
# usage: scripts/sign-data.sh KEY OUT [DATA]     KEY: the private key (PEM, P-256); OUT: a folder; DATA: data/ of this repository
# DAYS=45 until the set expires; BUILT: the time of the signature, now if not set.
set -euo pipefail
[ $# -ge 2 ] || { sed -n 2,4p "$0" >&2; exit 2; }
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
key=$1 out=$2 data=${3:-$root/data}
version=$(sed -nE 's/.*"dataVersion": "([^"]+)".*/\1/p' "$data/manifest.json" | head -1)
tool=$(sed -nE 's:.*<Version>(.*)</Version>.*:\1:p' "$root/Directory.Build.props" | head -1)
built=${BUILT:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}
expires=$(date -u -d "$built + ${DAYS:-45} days" +%Y-%m-%dT%H:%M:%SZ)
mkdir -p "$out"
entry() { printf '{"name": "%s", "size": %s, "sha256": "%s"}' "$1" "$(stat -c %s "$data/$1")" "$(sha256sum "$data/$1" | cut -d' ' -f1)"; }
cp "$data/matrix.bin" "$data/install.bin" "$out/"
printf '{"schema": 1, "version": "%s", "built": "%s", "expires": "%s", "oldestTool": "%s", "files": [%s, %s]}\n' \
  "$version" "$built" "$expires" "$tool" "$(entry install.bin)" "$(entry matrix.bin)" > "$out/index.json"
openssl dgst -sha256 -sign "$key" -out "$out/index.json.sig" "$out/index.json"
echo "$out: data $version, signed $built, expires $expires"
