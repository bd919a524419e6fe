#!/bin/sh
# Times the source generator in fresh processes; README.md says how.
set -eu
cd "$(dirname "$0")"
dotnet build --configuration Release --verbosity quiet --nologo SlimSpec.GeneratorBenchmark >&2
exec ./SlimSpec.GeneratorBenchmark/bin/Release/net10.0/SlimSpec.GeneratorBenchmark
