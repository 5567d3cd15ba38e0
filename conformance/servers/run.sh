#!/usr/bin/env bash
# Everything that weir does with SQL, on versions of PostgreSQL beside the distribution's.
#
#   conformance/servers/run.sh SQL_TEST      path of the program of tests/sql
#
# The servers are installed once, into build/conformance/servers. WEIR_WORLDS says with how many
# random worlds of each kind (20): the tests of the distribution's version have them all.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
installed=$(dirname "$(dirname "$here")")/build/conformance/servers

[[ $# -eq 1 && -x $1 ]] || { echo "usage: conformance/servers/run.sh SQL_TEST" >&2; exit 1; }
tests=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")

wanted=$(cat "$here/package.json" "$here/package-lock.json" "$here/.npmrc" | sha256sum)
if [[ ! -f $installed.stamp || $(<"$installed.stamp") != "$wanted" ]]; then
  echo "installing the servers"
  mkdir -p "$installed"
  cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$installed"
  (cd "$installed" && npm ci --loglevel=error)
  echo "$wanted" >"$installed.stamp"
fi

# The servers run as an unprivileged user, which need not be able to get to where we stand.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 0711 "$work"
cp -a "$installed/node_modules" "$work"

failed=0
for server in "$work"/node_modules/postgres-*; do
  started=$SECONDS
  echo "== $("$server/native/bin/postgres" --version)"
  WEIR_POSTGRES_BIN=$server/native/bin WEIR_WORLDS=${WEIR_WORLDS:-20} \
    "$tests" --gtest_brief=1 || failed=1
  echo "took $((SECONDS - started)) s"
done
exit "$failed"
