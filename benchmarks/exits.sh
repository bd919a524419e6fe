#!/bin/sh
# What early exits cost and save: forced ones on random models, AdaInfer's table, cheap heads and long texts on a story model; README.md says how.
# usage: benchmarks/exits.sh CHECKPOINT DATA   the model of specs/stories3m-exits.slim.yaml, and a folder with tinystories/train-part.txt,
# tinyshakespeare/train.txt, wikitext-2/wiki.valid.tokens, sst2/train.tsv, ag-news/train-part.tsv and trec/train_5500.label
set -eu
[ $# -eq 2 ] || { echo "usage: benchmarks/exits.sh CHECKPOINT DATA" >&2; exit 2; }
checkpoint=$(cd "$1" && pwd)
data=$(cd "$2" && pwd)
cd "$(dirname "$0")"
dotnet build --configuration Release --verbosity quiet --nologo SlimSpec.ExitBenchmark >&2
dotnet build --configuration Release --verbosity quiet --nologo ../specs >&2
benchmark=./SlimSpec.ExitBenchmark/bin/Release/net10.0/SlimSpec.ExitBenchmark
slim=../specs/bin/Release/net10.0/SlimSpec.Recipes
text=$data/tinystories/train-part.txt
{
    echo "# Early exits"
    echo
    echo "Written by \`benchmarks/exits.sh\` on $(nproc) cores, $(date -u +%Y-%m-%d); load before: $(cut -d ' ' -f 1 /proc/loadavg). Modes and scopes are in the tables; agreement is with the dense model."
    echo
    echo "## Forced exits on random models (mode adaptive, scope decode, kv deferred)"
    echo
    $benchmark forced Exits110M 40 24
    echo
    $benchmark forced Exits1B 10 16
    echo
    echo "## AdaInfer's table, and cheap heads, on a story model of 3.1 million parameters (mode adaptive where nothing else is said)"
    echo
    $benchmark adainfer "$slim" specs/stories3m-exits.slim.yaml "$checkpoint" "$data"
    echo
    echo "## Texts of 1,000 tokens (mode adaptive, scope decode)"
    echo
    $benchmark long "$checkpoint" "$text"
} > results/exits.md.part
mv results/exits.md.part results/exits.md
cat results/exits.md
