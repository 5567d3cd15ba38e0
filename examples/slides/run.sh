#!/usr/bin/env bash
# What weir sees before it does anything: a plan, drift, and the way back from a workspace to YAML.
#
#   examples/slides/run.sh EMULATOR WEIR      paths of the programs weir-emulator and weir
#
# Everything lives in a temporary folder and is gone at the end.
set -euo pipefail

emulator=$(realpath "$1")
weir=$(realpath "$2")
shift 2
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC1091
. "$here/../emulator.sh"

# Runs weir on this example's manifest; the exit code must be the first argument.
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
cd "$here"

# The manifest's environment dev names the profile dev.
printf '[dev]\nhost = %s\ntoken = %s\n' "$DATABRICKS_HOST" "$DATABRICKS_TOKEN" >"$folder/databrickscfg"
export DATABRICKS_CONFIG_FILE=$folder/databrickscfg

weir 0 validate
show "curl: somebody made a part of it by hand"
api POST 'projects?project_id=ai-slides' '{"spec":{"display_name":"Slides","pg_version":17}}' >"$folder/op"
wait_for <"$folder/op"
cat "$folder/op"
weir 2 plan -e dev -detailed-exitcode
weir 2 drift -e dev

show "weir export -out exported.yaml"
"$weir" export -out "$folder/exported.yaml"
cat "$folder/exported.yaml"
weir 0 plan -f "$folder/exported.yaml" -detailed-exitcode
printf '\nDone: %s\n' "weir only looked; nothing in the workspace changed."
