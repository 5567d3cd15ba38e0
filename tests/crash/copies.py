#!/usr/bin/env python3
"""Kills weir while it makes copies of tables anew, with what they leave in Postgres and what they had.

    tests/crash/copies.py WEIR EMULATOR PRELOAD [--only NAME]

One workspace, and two manifests that take turns. Wherever an apply of one is killed, at most two more
applies make the copies as it declares: no table is left over, none is missing, and who may read them
still may.
"""
import argparse
import sys
import time
from pathlib import Path

from case import Case, Programs
from examples import Example
from invariants import converge
from sql import Ground, at_request, at_write, play

# One copy is made anew, one comes and one goes, and the catalog of the database gets another name.
MANIFEST = """\
version: weir/v1
name: copies
projects:
  shop:
    branches:
      production:
        roles: {{ ana: {{ user: ana@example.com }}, web: {{ user: web@example.com }} }}
        databases:
          orders:
            owner: ana
            catalog: {{ name: {catalog} }}
            data_api: {{ schemas: [public], max_rows: {rows} }}
            schemas:
              crm:
                owner: ana
                access: {{ web: readonly }}
                cdf: {{ catalog: main, schema: {feed} }}
                synced_tables:
                  books:
                    from: {source}
                    mode: snapshot
                    primary_key: [id]
                    uc_name: main.crm.books
                    after_create: {{ indexes: "create index on {{table}} (title)" }}
                  {key}: {{ from: main.shop.books, mode: snapshot, primary_key: [id], uc_name: main.crm.{key} }}
"""
TURNS = (MANIFEST.format(catalog="old_pg", rows=10, feed="history", source="main.shop.books", key="one"),
         MANIFEST.format(catalog="new_pg", rows=20, feed="archive", source="main.shop.all", key="two"))
COLUMNS = [{"name": "id", "type": "bigint", "nullable": False}, {"name": "title", "type": "string"}]
TABLES = {"schemas": ["main.history", "main.archive", "main.crm"],
          "tables": [{"name": name, "primary_key": ["id"], "columns": COLUMNS,
                      "rows": [{"id": 1, "title": name}]}
                     for name in ("main.shop.books", "main.shop.all")]}
COPIES = """
SELECT string_agg(relname || ' ' || has_table_privilege('web@example.com', oid, 'SELECT')::text,
                  ', ' ORDER BY relname)
FROM pg_class WHERE relnamespace = 'crm'::regnamespace AND relkind = 'r'
"""
INDEXES = "SELECT count(*) FROM pg_indexes WHERE schemaname = 'crm' AND indexname LIKE 'weir_%'"
FLAGS = ("-allow-destroy", "*")


def begin(ground):
    ground.case.declare(TURNS[0])
    converge(ground.case, ground.case.apply())
    check(ground)


def check(ground):
    wanted = "books true, " + ("one", "two")[ground.turn] + " true"
    if (found := ground.ask(COPIES)) != wanted:
        ground.case.wrong.append(f"the copies are {found} instead of {wanted}")
    if (found := ground.ask(INDEXES)) != "1":
        ground.case.wrong.append(f"{found} indexes are there instead of 1")


def at_call(ground, number, moment):
    at_request(ground, number, moment)
    check(ground)


def at_sync(ground, programs, number, moment):
    at_write(ground, programs, number, moment)
    check(ground)


def all_tests(programs, requests, writes):
    for number in range(1, requests + 1):
        moment = ("kill-before", "kill-handled", "kill-answered")[number % 3]
        yield (f"request-{number}-{moment}",
               lambda ground, number=number, moment=moment: at_call(ground, number, moment))
    for number in range(1, writes + 1):
        moment = ("before", "after")[number % 2]
        yield (f"write-{number}-{moment}",
               lambda ground, number=number, moment=moment:
               at_sync(ground, programs, number, moment))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("weir")
    parser.add_argument("emulator")
    parser.add_argument("preload")
    parser.add_argument("--only", default="")
    parser.add_argument("--every", type=int, default=1, help="plays every so manieth point")
    arguments = parser.parse_args()
    programs = Programs(*(str(Path(path).resolve()) for path in
                          (arguments.weir, arguments.emulator, arguments.preload)))
    begun = time.monotonic()
    example = Example("copies", TURNS[0], has_postgres=True, tables=TABLES, flags=FLAGS)
    with Case(programs, example) as case:
        ground = Ground(case, TURNS)
        good = [play("undisturbed", begin, ground)]
        points = list(all_tests(programs, requests=20, writes=12))[::arguments.every]
        good += [play(*test, ground) for test in points if arguments.only in test[0]]
    print(f"{len(good)} tests in {time.monotonic() - begun:.0f} s, {good.count(False)} failed")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
