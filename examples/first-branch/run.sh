#!/usr/bin/env bash
# A first walk through Lakebase on this machine: a project, a query, a branch that goes its own way.
#
#   examples/first-branch/run.sh EMULATOR      path of the weir-emulator program
#
# Everything lives in a temporary folder and is gone at the end.
set -euo pipefail

emulator=$1
set --
# shellcheck disable=SC1091
. "$(dirname "$0")/../emulator.sh"

# Runs SQL on the primary endpoint of a branch, with a token made for it and a verified certificate.
query() {
  local endpoint="projects/shop/branches/$1/endpoints/primary" host
  host=$(api GET "$endpoint" | field status.hosts.host)
  PGPASSWORD=$(api POST credentials "{\"endpoint\":\"$endpoint\"}" | field token) \
    psql "host=$host dbname=databricks_postgres sslmode=verify-full" --no-psqlrc --quiet -c "$2"
}

show "POST projects?project_id=shop"
api POST 'projects?project_id=shop' '{"spec":{"display_name":"Shop"}}' >"$folder/op"
cat "$folder/op"
wait_for <"$folder/op"

show "GET projects/shop/branches/production/endpoints/primary"
api GET projects/shop/branches/production/endpoints/primary

show "psql: a table on production"
query production "create table orders (item text); insert into orders values ('tea'); table orders"

show "POST projects/shop/branches?branch_id=dev   (a copy that lives for an hour)"
api POST 'projects/shop/branches?branch_id=dev' '{"spec":{"ttl":"3600s"}}' >"$folder/op"
wait_for <"$folder/op"
api GET projects/shop/branches/dev

show "psql: dev has the data, and changes stay there"
query dev "insert into orders values ('cake'); table orders"
show "psql: production did not notice"
query production "table orders"

show "DELETE projects/shop?purge=true"
api DELETE 'projects/shop?purge=true' >"$folder/op"
wait_for <"$folder/op"
api GET projects
printf '\nDone: %s\n' "everything above was real PostgreSQL, and nothing of it is left."
