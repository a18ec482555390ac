#!/usr/bin/env bash
# Builds, checks, times and trains on a machine with a GPU and a libtorch with CUDA, beside the released model's graph in PyTorch, and
# writes one table.
#
#   scripts/verify-cuda.sh [OPTION…]
#
#   --out DIR        where everything goes (artifacts/verify-cuda); run again, it goes on with the steps that are not done there
#   --device D       cuda, cuda:N, or cpu: the same with small sizes, for trying the script out (cuda)
#   --program FILE   the program as one self-contained file, made by scripts/publish.sh; artifacts/publish/segnext or ./segnext-program
#                    where there is one, else ./segnext, which needs .NET
#   --python FILE    a Python with PyTorch, whose libtorch is built against (python3)
#   --torch DIR      another libtorch: its folder, or what torch.utils.cmake_prefix_path says
#   --camvid DIR     CamVid, to train on; left out without
#   --libs DIR       a folder with libturbojpeg.so.0 and libspng.so.0, where the system has none
#   --sizes "t b"    sizes of the model ("t s b l")
#   --iterations N   of CamVid's runs (1200)
#   --minutes N      no step begins later than this (28)
#
# A step that fails is noted in the table and the others go on. Nothing but the native part is built, and nothing is downloaded.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
out=$root/artifacts/verify-cuda device=cuda program= python=python3 torch= camvid= libs= sizes= iterations= minutes=28
while [ $# -gt 0 ]; do
  case $1 in
    --out | --device | --program | --python | --torch | --camvid | --libs | --sizes | --iterations | --minutes)
      [ $# -ge 2 ] || { echo "verify-cuda.sh: $1 needs a value" >&2; exit 2; }
      declare "${1#--}=$2"
      shift 2
      ;;
    *) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
done

case $device in
  cpu) precisions="fp32 bf16" network=96x160 classes=5 train_size=64x96 train_batch=2 steps=2 runs=2 sizes=${sizes:-t} iterations=${iterations:-4} camvid_keys="train.batch=2 train.crop=64x96" ;;
  *) precisions="fp32 bf16 fp16" network=768x1536 classes=19 train_size=512x512 train_batch=16 steps=20 runs=30 sizes=${sizes:-t s b l} iterations=${iterations:-1200} camvid_keys="train.batch=16 train.crop=320x448" ;;
esac

mkdir -p "$out" && out=$(cd "$out" && pwd -P)
[ -z "$libs" ] || export LD_LIBRARY_PATH=$libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
for found in "$root/artifacts/publish/segnext" "$root/segnext-program"; do
  [ -n "$program" ] || { [ -x "$found" ] && program=$found; }
done
[ -n "$program" ] || program=$root/segnext
: "${torch:=$("$python" -c 'import torch; print(torch.utils.cmake_prefix_path)' 2>/dev/null)}"
native=$out/native
begin=$SECONDS

say() { printf '== %s\n' "$*" >&2; }

# step NAME SECONDS WHAT COMMAND…: runs a command once, its output in NAME.out, at most SECONDS long.
step() {
  local name=$1 limit=$2 what=$3 start=$SECONDS code
  shift 3
  [ ! -e "$out/$name.done" ] || return 0
  rm -f "$out/$name".{out,log,fault}
  if [ $((SECONDS - begin)) -ge $((minutes * 60)) ]; then
    echo "no time was left" >"$out/$name.fault"
    return 1
  fi

  say "$what"
  timeout -k 10 "$limit" bash -c '"$@"' _ "$@" >"$out/$name.out" 2>"$out/$name.log" </dev/null
  code=$?
  echo $((SECONDS - start)) >"$out/$name.seconds"
  if [ $code -eq 0 ]; then
    touch "$out/$name.done"
  else
    { [ $code -ne 124 ] || echo "it took longer than $limit s"; grep -v '^ *$' "$out/$name.log" | tail -n 1 || true; } | head -n 1 >"$out/$name.fault"
    [ -s "$out/$name.fault" ] || echo "it ended with code $code" >"$out/$name.fault"
    say "  failed: $(cat "$out/$name.fault")"
  fi

  return $code
}

machine() {
  uname -srm
  grep -m 1 'model name' /proc/cpuinfo | cut -d: -f2
  nproc
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null || true
  "$python" -c 'import torch; print("PyTorch", torch.__version__, "CUDA", torch.version.cuda, "cuDNN", torch.backends.cudnn.version())' 2>/dev/null || true
}

# By CMake, or where that or its make is missing by the compiler alone: the files are few.
build_native() {
  local generator=()
  command -v make >/dev/null || generator=(-G Ninja)
  if command -v cmake >/dev/null && { command -v make || command -v ninja; } >/dev/null; then
    # Nothing is kept of a build that failed, or that was for another libtorch.
    rm -rf "$out/native-build"
    # libtorch's headers take a compiler more than 1 GB of memory.
    cmake -S "$root/native" -B "$out/native-build" "${generator[@]}" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$torch" -DSEGNEXT_OUTPUT="$native" &&
      cmake --build "$out/native-build" --parallel 8
    return
  fi

  local base=$torch beside folder option standard=17 headers=() define=()
  [ -d "$base/include" ] || base=$(cd "$torch/../.." && pwd -P)
  beside=$(dirname "$base")
  # Later versions ask for C++20; the earliest do not compile as that.
  [ ! -e "$base/include/torch/headeronly/version.h" ] || standard=20
  local flags=(-std=c++$standard -I"$root/native/include" -I"$root/native/src" -isystem "$base/include" -isystem "$base/include/torch/csrc/api/include" -idirafter "$root/native/compat")
  ! grep -qs '_GLIBCXX_USE_CXX11_ABI=0' "$base/share/cmake/Torch/TorchConfig.cmake" || flags+=(-D_GLIBCXX_USE_CXX11_ABI=0)
  for folder in "$beside"/nvidia/*/include "$beside/triton/backends/nvidia/include" "${CUDA_HOME:-/usr/local/cuda}"/include{,/cccl}; do
    [ ! -d "$folder" ] || headers+=(-isystem "$folder")
  done

  # What compiles is what is built: CUDA graphs; and data-parallel training with NCCL, without it, or none.
  compiles() { # OPTION FILE…
    local file
    for file in "${@:2}"; do c++ "${flags[@]}" "${headers[@]}" "$1" -fsyntax-only "$root/native/src/$file" 2>/dev/null || return; done
  }
  if [ -e "$base/lib/libtorch_cuda.so" ] && compiles -DSEGNEXT_CUDA_HEADERS graph.cpp; then define=(-DSEGNEXT_CUDA_HEADERS); else headers=(); fi
  for option in -DSEGNEXT_WITH_NCCL -USEGNEXT_WITH_NCCL -DSEGNEXT_WITHOUT_DISTRIBUTED; do
    if { [ "$option" != -DSEGNEXT_WITH_NCCL ] || [ ${#headers[@]} -gt 0 ]; } && compiles "$option" distributed.cpp reducer.cpp; then
      define+=("$option")
      break
    fi
  done

  mkdir -p "$native"
  local libraries=(-ltorch -ltorch_cpu -lc10)
  [ ! -e "$base/lib/libtorch_cuda.so" ] || libraries+=(-ltorch_cuda -lc10_cuda)
  printf '%s\n' "$root"/native/src/*.cpp | xargs -P 8 -I{} sh -c 'c++ "$@" -O2 -fPIC -fopenmp -fno-math-errno -fvisibility=hidden -c "{}" -o "'"$native"'/$(basename "{}").o"' _ "${flags[@]}" "${headers[@]}" "${define[@]}" &&
    c++ -shared -o "$native/libsegnext_torch.so" "$native"/*.o -Wl,--no-as-needed -L"$base/lib" -Wl,-rpath,"$base/lib" "${libraries[@]}"
}

peer() { (cd "$root/benchmarks/peers" && GOMP_SPINCOUNT=1000 "$python" on_device.py --device "$device" "$@"); }

camvid() { # NAME PRECISION
  local keys=() resume=() key
  for key in $camvid_keys "train.iterations=$iterations" "eval.interval=$iterations" "checkpoint.interval=$iterations" train.warmup_iterations=100; do keys+=(--set "$key"); done
  [ ! -e "$out/$1/last" ] || resume=(--resume)
  "$program" train "$root/configs/camvid-t.yaml" --set data.root="$camvid" --device "$device" --precision "$2" "${keys[@]}" "${resume[@]}" --out "$out/$1" --quiet
}

# `timeout` runs programs; the functions above are for a shell of its own.
export -f machine build_native peer camvid
export root out device python torch camvid program native iterations camvid_keys

step machine 60 "This machine" machine
step native 600 "Building the native part against $torch" build_native
export SEGNEXT_NATIVE=$native
step program 600 "The program" "$program" check --json

for precision in $precisions; do
  step "check-$precision" 300 "Numbers in $precision" "$program" check --device "$device" --golden "$root/tests/golden" --precision "$precision" --sizes "${sizes// /,}" --json
done

if command -v dotnet >/dev/null && [ "$device" != cpu ] && [ ! -e "$out/tests.done" ]; then
  step tests 600 "The tests that need a GPU" dotnet test "$root/tests/SegNeXt.Torch.Tests" -c Release
fi

first=${sizes%% *}
for size in $sizes; do
  step "network-$size" 240 "Inference of $size here" "$program" bench --sweep --device "$device" --model "$size" --classes "$classes" --size "$network" --json
  ways=eager,graph
  [ "$size" != "$first" ] || ways=eager,graph,compile
  step "network-$size-torch" 420 "Inference of $size in PyTorch" peer --task network --size "$size" --classes "$classes" --height "${network%x*}" --width "${network#*x}" --runs "$runs" --ways "$ways"
done

if [ -n "$camvid" ]; then
  rm -f "$out/camvid.fault"
  for precision in ${precisions/ fp16/}; do
    step "camvid-$precision" 420 "CamVid, $iterations iterations in $precision" camvid "camvid-$precision" "$precision"
    for how in $precisions; do
      step "eval-$precision-$how" 180 "Evaluating the $precision weights in $how" "$program" eval --weights "$out/camvid-$precision/best.safetensors" \
        --config "$root/configs/camvid-t.yaml" --set data.root="$camvid" --device "$device" --precision "$how" --engine torch --confusion "$out/confusion.png" --json
    done
  done
  step predict 180 "Predicting" "$program" predict --weights "$out/camvid-bf16/best.safetensors" --device "$device" --engine torch --out "$out/masks" "$camvid/val/images"
else
  echo "no --camvid was given, so nothing was trained" >"$out/camvid.fault"
fi

for size in $sizes; do
  for precision in $precisions; do
    step "train-$size-$precision" 180 "A training step of $size in $precision here" "$program" bench --train --device "$device" --model "$size" --precision "$precision" \
      --batch "$train_batch" --size "$train_size" --steps "$steps" --classes 150 --json
  done
  ways=eager
  [ "$size" != "$first" ] || ways=eager,compile
  step "train-$size-torch" 420 "A training step of $size in PyTorch" peer --task train --size "$size" --classes 150 --batch "$train_batch" --height "${train_size%x*}" --width "${train_size#*x}" \
    --runs "$steps" --ways "$ways"
done

"$python" "$root/benchmarks/peers/device_table.py" "$out"
