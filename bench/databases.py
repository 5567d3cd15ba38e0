#!/usr/bin/env python3
"""Measures what weir costs inside databases: plans, large catalogues, and transactions of grants.

The emulator runs real PostgreSQL. psql does the same beside it, over the same kind of connection
and in turns with weir, so that both meet the same machine. Prints a table and writes
build/bench/databases.md and .json.
"""
import argparse
import os
import re
import statistics
import sys
import time
from pathlib import Path

from commands import Run
from inside import Workspace, grant, manifest, role
from reconciler import add_runs, median
from results import Results, write

ROLES, SCHEMAS, TABLES = 40, 10, 10  # 400 grants, on the tables of a schema each
STRANGERS = 14  # roles whom no grant of the manifest names
PRIVILEGES = ["select", "insert", "update", "delete"]
KINDS = [*PRIVILEGES, "truncate", "references", "trigger"]


def privileges_of(number: int) -> list[str]:
    """Others for each role, since what is the same for several roles is one statement."""
    return [word for at, word in enumerate(KINDS) if (number + 1) >> at & 1]


def grants_to(numbers: range) -> list[str]:
    return [grant(number, f"s{schema}", privileges_of(number))
            for schema in range(SCHEMAS) for number in numbers]


def tables(schema: str, count: int) -> str:
    return (f"CREATE SCHEMA {schema};\nSELECT format('CREATE TABLE {schema}.t%s ()', number) "
            f"FROM generate_series(1, {count}) AS number \\gexec\n")


def fill(workspace: Workspace, databases: list[str], script: str) -> None:
    workspace.declare("version: weir/v1\nname: bench\nprojects: { bench: {} }\n")
    workspace.apply()
    # The role of whoever runs weir comes along with the project; only now it can be declared.
    workspace.declare(manifest(ROLES + STRANGERS, {database: [] for database in databases}))
    workspace.apply()
    for database in databases:
        workspace.psql(database, script)


def one_query_a_grant() -> str:
    """What a provider asks that refreshes each of its resources by itself."""
    return "".join(
        "SELECT c.relname, array_agg(a.privilege_type) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a "
        "JOIN pg_roles r ON r.oid = a.grantee "
        f"WHERE n.nspname = 's{schema}' AND r.rolname = '{role(number)}' GROUP BY c.relname;\n"
        for schema in range(SCHEMAS) for number in range(ROLES))


def measure_refresh(arguments, results: Results, workspace: Workspace) -> None:
    workspace.declare(manifest(ROLES + STRANGERS, {"app": [], "copy": []}))
    without = [workspace.settled_plan() for _ in range(arguments.times)]
    workspace.declare(manifest(ROLES + STRANGERS, {"app": grants_to(range(ROLES)), "copy": []}))
    workspace.apply()
    plans, queries = [], []
    for _ in range(arguments.times):
        plans.append(workspace.settled_plan())
        queries.append(workspace.psql("app", one_query_a_grant()))
    count = SCHEMAS * ROLES
    added = median(plans, "seconds") - median(without, "seconds")
    results.add(f"plan of {count} grants, no changes, wall", median(plans, "seconds") * 1000, "ms")
    results.add(f"what the {count} grants add to that plan", added * 1000, "ms", "< 100 ms")
    results.add("round trips that they add", plans[-1].round_trips - without[-1].round_trips, "",
                "1")
    results.add(f"psql, {count} queries in one session, wall",
                median(queries, "seconds") * 1000, "ms")


def script_of(workspace: Workspace) -> str:
    """What the plan will execute; as many statements as there are grants."""
    script = workspace.run("plan", "-sql").output
    count = len(re.findall(r"^(?:GRANT|REVOKE) ", script, re.M))
    if count != SCHEMAS * ROLES:
        raise RuntimeError(f"expected {SCHEMAS * ROLES} statements, not {count}")
    return script


def measure_statements(arguments, results: Results, workspace: Workspace) -> None:
    """Half of the roles lose what they have and the other half gets as much, again and again."""
    halves = [range(0, ROLES, 2), range(1, ROLES, 2)]
    workspace.declare(manifest(ROLES + STRANGERS, {"app": grants_to(halves[0]), "copy": []}))
    workspace.psql("copy", workspace.run("plan", "-sql").output)
    workspace.apply()
    applies, scripts, plans = [], [], []
    for turn in range(arguments.times * 2):
        half = halves[(turn + 1) % 2]
        workspace.declare(manifest(ROLES + STRANGERS, {"app": grants_to(half), "copy": []}))
        script = script_of(workspace)
        scripts.append(workspace.psql("copy", script))
        applies.append(workspace.apply())
        plans.append(workspace.settled_plan())
    count = SCHEMAS * ROLES
    results.add(f"apply of {count} GRANT and REVOKE, wall", median(applies, "seconds") * 1000, "ms")
    results.add("of it the plan that finds them", median(plans, "seconds") * 1000, "ms")
    results.add("psql executing the same in one transaction, wall",
                median(scripts, "seconds") * 1000, "ms")
    ratio = statistics.median(ours.seconds / theirs.seconds
                              for ours, theirs in zip(applies, scripts))
    results.add("weir's time against psql's", ratio, "times", "<= 1.3")


def many_privileges(count: int, differ: bool) -> str:
    """All tables carry the same, or each its own: the bits of its number say which strangers read."""
    script = tables("s", count) + (f"GRANT {', '.join(PRIVILEGES)} ON ALL TABLES IN SCHEMA s TO "
                                   f"{', '.join(map(role, range(ROLES)))};\n")
    if differ:
        script += ("SELECT format('GRANT SELECT ON s.t%s TO %s', number, string_agg('r' || "
                   f"{ROLES} + bit, ', ')) FROM generate_series(1, {count}) AS number, "
                   f"generate_series(0, {STRANGERS - 1}) AS bit "
                   "WHERE number >> bit & 1 = 1 GROUP BY number \\gexec\n")
    return script


def check_privileges(workspace: Workspace, least: int, kinds: int) -> None:
    """That the database is as large as the row says."""
    found = workspace.psql("app", "SELECT count(*), count(DISTINCT relacl::text) FROM pg_class, "
                           "aclexplode(relacl) WHERE relnamespace = 's'::regnamespace;\n")
    entries, lists = map(int, found.output.split("|"))
    if entries < least or lists != kinds:
        raise RuntimeError(f"{entries} privileges in {lists} lists instead of {least} in {kinds}")


def measure_catalogue(arguments, results: Results, differ: bool) -> None:
    for count in arguments.tables:
        entries = count * ROLES * len(PRIVILEGES)
        with Workspace(arguments) as workspace:
            fill(workspace, ["app"], many_privileges(count, differ))
            check_privileges(workspace, entries, count if differ else 1)
            workspace.declare(manifest(ROLES + STRANGERS, {
                "app": [grant(number, "s", PRIVILEGES) for number in range(ROLES)]}))
            workspace.apply()
            plans = [workspace.settled_plan() for _ in range(arguments.times)]
        name = f"plan of {count:,} tables with {entries:,} privileges"
        if differ:
            name += ", no two tables alike"
        is_large = count == arguments.tables[-1]
        add_runs(results, name, plans, {"wall": "< 2 s" if is_large else ""})


def parsed_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weir", help="path of a release build of weir")
    parser.add_argument("emulator", help="path of a release build of weir-emulator")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--tables", type=int, nargs="+", default=[1_000, 2_500, 5_000, 10_000])
    parser.add_argument("--folder", default=os.environ.get("TMPDIR", "/var/tmp"),
                        help="for manifests and states, on a real disk")
    parser.add_argument("--output", type=Path, default=Path("build/bench"))
    return parser.parse_args()


def main() -> None:
    arguments = parsed_arguments()
    results = Results()
    load_before = os.getloadavg()[0]
    with Workspace(arguments) as workspace:
        fill(workspace, ["app", "copy"],
             "".join(tables(f"s{schema}", TABLES) for schema in range(SCHEMAS)))
        measure_refresh(arguments, results, workspace)
        measure_statements(arguments, results, workspace)
    for differ in (False, True):
        measure_catalogue(arguments, results, differ)
    write(results, arguments.output, "databases",
          [f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} processors, load {load_before:.1f} before "
           f"the start; medians of {arguments.times}, psql's in turns with weir's."])


if __name__ == "__main__":
    main()
