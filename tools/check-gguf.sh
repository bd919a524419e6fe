#!/usr/bin/env bash
# Checks GGUF exports against stock llama.cpp: a LLaMA checkpoint is cut unevenly (graph deci: widths, heads and biases of
# their own in each layer, one layer without attention) and evenly (graph llama), exported as F32, and run in llama.cpp with
# one thread and an F32 cache. Tokens and greedy text must be equal, perplexity to three decimals.
#   tools/check-gguf.sh MODEL TEXT [DTYPE]
# MODEL: folder of a LLaMA in Hugging Face layout with six layers or more; TEXT: its first 40 KB are scored; DTYPE: also try
# this one (f16, bf16, q8_0) and print what it costs. Needs node 20 and npm, which fetches node-llama-cpp once.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
model=$(readlink -f -- "$1")
cache=${SLIMSPEC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/slimspec}/node-llama-cpp-3.22.1
if [ ! -d "$cache/node_modules/@node-llama-cpp/linux-x64" ]; then
  mkdir -p -- "$cache"
  npm install --prefix "$cache" --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error \
    node-llama-cpp@3.22.1 @node-llama-cpp/linux-x64@3.22.1 >&2
fi

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
head -c 40960 -- "$2" | iconv -c -f utf-8 -t utf-8 >"$work/text.txt"
prompt='Once upon a time'
spec() { # NAME: the cuts come from standard input
  printf 'spec: 1\nname: %s\nmodel: { architecture: llama, config: %s/config.json }\n' "$1" "$model"
  printf 'calibration: { dataset: text.txt, num_samples: 8, max_seq_length: 64 }\nevaluate: { dataset: text.txt, window: 512 }\nprune:\n'
  cat
}
spec Uneven >"$work/deci.slim.yaml" <<'CUTS'
  - { cut: width, targets: [mlp], score: flap, sparsity: 0.15, scope: global, compensate: bias }
  - { cut: width, targets: [attention], score: flap, sparsity: 0.5, layers: "3", compensate: bias }
  - { cut: width, targets: [query_heads], score: l2, sparsity: 0.34, layers: "5" }
  - { cut: depth, unit: attention, layers: "0, 2..5" }
CUTS
spec Uniform >"$work/llama.slim.yaml" <<'CUTS'
  - { cut: width, targets: [mlp], score: flap, sparsity: 0.1, compensate: bias }
  - { cut: width, targets: [query_heads], score: taylor, sparsity: 0.34 }
CUTS

status=0
for graph in deci llama; do
  slim() { local command=$1; shift; "$root/slim" "$command" "$work/$graph.slim.yaml" "$@"; }
  slim prune --checkpoint "$model" --output "$work/$graph" --json >/dev/null
  slim eval --checkpoint "$work/$graph" --protocol llama_cpp --json >"$work/eval.json"
  slim generate --checkpoint "$work/$graph" --prompt "$prompt" --max-tokens 100 --json >"$work/text.json" 2>/dev/null
  for dtype in f32 ${3:-}; do
    slim export --checkpoint "$work/$graph" --format gguf --dtype "$dtype" --output "$work/$graph-$dtype.gguf" --json >"$work/export.json"
    (cd -- "$cache" && node "$root/tools/check-gguf/llama.mjs" "$work/$graph-$dtype.gguf" "$work/text.txt" 512 "$prompt" 100) >"$work/llama.json"
    node "$root/tools/check-gguf/compare.mjs" "$graph" "$dtype" "$work" || status=1
  done
done
exit $status
