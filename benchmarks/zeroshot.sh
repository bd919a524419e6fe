#!/bin/sh
# How fast multiple-choice tasks are answered beside plain prefill of as many tokens, on a LLaMA of 110M random parameters; README.md says how.
# usage: benchmarks/zeroshot.sh TOKENIZER ROWS [ROUNDS]   a folder with tokenizer.json of 32,000 tokens, and one with llm-foundry's rows
set -eu
[ $# -ge 2 ] || { echo "usage: benchmarks/zeroshot.sh TOKENIZER ROWS [ROUNDS]" >&2; exit 2; }
tokenizer=$(cd "$1" && pwd)
rows=$(cd "$2" && pwd)
rounds=${3:-5}
cd "$(dirname "$0")"
dotnet build --configuration Release --verbosity quiet --nologo SlimSpec.ZeroShotBenchmark >&2
{
    echo "# Multiple choice beside prefill"
    echo
    echo "Written by \`benchmarks/zeroshot.sh\` on $(nproc) cores, $(date -u +%Y-%m-%d); load before: $(cut -d ' ' -f 1 /proc/loadavg). Medians of $rounds rounds, prefill and answers in turns."
    echo
    ./SlimSpec.ZeroShotBenchmark/bin/Release/net10.0/SlimSpec.ZeroShotBenchmark "$tokenizer" "$rows" "$rounds"
} > results/zeroshot.md.part
mv results/zeroshot.md.part results/zeroshot.md
cat results/zeroshot.md
