# shellcheck shell=bash disable=SC2154
# Sourced by the examples: an emulator in a temporary folder, and curl for its API. Everything is gone
# at the end. Wants $emulator and $weir, the paths of the programs, and gives $folder.
port=${WEIR_DEMO_PORT:-8765}
network=${WEIR_DEMO_NETWORK:-127.100.0.0}
postgres_port=${WEIR_DEMO_POSTGRES_PORT:-5432}
folder=$(mktemp -d)
chmod 711 "$folder"  # the clusters run as an unprivileged user and pass through
pid=

finish() {
  local status=$?
  if [ -n "$pid" ]; then
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  fi
  if [ "$status" -ne 0 ] && [ -s "$folder/log" ]; then
    echo "the emulator said:" >&2
    cat "$folder/log" >&2
  fi
  rm -rf "$folder"
}
trap finish EXIT

show() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }
[ -t 1 ] || show() { printf '\n$ %s\n' "$*"; }

show "weir-emulator serve --data DIR $*"
"$emulator" serve --data "$folder" --listen "127.0.0.1:$port" --postgres-port "$postgres_port" \
  --postgres-network "$network" "$@" >"$folder/log" 2>&1 &
pid=$!
for _ in $(seq 300); do
  grep -q '^listening on' "$folder/log" && break
  kill -0 "$pid" 2>/dev/null || exit 1
  sleep 0.1
done
cat "$folder/log"
# shellcheck disable=SC1091
. "$folder/client.env"

# Runs $weir in this folder; the exit code must be the first argument.
weir() {
  local wanted=$1 status=0
  shift
  show "weir $*"
  "$weir" "$@" || status=$?
  [ "$status" -eq "$wanted" ] || {
    echo "exit code $status instead of $wanted" >&2
    exit 1
  }
}

# Calls the API; prints the answer on one line.
api() {
  curl --silent --show-error --fail-with-body --request "$1" \
    --header "Authorization: Bearer $DATABRICKS_TOKEN" "$DATABRICKS_HOST/api/2.0/postgres/$2" \
    ${3:+--header 'Content-Type: application/json' --data "$3"}
}

# The value of a field such as status.hosts.host in the JSON on standard input.
field() {
  python3 -c 'import functools, json, sys
print(functools.reduce(lambda value, key: value[key], sys.argv[1].split("."), json.load(sys.stdin)))' "$1"
}

# Waits until the operation on standard input is done; stops when it has failed.
wait_for() {
  local name operation
  name=$(field name)
  until operation=$(api GET "$name") && [[ $operation == *'"done":true'* ]]; do sleep 0.1; done
  if [[ $operation == *'"error":'* ]]; then
    echo "$operation" >&2
    exit 1
  fi
}
