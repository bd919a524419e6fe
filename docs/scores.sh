#!/usr/bin/env bash
# Perplexity after a cut and before recovery, by score, sparsity and seed: the table of docs/scores.md.
# usage: docs/scores.sh CHECKPOINT TEXT
set -euo pipefail
cd -- "$(dirname -- "$0")/.."
[ $# -eq 2 ] || { echo "usage: docs/scores.sh CHECKPOINT TEXT" >&2; exit 2; }
checkpoint=$1 text=$2
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

perplexity() { sed -n 's/.*"perplexity": *\([0-9.]*\).*/\1/p' | head -n 1; }
part() { head -c "$2" "$1" | tail -c +"$(($3 + 1))"; }

# Calibration takes the first 45 % of the text, evaluation the last 10 %.
size=$(stat -c %s "$text")
part "$text" $((size * 45 / 100)) 0 >"$work/calibration.txt"
part "$text" "$size" $((size * 90 / 100)) >"$work/held-out.txt"

measure() { ./slim eval docs/stories3m.slim.yaml --checkpoint "$1" --data "$work/held-out.txt" --json 2>/dev/null | perplexity; }

printf '| sparsity | score | seed 0 | seed 1 | seed 2 |\n|---|---|---|---|---|\n'
printf '| 0 | - | %.3f | | |\n' "$(measure "$checkpoint")"
for sparsity in 0.2 0.5; do
  for score in taylor l2 random; do
    printf '| %s | %s |' "$sparsity" "$score"
    for seed in 0 1 2; do
      ./slim prune docs/stories3m.slim.yaml --checkpoint "$checkpoint" --data "$work/calibration.txt" --seed "$seed" \
        --set "prune[0].score=$score" --set "prune[0].sparsity=$sparsity" --output "$work/$sparsity-$score-$seed" --json >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
      printf ' %.3f |' "$(measure "$work/$sparsity-$score-$seed")"
    done
    printf '\n'
  done
done
