#!/bin/sh
# Scores and cuts a 7B-shaped model of random weights layer by layer; README.md says how and what came out.
# usage: benchmarks/large.sh FOLDER [RECIPE]   FOLDER gets a checkpoint of 13.5 GB and a slim one of 10.8, both removed afterwards
set -eu
folder=$(mkdir -p "$1" && cd "$1" && pwd)
recipe=${2:-llama-7b}
cd "$(dirname "$0")"
dotnet build --configuration Release --verbosity quiet --nologo SlimSpec.LargeBenchmark >&2
dotnet build --configuration Release --verbosity quiet --nologo ../specs >&2
exec ./SlimSpec.LargeBenchmark/bin/Release/net10.0/SlimSpec.LargeBenchmark "$recipe" "$folder" ../specs/bin/Release/net10.0/SlimSpec.Recipes "results/$recipe-streamed.md"
