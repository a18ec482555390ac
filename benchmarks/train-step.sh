#!/usr/bin/env bash
# A training step here beside the released model's graph in PyTorch eager: the two in turn, the ratio pair by pair.
#
#   benchmarks/train-step.sh [SIZE] [BATCH] [HxW] [PAIRS]      (t 2 360x480 5)
#
# PyTorch: PYTHON (default /usr/bin/python3, Debian's python3-torch), which uses the same libtorch as Debian's libtorch-dev.
set -eu

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
size=${1:-t} batch=${2:-2} crop=${3:-360x480} pairs=${4:-5}
threads=${THREADS:-2} steps=${STEPS:-6} classes=${CLASSES:-11} python=${PYTHON:-/usr/bin/python3}

median_of() { sed -n 's/.*"median_ms": \([0-9.]*\).*/\1/p' | head -n 1; }

ours() {
  "$root/segnext" bench --train --model "$size" --batch "$batch" --size "$crop" --classes "$classes" --threads "$threads" \
    --steps "$steps" "$@" --json | median_of
}

# The same spinning at OpenMP's barriers as here (src/SegNeXt.Torch/Interop/ProcessTuning.cs): with libgomp's default any
# neighbour on the machine would slow PyTorch down several times, and the comparison would be of that.
theirs() {
  (cd "$root/benchmarks/peers" && GOMP_SPINCOUNT=1000 "$python" train_step.py --size "$size" --batch "$batch" --height "${crop%x*}" \
    --width "${crop#*x}" --classes "$classes" --threads "$threads" --steps "$steps") | median_of
}

"$python" "$root/benchmarks/peers/check.py"
printf 'SegNeXt-%s, batch %s, %s, %s classes, %s threads; milliseconds a step (median of %s)\n' \
  "${size^^}" "$batch" "$crop" "$classes" "$threads" "$steps"
printf '%10s %10s %20s %8s\n' PyTorch here 'here, libtorch only' ratio
for ((i = 0; i < pairs; i++)); do
  p=$(theirs)
  h=$(ours)
  n=$(ours --kernels libtorch)
  awk -v p="$p" -v h="$h" -v n="$n" 'BEGIN { printf "%10.0f %10.0f %20.0f %8.2f\n", p, h, n, p / h }'
done
