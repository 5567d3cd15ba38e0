#!/usr/bin/env bash
# Applies the manifests of a folder to an empty workspace, once for each environment: the second plan is
# empty, and what weir exports of it plans empty as well.
#
#   examples/walk.sh EMULATOR WEIR FOLDER [ENVIRONMENT …]
#
# Where FEW names a file of variables, the whole is planned, and what they leave of it is applied.
# Where INSIDE is set there is PostgreSQL, for manifests that say what is inside of databases.
#
# Everything lives in a temporary folder and is gone at the end.
set -euo pipefail

emulator=$(realpath "$1")
weir=$(realpath "$2")
manifests=$(realpath "$3")
environments=("${@:4}")
set -- --latency create=0s,update=0s,settle=0s
[ -n "${INSIDE:-}" ] || set -- --no-postgres "$@"
# shellcheck disable=SC1091
. "$(dirname "$0")/emulator.sh"
export DATABRICKS_CONFIG_FILE=$folder/databrickscfg
for name in "${environments[@]}"; do
  printf '[%s]\nhost = %s\ntoken = %s\n' "$name" "$DATABRICKS_HOST" "$DATABRICKS_TOKEN"
done >"$folder/databrickscfg"

few=()
walk() {
  local flags=(-f "$manifests" "$@" "${few[@]}")
  # One workspace stands for all of them here, so that what one environment remembers is no other's.
  export WEIR_DATA_DIR=$folder/weir-${2:-none}
  cd "$folder"
  show "weir validate; weir apply -auto-approve; weir plan -detailed-exitcode   ($*)"
  "$weir" validate "${flags[@]}"
  "$weir" apply "${flags[@]}" -auto-approve -quiet >"$folder/applied" 2>&1 || {
    cat "$folder/applied"
    return 1
  }
  tail -n 1 <(grep '^Apply:' "$folder/applied")
  "$weir" plan "${flags[@]}" -detailed-exitcode -quiet
}
if [ -n "${FEW:-}" ]; then
  show "weir plan -quiet | tail -n 1"
  "$weir" plan -f "$manifests" -quiet >"$folder/planned"
  tail -n 1 "$folder/planned"
  few=(-var-file "$FEW")
fi
if [ ${#environments[@]} -eq 0 ]; then
  walk
else
  for name in "${environments[@]}"; do walk -e "$name"; done
fi

show "weir export -out exported.yaml; weir plan -f exported.yaml -detailed-exitcode"
"$weir" export -quiet -out "$folder/exported.yaml"
"$weir" plan -f "$folder/exported.yaml" -detailed-exitcode -quiet
printf '\nDone: %s\n' "the workspace is as declared."
