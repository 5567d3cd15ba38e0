#!/usr/bin/env python3
"""Shows what the failed tests of the last run said, as ctest's own summary hides it far above.

usage: failed_tests.py BUILD_FOLDER [LINES]    that many lines of each at most, the last ones (60)
"""
import re
import sys
from pathlib import Path

BEGIN = re.compile(r"^\d+/\d+ Testing: (.*)$", re.MULTILINE)
OUTPUT = re.compile(r"^Output:\n-+\n(.*?)\n<end of output>", re.MULTILINE | re.DOTALL)


def failed(log):
    """The name and the output of each; a run that was cut short failed as well."""
    parts = BEGIN.split(log)[1:]
    for name, text in zip(parts[::2], parts[1::2]):
        if not re.search(r"^Test (Passed|Not Run|Disabled)", text, re.MULTILINE):
            output = OUTPUT.search(text)
            yield name, output.group(1) if output else text


def main():
    log = Path(sys.argv[1], "Testing", "Temporary", "LastTest.log")
    most = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    for name, output in failed(log.read_text(errors="replace")):
        print("", f"#### {name} said:", *output.splitlines()[-most:], sep="\n")


if __name__ == "__main__":
    main()
