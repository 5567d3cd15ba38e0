#!/usr/bin/env bash
# Measures a release build: run.sh BUILD_FOLDER [OPTION ...], options as for emulator.py.
set -euo pipefail
here=$(dirname "$0")
build=$1
shift
python3 "$here/emulator.py" "$build/emulator/weir-emulator" "$@"
python3 "$here/reconciler.py" "$build/cli/weir" "$build/emulator/weir-emulator" \
  "$build/bench/plan_scale" "$build/tests/manifest/hostile_bench"
python3 "$here/applier.py" "$build/cli/weir" "$build/emulator/weir-emulator" \
  "$build/tests/state/state_test"
python3 "$here/databases.py" "$build/cli/weir" "$build/emulator/weir-emulator"
