#!/usr/bin/env bash
# Brings ONNX Runtime's library into artifacts/peers, which git ignores: the npm package onnxruntime-node carries it.
# Tests of exported ONNX files and the benchmarks beside peers find it there; SEGNEXT_ONNXRUNTIME names another one.
set -eu
version=${1:-1.30.0}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
folder="$root/artifacts/peers"
package="$folder/node_modules/onnxruntime-node"

if ! command -v npm >/dev/null 2>&1; then
  echo "install.sh: npm is missing (Debian: apt-get install -y npm); or set SEGNEXT_ONNXRUNTIME to a libonnxruntime.so." >&2
  exit 2
fi
if ! grep -qs "\"version\": \"$version\"" "$package/package.json"; then
  mkdir -p "$folder"
  # Without its own install script, which would fetch GPU libraries.
  npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --no-save --loglevel error "onnxruntime-node@$version" >&2
fi

case $(uname -m) in
  x86_64) machine=x64 ;;
  aarch64) machine=arm64 ;;
  *) machine=$(uname -m) ;;
esac
library=$(ls "$package"/bin/napi-v*/linux/"$machine"/libonnxruntime.so* 2>/dev/null | head -n 1)
if [ -z "$library" ]; then
  echo "install.sh: onnxruntime-node $version has no library for linux/$machine." >&2
  exit 2
fi
echo "$library"
