#!/usr/bin/env bash
# scripts/camvid-init.sh WEIGHTS CAMVID OUT [ITERATIONS [THREADS]]: what an encoder trained on image classification is worth.
# CamVid is trained three times (seeds 0 to 2) from WEIGHTS and three times from random weights, all else equal, each for
# ITERATIONS (400 unless said otherwise) with THREADS (2); runs go to OUT, finished ones are left as they are, stopped ones
# go on. Prints each run's last validation mIoU, and the mean of the differences.
set -eu

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
[ $# -ge 3 ] || { sed -n '2,5p' "${BASH_SOURCE[0]}" | cut -c3- >&2; exit 2; }
weights=$1 camvid=$2 out=$3 iterations=${4:-400} threads=${5:-2}

run() { # NAME SEED [OPTION…]
  local folder=$out/$1-$2
  local options=(--out "$folder")
  [ ! -e "$folder/last" ] || options+=(--resume)
  "$root/segnext" train "$root/configs/camvid-t.yaml" --quiet --threads "$threads" --seed "$2" --set data.root="$camvid" \
    --set train.iterations="$iterations" --set eval.interval="$iterations" --set checkpoint.interval=100 "${options[@]}" "${@:3}" > /dev/null
  miou "$folder"
}

miou() { grep -o '"mIoU":[0-9.eE+-]*' "$1/log.jsonl" | tail -n 1 | cut -d: -f2; }

printf 'seed  random  from %s\n' "$(basename "$weights")"
for seed in 0 1 2; do
  random=$(run random "$seed")
  init=$(run init "$seed" --init "$weights")
  printf '%4s  %.4f  %.4f\n' "$seed" "$random" "$init"
  printf '%s %s\n' "$random" "$init"
done | awk 'NF == 2 { n++; d = $2 - $1; s += d; q += d * d; next } { print } END { m = s / n; printf "gain in mIoU: %.4f ± %.4f (mean and standard deviation of %d)\n", m, (n > 1 ? sqrt((q - n * m * m) / (n - 1)) : 0), n }'
