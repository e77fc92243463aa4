#!/bin/sh
# Brings a checkout to where its scripts can run: dependencies as locked, process entries bundled. Quick when nothing changed.
set -e
cd "$(dirname "$0")/.."
if [ ! -x node_modules/.bin/node ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "installing dependencies (once) ..." >&2
  # Not `npm ci`: it refuses a lock that lacks the optional packages of platforms which a mirror of the registry does not carry.
  npm install --no-save --no-audit --no-fund --loglevel=error >&2
fi
exec node_modules/.bin/node tools/build.ts
