#!/usr/bin/env bash
# scripts/publish.sh [RID [DIR [OPTION…]]]: the program as one self-contained file, which needs no .NET on the machine.
# RID is the system it is for (linux-x64, linux-arm64, win-x64, osx-arm64, …), this one unless said otherwise; DIR takes the
# file, artifacts/publish unless said otherwise; the rest goes to dotnet publish.
set -eu

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$root/scripts/common.sh"

find_dotnet
require_sdk
out=$(mkdir -p "${2:-$root/artifacts/publish}" && cd "${2:-$root/artifacts/publish}" && pwd -P)
options=(-o "$out")
[ -z "${1:-}" ] || options+=(-r "$1")
options+=("${@:3}")

say "Publishing (about a minute) …"
# An artifacts folder of its own, so that ./segnext and ./test find their builds as they left them.
mkdir -p "$root/artifacts"
(cd "$root" && logged publish dotnet publish src/SegNeXt.Cli --artifacts-path "$root/artifacts/publish-build" --disable-build-servers "${options[@]}")
ls -l "$out"/segnext "$out"/segnext.exe 2>/dev/null | awk '{ printf "%s  %.1f MB\n", $NF, $5 / 1e6 }'
