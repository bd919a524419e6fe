#!/bin/sh
# Times SlimSpec's LoRA step against plain PyTorch's on a pruned LLaMA of 110M random parameters; README.md says how and what came out.
# usage: benchmarks/training.sh [--rounds N] [--realtime]
set -eu
cd "$(dirname "$0")"
. ./setup.sh
exec /usr/bin/python3 driver/training.py "$@"
