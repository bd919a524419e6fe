#!/bin/sh
# Times SlimSpec against plain PyTorch on a LLaMA of 110M random parameters; README.md says how and what came out.
# usage: benchmarks/run.sh [--rounds N] [--realtime]
set -eu
cd "$(dirname "$0")"

. ./setup.sh
g++ -x c -O3 -march=native -ffast-math -fopenmp probe/bandwidth.c -o .work/bandwidth
exec /usr/bin/python3 driver/run.py "$@"
