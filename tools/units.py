#!/usr/bin/env python3
"""Which sources can be compiled together, as one unit.

What stands in an unnamed namespace would clash or mean something else in a unit, so a source joins
only others that never say a name of it.

usage: units.py MOST    reads lines "TARGET SOURCE ..." and answers "TARGET UNIT SOURCE ..."
"""
import functools
import os
import re
import sys
from pathlib import Path

NO_FUNCTIONS = {"TEST", "TEST_F", "TEST_P", "INSTANTIATE_TEST_SUITE_P", "decltype", "static_assert"}


class Source:
    def __init__(self, path):
        self.path = path
        text = read(path)
        self.lines = text.count("\n")
        code = without_comments(text)
        self.called = set(re.findall(r"(?<![.>:\w])([A-Za-z_]\w*)\(", code))
        self.said = words_in(code) | words_of_headers(path)
        unnamed = re.findall(r"^namespace \{$(.*?)^\}  // namespace$", text, re.S | re.M)
        self.functions, self.others = declared_in("\n".join(map(without_comments, unnamed)))
        self.defined = set().union(*declared_in(code))

    def may_join(self, other):
        return not (
            self.functions & other.called or other.functions & self.called
            or self.others & other.said or other.others & self.said
            or self.defined & other.defined)


@functools.cache
def read(path):
    return Path(path).read_text(encoding="utf-8")


def without_comments(text):
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', " ", text, flags=re.S)


def words_in(code):
    return set(re.findall(r"(?<![.>:\w])[A-Za-z_]\w*", code))


@functools.cache
def words_of_headers(path):
    """Of all headers of ours that come with a file."""
    words = set()
    for header in re.findall(r'^#include "(.*)"$', read(path), re.M):
        if os.path.exists(header):
            words |= words_in(without_comments(read(header))) | words_of_headers(header)
    return words


def declared_in(code):
    """What is declared at the beginning of lines: functions, and the rest."""
    functions, others = set(), set()
    for line in re.findall(r"^[\[A-Za-z].*", code, re.M):
        if re.match(r"namespace |using (?:namespace |enum )?[\w:]+;", line):
            continue  # the same in every source that says it
        others.update(re.findall(r"\b(?:struct|class|enum class|enum|using) (\w+)", line))
        if value := re.match(r"[^(=]*?(\w+)(?:\{| =|;|\[)", line):
            others.add(value[1])
        functions.update(re.findall(r"(?<![.>:\w])(\w+)\(", line))
        if test := re.match(r"(?:TYPED_)?TEST(?:_[FP])?\((\w+), (\w+)\)", line):
            others.add("_".join(test.groups()))
    return functions - NO_FUNCTIONS, others


def joined(sources, has_room):
    """Units: the first one that has room and no objection takes the next source."""
    units = []
    for source in sources:
        for unit in units:
            if has_room(unit, source) and all(source.may_join(each) for each in unit):
                unit.append(source)
                break
        else:
            units.append([source])
    return units


def main():
    most = int(sys.argv[1])
    for line in sys.stdin:
        target, *paths = line.split()
        # By name and number only, so that an edit seldom moves a source to another unit.
        units = joined([Source(path) for path in sorted(paths)], lambda unit, _: len(unit) < most)
        for number, unit in enumerate(unit for unit in units if len(unit) > 1):
            print(target, f"unit{number}", *(source.path for source in unit))


if __name__ == "__main__":
    main()
