#!/bin/sh
# Times SlimSpec against plain PyTorch on a LLaMA of 110M random parameters; README.md says how and what came out.
# usage: benchmarks/run.sh [--rounds N] [--realtime]
set -eu
cd "$(dirname "$0")"

missing=$(for package in python3-torch libblis4-openmp libtorch-dev libopenblas0-openmp g++ cmake; do
    dpkg -s "$package" >/dev/null 2>&1 || echo "$package"
done)
if [ -n "$missing" ]; then
    echo "installing" $missing >&2
    apt-get install -y --no-install-recommends $missing >&2
fi

dotnet build --configuration Release --verbosity quiet --nologo SlimSpec.Benchmarks >&2
mkdir -p .work
g++ -x c -O3 -march=native -ffast-math -fopenmp probe/bandwidth.c -o .work/bandwidth
if [ ! -e .work/checkpoint/model.safetensors ]; then
    /usr/bin/python3 pytorch/make_checkpoint.py .work/checkpoint
fi
exec /usr/bin/python3 driver/run.py "$@"
