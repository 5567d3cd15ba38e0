#!/usr/bin/env bash
# Measures a release build of the emulator: run.sh EMULATOR [OPTION ...], see emulator.py --help.
set -euo pipefail
exec python3 "$(dirname "$0")/emulator.py" "$@"
