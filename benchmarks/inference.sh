#!/usr/bin/env bash
# The managed engine beside ONNX Runtime and PyTorch eager, interleaved in one run; prints Markdown tables.
#
#   benchmarks/inference.sh [--sizes t,b] [--rounds 8] [--runs 5] [--threads 2] [--largest yes|no] [--spinning yes|no]
#
# ONNX Runtime comes from npm (benchmarks/peers/install.sh). PyTorch: PYTHON (default /usr/bin/python3, Debian's python3-torch).
# The weights are random: the time does not depend on what the network has learned.
set -eu

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
python=${PYTHON:-/usr/bin/python3}
folder="$root/artifacts/peers/models"
sizes=t,b
for ((i = 1; i < $#; i++)); do
  if [ "${!i}" = --sizes ]; then j=$((i + 1)) && sizes=${!j}; fi
done

library=${SEGNEXT_ONNXRUNTIME:-$("$root/benchmarks/peers/install.sh")}
mkdir -p "$folder"

# export_to FILE OPTIONS…
export_to() { "$root/segnext" export --quiet --format onnx -o "$@" >&2; }
model() { "$root/segnext" export --quiet --model "$1" --classes "$2" -o "$folder/$1-$2.pth" >&2 &&
  "$root/segnext" import --quiet "$folder/$1-$2.pth" -o "$folder/$1-$2.safetensors" >&2; }

for size in $(printf "%s\n" t ${sizes//,/ } | sort -u); do
  model "$size" 150
  export_to "$folder/$size-150-512x512.onnx" --weights "$folder/$size-150.safetensors" --size 512x512
done
model t 19
export_to "$folder/t-19-1024x2048.onnx" --weights "$folder/t-19.safetensors" --size 1024x2048
export_to "$folder/t-19-1024x2048-argmax.onnx" --weights "$folder/t-19.safetensors" --size 1024x2048 --argmax

if "$python" -c 'import torch' 2>/dev/null; then "$python" "$root/benchmarks/peers/check.py"; fi
dotnet build "$root/benchmarks/peers/SegNeXt.Peers" -c Release -v quiet -clp:NoSummary --disable-build-servers >&2
exec dotnet "$root/artifacts/bin/SegNeXt.Peers/release/SegNeXt.Peers.dll" --folder "$folder" --library "$library" --python "$python" \
  --script "$root/benchmarks/peers/infer.py" "$@"
