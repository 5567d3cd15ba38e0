#!/usr/bin/env bash
# Official clients, unmodified, walk the whole life of a Lakebase project against the emulator.
#
#   conformance/run.sh EMULATOR      path of the weir-emulator program
#
# The clients are installed once, into build/conformance. The first lines of a failed walk say what
# was expected; the emulator's own log follows when anything failed.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
installed=$(dirname "$here")/build/conformance
postgres_port=${WEIR_CONFORMANCE_POSTGRES_PORT:-5432}
postgres_network=${WEIR_CONFORMANCE_POSTGRES_NETWORK:-127.101.0.0}
emulator_pid=
work=

die() {
  echo "conformance: $*" >&2
  exit 1
}

need() {
  command -v "$1" >/dev/null || die "$1 is missing; ./dev setup installs it (package $2)"
}

check_tools() {
  need python3 python3
  need node nodejs
  need npm npm
  need psql postgresql-client
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    die "python3 is too old: the SDK needs 3.10 or later"
  node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' ||
    die "node is too old: the clients need 18 or later"
}

# Runs an installation when the given files have changed since it last succeeded.
install_once() {
  local stamp=$1 action=$2
  shift 2
  local wanted
  wanted=$(cat "$@" | sha256sum)
  [[ -f $stamp && $(<"$stamp") == "$wanted" ]] && return
  rm -f "$stamp"
  "$action"
  echo "$wanted" >"$stamp"
}

install_python() {
  echo "installing the Python clients"
  rm -rf "$installed/python"
  python3 -m venv "$installed/python" ||
    die "python3 cannot make a virtual environment; ./dev setup installs python3-venv"
  "$installed/python/bin/pip" install --quiet --disable-pip-version-check \
    --requirement "$here/requirements.txt" || die "the Python clients could not be installed"
}

install_javascript() {
  echo "installing the JavaScript clients"
  mkdir -p "$installed/javascript"
  cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$installed/javascript"
  (cd "$installed/javascript" && npm ci --loglevel=error) ||
    die "the JavaScript clients could not be installed"
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start_emulator() {
  local port
  port=$(free_port)
  # Clusters run as an unprivileged user, which has to pass through this directory.
  mkdir -m 0711 "$work/data"
  "$emulator" serve --data "$work/data" --listen "127.0.0.1:$port" \
    --postgres-port "$postgres_port" --postgres-network "$postgres_network" \
    >"$work/emulator.log" 2>&1 &
  emulator_pid=$!
  for _ in $(seq 150); do
    grep -q '^listening on ' "$work/emulator.log" && return
    kill -0 "$emulator_pid" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/emulator.log" >&2
  die "the emulator does not listen"
}

stop_emulator() {
  [[ -n $emulator_pid ]] || return 0
  local status=0
  kill -TERM "$emulator_pid" 2>/dev/null || true
  for _ in $(seq 300); do
    kill -0 "$emulator_pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$emulator_pid" 2>/dev/null || true
  wait "$emulator_pid" || status=$?
  emulator_pid=
  return "$status"
}

clean_up() {
  stop_emulator || true
  [[ -z $work ]] || rm -rf "$work"
}

# A walk sees the emulator's client.env and nothing of the caller's environment or home.
walk() {
  local title=$1 started=$SECONDS
  shift
  echo "== $title"
  env -i PATH="$PATH" HOME="$work" LANG=C.UTF-8 PGPORT="$postgres_port" NO_PROXY=127.0.0.1 \
    NODE_PATH="$installed/javascript/node_modules" PYTHONDONTWRITEBYTECODE=1 \
    bash -c 'source "$1" && export NODE_EXTRA_CA_CERTS=$PGSSLROOTCERT && cd "$2" && shift 2 && "$@"' \
    walk "$work/data/client.env" "$here" "$@" 2>&1 | tee "$work/walk.log" || true
  grep -qx 'end of walk' "$work/walk.log" ||
    echo "FAIL  $title: expected the walk's end, got an early one" | tee -a "$work/walk.log"
  cat "$work/walk.log" >>"$work/report"
  echo "took $((SECONDS - started)) s"
}

[[ $# -eq 1 ]] || die "usage: conformance/run.sh EMULATOR"
[[ -x $1 ]] || die "no program at $1"
emulator=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")

check_tools
mkdir -p "$installed"
install_once "$installed/python.stamp" install_python "$here/requirements.txt"
install_once "$installed/javascript.stamp" install_javascript \
  "$here/package.json" "$here/package-lock.json" "$here/.npmrc"

trap clean_up EXIT
work=$(mktemp -d)
chmod 0711 "$work"
start_emulator

walk "databricks-sdk (Python)" "$installed/python/bin/python" walk_python_sdk.py
walk "@databricks/lakebase and pg (JavaScript)" node walk_lakebase_js.cjs
walk "psql" "$installed/python/bin/python" walk_psql.py

stop_emulator && stopped=0 || stopped=$?
if [[ $stopped -eq 0 ]]; then
  echo "ok    the emulator stops cleanly" | tee -a "$work/report"
else
  echo "FAIL  the emulator stops cleanly: expected exit code 0, got $stopped" | tee -a "$work/report"
fi

passed=$(grep -c '^ok ' "$work/report" || true)
failed=$(grep -c '^FAIL ' "$work/report" || true)
if [[ $failed -ne 0 ]]; then
  echo "== the emulator's log"
  cat "$work/emulator.log"
  echo "== what failed"
  grep '^FAIL ' "$work/report"
fi
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
