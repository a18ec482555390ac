#!/usr/bin/env bash
# benchmarks/serve-load.sh [SECONDS [WIDTHxHEIGHT [QUERY [OPTION…]]]]: starts `segnext serve`, finds how many pictures a second it does,
# sends twice as many for a while (a minute unless said otherwise), and says what became of them. OPTIONs go to the server.
# It fails where a request got anything but 200, 429 or 503.
set -eu

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"
dotnet build -c Release -v quiet -clp:ErrorsOnly src/SegNeXt.Cli >&2
dotnet build -c Release -v quiet -clp:ErrorsOnly benchmarks/serve/SegNeXt.ServeLoad >&2

out=$(mktemp)
trap 'kill "$server" 2>/dev/null || true; rm -f "$out"' EXIT
dotnet artifacts/bin/SegNeXt.Cli/release/segnext.dll serve --port 0 --quiet "${@:4}" >"$out" &
server=$!
while [ ! -s "$out" ]; do
  kill -0 "$server"
  sleep 0.1
done

dotnet artifacts/bin/SegNeXt.ServeLoad/release/SegNeXt.ServeLoad.dll "$(cat "$out")" "${1:-60}" "${2:-480x360}" "${3:-}"
