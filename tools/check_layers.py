#!/usr/bin/env python3
"""Checks the house rules that a compiler cannot: layers, file sizes, places for threads.

A folder may include only what stands in its row of LAYERS, and its own files. Prints each
problem as `file:line: problem` and exits 1 when there is one.
"""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Folder → the folders it may include, beside itself.
LAYERS = {
    "core": [],
    "postgres": ["core"],
    "sql": ["core"],
    "manifest": ["sql", "core"],
    "convert": ["manifest", "sql", "core"],
    "planner": ["manifest", "sql", "core"],
    "engine": ["planner", "manifest", "sql", "core"],
    "providers": ["sql", "postgres", "core"],
    "state": ["postgres", "core"],
    "cli": ["engine", "planner", "convert", "manifest", "sql", "core", "providers", "state"],
    # Inside the emulator the order is base ← http, postgres ← api ← control ← program.
    "emulator": [],
    "emulator/http": ["emulator"],
    "emulator/postgres": ["emulator"],
    "emulator/api": ["emulator", "emulator/http"],
    "emulator/control": ["emulator", "emulator/http", "emulator/api"],
}
# The files of the emulator's own folder that wire the rest may see all of it.
WIRING = {"emulator/main.cc", "emulator/program.cc", "emulator/program.h", "emulator/options.cc",
          "emulator/options.h"}
# One file decides about each of these libraries; everything else stays free of it.
ONLY_IN = {
    "yaml-cpp/": "manifest/yaml.cc",
    "boost/graph/": "planner/dependency_graph.cc",
    "curl/": "providers/http/",
    "sqlite3.h": ("emulator/store.cc", "state/sqlite.cc", "tests/state/"),
    "pqxx/": ("emulator/postgres/", "providers/postgres/", "state/postgres_session.h",
              "tests/state/", "tests/sql/", "tests/support/",
              "tests/providers/postgres/"),
}
THREAD_WORDS = re.compile(r"\bstd::(mutex|thread|jthread|atomic|condition_variable)")
THREAD_FILES = ("engine/workers.", "engine/inbox.", "engine/gate.", "providers/http/rate_limit.",
                "providers/postgres/session_pool.", "emulator/loop.", "emulator/postgres/", "tests/")
MOST_LINES = 500
INCLUDE = re.compile(r'^\s*#include\s+["<]([^">]+)[">]')


def layer_of(path: str) -> str | None:
    folder = str(Path(path).parent)
    while folder != ".":
        if folder in LAYERS:
            return folder
        folder = str(Path(folder).parent)
    return None


def problems_of_include(path: str, included: str):
    for library, places in ONLY_IN.items():
        if included.startswith(library) and not path.startswith(places):
            yield f"{included} belongs into {places} only"
    mine, theirs = layer_of(path), layer_of(included)
    if mine is None or theirs is None or path in WIRING:
        return
    if theirs != mine and theirs not in LAYERS[mine]:
        yield f"{mine} may not include {included}"
    if included in WIRING:
        yield f"{mine} may not include the program that wires it"


def problems_of(path: str):
    lines = (ROOT / path).read_text().splitlines()
    if len(lines) > MOST_LINES:
        yield 1, f"{len(lines)} lines are more than {MOST_LINES}"
    for number, line in enumerate(lines, 1):
        if found := INCLUDE.match(line):
            for problem in problems_of_include(path, found.group(1)):
                yield number, problem
        if THREAD_WORDS.search(line) and not path.startswith(THREAD_FILES):
            yield number, "threads and locks belong into the few files that the style names"


def main() -> int:
    listed = subprocess.run(["git", "ls-files", "*.cc", "*.h"], cwd=ROOT, check=True,
                            capture_output=True, text=True).stdout.split()
    count = 0
    for path in listed:
        for number, problem in problems_of(path):
            print(f"{path}:{number}: {problem}")
            count += 1
    print(f"{len(listed)} files checked, {count} problems")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
