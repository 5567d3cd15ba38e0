#!/usr/bin/env bash
# Everything that the language has, applied to a workspace where some of it is there already; then a
# look back at a moment, in a branch of the project and a child of the instance, and their end.
#
#   examples/complete/run.sh EMULATOR WEIR      paths of the programs weir-emulator and weir
set -euo pipefail

emulator=$(realpath "$1")
weir=$(realpath "$2")
set --
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC1091
. "$here/../emulator.sh"

cd "$here"
printf '[%s]\nhost = %s\ntoken = %s\n' dev "$DATABRICKS_HOST" "$DATABRICKS_TOKEN" prod "$DATABRICKS_HOST" \
  "$DATABRICKS_TOKEN" >"$folder/databrickscfg"
export DATABRICKS_CONFIG_FILE=$folder/databrickscfg WEIR_DATA_DIR=$folder/weir
export LEGACY_LOGIN_PASSWORD=${LEGACY_LOGIN_PASSWORD:-correct horse battery}

post() {
  curl --silent --show-error --fail-with-body --header "Authorization: Bearer $DATABRICKS_TOKEN" \
    --data "$2" "$DATABRICKS_HOST$1"
}
show "curl: what others have made: the app, the tables of Unity Catalog"
post /api/2.0/apps '{"name": "ai-slide-generator"}' >/dev/null
post /_emulator/tables "$(cat sources.json)"
show "curl and psql: the database is there already, with a table of its own"
branch=projects/ai-slides/branches/production
api POST 'projects?project_id=ai-slides' '{"spec": {"pg_version": 17}}' >"$folder/op"
wait_for <"$folder/op"
api POST "$branch/databases?database_id=slides" \
  "{\"spec\": {\"postgres_database\": \"slides\", \"role\": \"$branch/roles/developer\"}}" >"$folder/op"
wait_for <"$folder/op"
"$weir" psql -quiet -e dev $branch/databases/slides -- -qc 'CREATE SCHEMA app_data' \
  -c 'CREATE TABLE app_data.audit_log (actor text, at timestamptz, what text)'

weir 0 validate -e dev
weir 0 validate -e prod
weir 2 plan -e dev -detailed-exitcode
weir 0 apply -e dev -auto-approve
weir 0 plan -e dev -detailed-exitcode

moment="incidents={ \"0427\": \"$(date --utc +%Y-%m-%dT%H:%M:%SZ)\" }"
weir 0 apply -e dev -auto-approve -quiet -var "$moment"
weir 0 plan -e dev -detailed-exitcode -quiet -var "$moment"
weir 0 apply -e dev -auto-approve -quiet \
  -allow-destroy projects/ai-slides/branches/incident-0427 -allow-destroy instances/slides-legacy-0427
weir 0 output -e dev
printf '\nDone: %s\n' "the workspace is as declared."
