#!/usr/bin/env bash
# Runs check.js; on first use, or with --install, installs its one dependency into node_modules here.
set -euo pipefail
cd -- "$(dirname -- "$0")"
[ -d node_modules/ajv ] || npm install --no-audit --no-fund --loglevel=error --fetch-retries=1 >&2
[ "${1-}" = --install ] || exec node check.js
