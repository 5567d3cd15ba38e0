#!/usr/bin/env python3
"""Validates every example of docs/manifest.md, in the form that weir fmt gives, and compares its table
of limits with the program.

    tests/readme/guide.py WEIR
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDE = ROOT / "docs" / "manifest.md"
HEADER = "version: weir/v1\nname: guide\n"


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def wrong_examples(weir, text, folder):
    blocks = re.findall(r"^```yaml\n(.*?)^```", text, re.S | re.M)
    if len(blocks) < 10:
        yield f"only {len(blocks)} examples were found"
    for block in blocks:
        file = Path(folder, "weir.yaml")
        file.write_text(block if "version: weir/v1" in block else HEADER + block)
        ran = run(weir, "validate", "-f", str(file))
        if ran.returncode or not ran.stdout.startswith("No mistakes"):
            yield f"{block}\n{ran.stdout}{ran.stderr}"
        if run(weir, "fmt", "-check", str(file)).returncode:
            yield f"not in the form that weir fmt gives:\n{block}"


def wrong_form(weir):
    ran = run(weir, "fmt", "-check", *map(str, ROOT.glob("examples/*/*.yaml")))
    if ran.returncode:
        yield f"examples are not in the form that weir fmt gives:\n{ran.stdout}{ran.stderr}"


def wrong_limits(weir, text):
    said = run(weir, "explain", "limits").stdout.split("Limits of weir", 1)[1].splitlines()[1:]
    shown = [tuple(re.split(r"  +", line.strip())) for line in said]
    written = re.findall(r"^\| (.+?) \| (.+?) \| ([MY]\d+) \|$", text, re.M)
    if shown != written:
        yield f"the table of limits says {written}, the program {shown}"


def main():
    weir = str(Path(sys.argv[1]).resolve())
    text = GUIDE.read_text()
    with tempfile.TemporaryDirectory() as folder:
        wrong = [*wrong_examples(weir, text, folder), *wrong_limits(weir, text), *wrong_form(weir)]
    for each in wrong:
        print(f"{GUIDE}: {each}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
