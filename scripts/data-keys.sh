#!/usr/bin/env bash
# Makes a key that signs data: the private half goes to FILE, which stays with whoever signs; the public half becomes one of the two that the program carries.
# "next" is made long before it is needed: a release that carries it comes first, then data is signed with it, then it becomes "current".
# usage: scripts/data-keys.sh current|next FILE
set -euo pipefail
case "$#,${1:-}" in 2,current | 2,next) ;; *) sed -n 2,5p "$0" >&2; exit 2 ;; esac
[ ! -e "$2" ] || { echo "$2: is there already" >&2; exit 1; }
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
umask 077
openssl ecparam -name prime256v1 -genkey -noout -out "$2"
openssl ec -in "$2" -pubout -out "src/CudaCompat.Cli/DataKeys/$1.pem" 2>/dev/null
echo "src/CudaCompat.Cli/DataKeys/$1.pem: commit it. $2: keep it secret."
