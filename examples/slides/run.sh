#!/usr/bin/env bash
# An app's workspace from a manifest, what is inside its database included: a plan with its statements,
# an apply, an app that uses tables of others, drift and how it heals, a crash in the middle of an apply
# and how the next one goes on, and the way back from a workspace to YAML.
#
#   examples/slides/run.sh EMULATOR WEIR      paths of the programs weir-emulator and weir
#
# Everything lives in a temporary folder and is gone at the end.
set -euo pipefail

emulator=$(realpath "$1")
weir=$(realpath "$2")
set -- --latency create=200ms,update=50ms
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC1091
. "$here/../emulator.sh"

cd "$here"

# The manifest's environment dev names the profile dev. What weir remembers would be in .weir/ here.
printf '[dev]\nhost = %s\ntoken = %s\n' "$DATABRICKS_HOST" "$DATABRICKS_TOKEN" >"$folder/databrickscfg"
export DATABRICKS_CONFIG_FILE=$folder/databrickscfg WEIR_DATA_DIR=$folder/weir
export LEGACY_LOGIN_PASSWORD=${LEGACY_LOGIN_PASSWORD:-correct horse battery}
endpoint=projects/ai-slides/branches/production/endpoints/primary

# A session in the database of the slides, as the service would give it: psql_as TOKEN USER COMMAND…
psql_as() {
  local token=$1 user=$2 words=() command host
  shift 2
  host=$(api GET "$endpoint" | field status.hosts.host)
  for command in "$@"; do words+=(-c "$command"); done
  PGPASSWORD=$(DATABRICKS_TOKEN=$token api POST credentials "{\"endpoint\": \"$endpoint\"}" | field token) \
    psql -X -q -A -t -v ON_ERROR_STOP=1 "host=$host dbname=slides sslmode=verify-full" -U "$user" "${words[@]}"
}

weir 0 validate
show "curl: the app that is to use the database"
post() {
  curl --silent --show-error --fail-with-body --header "Authorization: Bearer $DATABRICKS_TOKEN" \
    --data "$2" "$DATABRICKS_HOST$1"
}
post /api/2.0/apps '{"name": "ai-slide-generator"}' >/dev/null
post /_emulator/identities '{"app": "ai-slide-generator"}' >"$folder/app"
app=$(field client_id <"$folder/app")
app_token=$(field token <"$folder/app")
ana_token=$(post /_emulator/identities '{"user_name": "ana@example.com"}' | field token)
echo "ai-slide-generator is $app"
show "curl: somebody made a part of it by hand"
api POST 'projects?project_id=ai-slides' '{"spec":{"display_name":"Slides","pg_version":17}}' >"$folder/op"
wait_for <"$folder/op"
cat "$folder/op"
weir 2 plan -e dev -detailed-exitcode
weir 0 apply -e dev -auto-approve
weir 0 plan -e dev -detailed-exitcode

show "psql, as ana who acts as the migrator: a table that did not exist when the app was given access"
psql_as "$ana_token" ana@example.com 'SET ROLE migrator' \
  'CREATE TABLE app_data.decks (id serial PRIMARY KEY, title text)'
show "psql, as the app: INSERT INTO decks …; SELECT … FROM decks"
psql_as "$app_token" "$app" "INSERT INTO decks (title) VALUES ('made by the app'), ('so is this')" \
  "UPDATE decks SET title = title || ', and changed' WHERE id = 2" 'SELECT id, title FROM decks'
weir 0 plan -e dev -detailed-exitcode

show "psql: somebody takes a right of the app away, and gives one to the analysts"
psql_as "$ana_token" ana@example.com 'SET ROLE migrator' \
  "REVOKE INSERT ON app_data.decks FROM \"$app\"" 'GRANT DELETE ON app_data.decks TO analysts'
weir 2 drift -e dev -wake always
weir 0 plan -e dev -sql
weir 0 apply -e dev -auto-approve -quiet
weir 0 drift -e dev -wake always
psql_as "$app_token" "$app" "INSERT INTO decks (title) VALUES ('and again')" 'SELECT count(*) FROM decks'

show "curl: somebody changes something behind weir's back"
api PATCH 'projects/ai-slides?update_mask=spec.display_name' '{"spec":{"display_name":"Mine"}}' >"$folder/op"
wait_for <"$folder/op"
weir 2 drift -e dev
weir 0 apply -e dev -auto-approve -quiet
weir 0 drift -e dev

cat >"$folder/preview.yaml" <<'YAML'
version: weir/v1
name: preview
projects:
  preview:
    native_login: true
    branches:
      pr-1: { from: production, expires: 7d, roles: { app: { login: true } }, databases: { app: { owner: app } } }
      pr-2: { from: production, expires: 7d, roles: { app: { login: true } }, databases: { app: { owner: app } } }
YAML
show "weir apply -f preview.yaml -auto-approve &  sleep 0.7; kill -9 %1"
"$weir" apply -f "$folder/preview.yaml" -auto-approve &
sleep 0.7
kill -9 $!
wait $! || true
weir 0 apply -f "$folder/preview.yaml" -auto-approve
weir 0 plan -f "$folder/preview.yaml" -detailed-exitcode
weir 0 destroy -f "$folder/preview.yaml" -auto-approve -allow-destroy projects/preview
weir 0 state list -f "$folder/preview.yaml"

show "weir export -out exported.yaml"
"$weir" export -out "$folder/exported.yaml"
cat "$folder/exported.yaml"
weir 0 plan -f "$folder/exported.yaml" -detailed-exitcode
printf '\nDone: %s\n' "the workspace is as declared, and the manifest of all of it is exported."
