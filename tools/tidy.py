#!/usr/bin/env python3
"""Runs clang-tidy over sources that are joined into few units.

Nine tenths of clang-tidy's time go into the headers of the libraries, which every source includes;
joined sources share them. A unit that does not compile all the same is looked at source by source.

usage: tidy.py BUILD_FOLDER [SOURCE ...]    all tracked sources but the fuzzers, unless some are named
"""
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from units import Source, joined

MOST_LINES = 2500
CLANG_TIDY = "clang-tidy-16"
# The analyzer looks at a source's own lines only, and a unit has none: `./dev analyze` is for that.
NOT_HERE = "-clang-analyzer-*"
# A unit is made of what this one complains of.
NOT_FOR_UNITS = "-bugprone-suspicious-include"


def units_of(sources):
    def has_room(unit, source):
        is_neighbour = Path(unit[0].path).parts[0] == Path(source.path).parts[0]
        return is_neighbour and sum(each.lines for each in unit) + source.lines <= MOST_LINES

    return joined(sorted(sources, key=lambda each: -each.lines), has_room)


def flags_of(commands):
    """Those of all sources together. Some define a folder of test data differently; any will do."""
    flags = {}
    for command in commands:
        words = iter(shlex.split(command)[1:])
        for word in words:
            if word in ("-o", "-c"):
                next(words)
                continue
            flag = [word, next(words)] if word == "-isystem" else [word]
            name = word.partition("=")[0] if word.startswith("-D") else " ".join(flag)
            flags.setdefault(name, flag)
    return [word for flag in flags.values() for word in flag]


def tidied(file, flags):
    done = subprocess.run([CLANG_TIDY, "--quiet", f"--checks={NOT_HERE},{NOT_FOR_UNITS}", file, "--",
                           *flags],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, re.sub(r"^\d+ warnings generated\.\n", "", done.stdout, flags=re.M)


def look_at(unit, folder, number, flags):
    """Whether it is clean, and what is said about it."""
    if len(unit) == 1:
        code, said = tidied(unit[0].path, flags)
        return code == 0, said
    file = folder / f"unit{number:03}.cc"
    file.write_text("".join(f'#include "{source.path}"\n' for source in unit), encoding="utf-8")
    code, said = tidied(str(file), flags)
    if "clang-diagnostic-error" not in said:
        return code == 0, said
    results = [tidied(source.path, flags) for source in unit]
    return all(code == 0 for code, _ in results), "".join(said for _, said in results)


def main():
    build = Path(sys.argv[1])
    commands = json.loads((build / "compile_commands.json").read_text())
    flags = flags_of(each["command"] for each in commands)
    tracked = subprocess.run(["git", "ls-files", "*.cc"], stdout=subprocess.PIPE, text=True,
                             check=True).stdout.split()
    chosen = sys.argv[2:] or [path for path in tracked if not path.startswith("tests/fuzz/")]
    units = units_of([Source(path) for path in chosen])
    folder = build / "units"
    folder.mkdir(exist_ok=True)
    print(f"{len(chosen)} sources in {len(units)} units", flush=True)
    is_clean = True
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for unit_is_clean, said in pool.map(lambda each: look_at(each[1], folder, each[0], flags),
                                            enumerate(units)):
            print(said, end="", flush=True)
            is_clean &= unit_is_clean
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
