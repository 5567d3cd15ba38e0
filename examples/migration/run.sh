#!/usr/bin/env bash
# From a Provisioned instance to a project: both side by side with the same rights, the data by pg_dump,
# and the end of the instance when nothing is left to be moved.
#
#   examples/migration/run.sh EMULATOR WEIR      paths of the programs weir-emulator and weir
set -euo pipefail

emulator=$(realpath "$1")
weir=$(realpath "$2")
set --
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC1091
. "$here/../emulator.sh"
cp "$here"/shop/*.yaml "$folder"
mkdir "$folder/shop"
mv "$folder/legacy.yaml" "$folder/shop"
cd "$folder/shop"

old=instances/shop-legacy/databases/databricks_postgres
new=projects/shop/branches/production/databases/databricks_postgres

weir 0 apply -auto-approve -quiet
show "psql: the table of an app, and what is in it"
"$weir" psql -quiet $old -- -q -c 'CREATE TABLE app.orders (id bigserial PRIMARY KEY, item text)' \
  -c "INSERT INTO app.orders (item) SELECT 'book ' || n FROM generate_series(1, 1000) AS n"
weir 0 apply -auto-approve -quiet

show "cp project.yaml . # the project beside it, with the same schema and the same rights"
mv ../project.yaml .
weir 0 apply -auto-approve -quiet

# A password for pg_dump that holds for an hour, and that nothing writes down.
with_access() {
  local database=$1 variables
  shift
  variables=$("$weir" env -quiet -in "$database" -format shell)
  (
    eval "$variables"
    PGPASSWORD=$("$weir" credential -quiet -in "$database") "$@"
  )
}
show "pg_dump --schema app … | psql"
with_access $old pg_dump --schema app --no-owner --no-privileges |
  grep -v '^CREATE SCHEMA' | with_access $new psql -X -q -v ON_ERROR_STOP=1
for database in $old $new; do
  with_access $database psql -X -A -t -c 'SELECT count(*), max(id) FROM app.orders'
done >counts
cat counts
[ "$(uniq counts | wc -l)" -eq 1 ]

show "the next apply gives the app its rights on what was copied"
weir 0 apply -auto-approve -quiet
weir 0 env -in $new -format dotenv

show "rm legacy.yaml # nobody needs the instance any more"
rm legacy.yaml
weir 4 plan -quiet
weir 0 apply -auto-approve -quiet -allow-destroy instances/shop-legacy
weir 0 plan -detailed-exitcode -quiet
printf '\nDone: %s\n' "the shop is in its project, and the instance is gone."
