#!/usr/bin/env bash
# Trains SegNeXt-T with each decoder, head and attention of the paper's Tables 5 to 8 on CamVid, and its rival SegFormer-B0,
# all with the same small budget and seed, and prints the results as a table: validation mIoU, parameters, multiply-adds at 360x480.
#   scripts/variants.sh DATA OUT [KEY=VALUE …]     DATA: the CamVid folder; OUT: where the runs go; further keys for every run
#
# A variant whose run is finished is not trained again, and one that was interrupted goes on. ONLY="nl lka" names a choice,
# SEGNEXT another program than this checkout's.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ $# -ge 2 ] || { echo "usage: scripts/variants.sh DATA OUT [KEY=VALUE …]" >&2; exit 2; }
data=$1 out=$2
segnext=${SEGNEXT:-$root/segnext}
shift 2

extra=()
for pair in "$@"; do extra+=(--set "$pair"); done

# name|what it is|keys
variants() {
  cat <<'LIST'
ham|Ham, the paper's|
cc|CC|model.decoder=cc
ema|EMA|model.decoder=ema
nl|NL|model.decoder=nl
msca|MSCA as head|model.decoder=msca
mlp|(a) all-MLP|model.decoder=mlp
b|(b) Ham on stage 4|model.decoder_stages=[4]
aspp|(b) ASPP|model.decoder=aspp
psp|(b) PSP|model.decoder=psp
da|(b) DA|model.decoder=da
stage1|(c) with stage 1|model.decoder_stages=[1,2,3,4]
branch7|7×7 branch alone|model.branches=[7]
branch11|11×11 branch alone|model.branches=[11]
branch21|21×21 branch alone|model.branches=[21]
no-mixing|without the 1×1|model.channel_mixing=false
no-attention|without the product|model.gating=false
lka|large kernel (w/o MSCA)|model.attention=lka
segformer-b0|SegFormer-B0|model.size=segformer-b0
LIST
}

field() { sed -n "s/.*\"$1\": *\\([0-9.eE+-]*\\).*/\\1/p" | tail -n 1; }

row() {
  local run=$out/$1 figures
  figures=$($segnext info --weights "$run/best.safetensors" --size 360x480 --json 2>/dev/null)
  printf '| %s | %s | %s | %s | %s |\n' "$2" \
    "$(grep '"mIoU"' "$run/log.jsonl" | field mIoU | awk '{ printf "%.3f", $1 }')" \
    "$(grep '"mIoU"' "$run/log.jsonl" | field aAcc | awk '{ printf "%.3f", $1 }')" \
    "$(sed -n 's/^  "parameters": *\([0-9]*\).*/\1/p' <<<"$figures" | awk '{ printf "%.2f", $1 / 1e6 }')" \
    "$(sed -n 's/^  "gmacs": *\([0-9.]*\).*/\1/p' <<<"$figures" | awk '{ printf "%.2f", $1 }')"
}

chosen() { [ -z "${ONLY:-}" ] || [[ " $ONLY " == *" $1 "* ]]; }

while IFS='|' read -r name what keys; do
  chosen "$name" || continue
  [ -e "$out/$name/best.safetensors" ] && grep -q '"mIoU"' "$out/$name/log.jsonl" && continue
  resume=()
  [ -e "$out/$name/last" ] && resume=(--resume)
  echo "== $name ($what)" >&2
  $segnext train "$root/configs/ablation/camvid-small.yaml" --set "data.root=$data" ${keys:+--set "$keys"} \
    "${extra[@]}" "${resume[@]}" --out "$out/$name" </dev/null >&2
done < <(variants)

printf '| variant | mIoU | aAcc | parameters, M | G multiply-adds |\n|---|---|---|---|---|\n'
while IFS='|' read -r name what _; do
  chosen "$name" && [ -e "$out/$name/best.safetensors" ] && row "$name" "$what"
done < <(variants)
