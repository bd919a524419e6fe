#!/bin/sh
# Perplexity after a cut and before any recovery, by score, amount and seed: the tables of docs/scores.md.
# usage: benchmarks/scores.sh CHECKPOINT TEXT   the model of docs/stories3m.slim.yaml and a text that it knows the kind of
set -eu
[ $# -eq 2 ] || { echo "usage: benchmarks/scores.sh CHECKPOINT TEXT" >&2; exit 2; }
checkpoint=$(cd "$1" && pwd)
text=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
cd "$(dirname "$0")"
dotnet build --configuration Release --verbosity quiet --nologo SlimSpec.ScoreTables >&2
exec ./SlimSpec.ScoreTables/bin/Release/net10.0/SlimSpec.ScoreTables "$checkpoint" "$text"
