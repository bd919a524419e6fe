#!/usr/bin/env bash
# Runs check.js; on first use installs its one dependency into node_modules here.
set -euo pipefail
cd -- "$(dirname -- "$0")"
[ -d node_modules/ajv ] || npm install --no-audit --no-fund --loglevel=error >&2
exec node check.js
