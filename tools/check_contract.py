#!/usr/bin/env python3
"""Checks emulator/contract/*.json: every line says where it comes from and refers to what exists.

Prints each problem as `file: row: problem` and exits with 1 when there is one.
"""
import collections
import json
import pathlib
import re
import sys

CONTRACT = pathlib.Path(__file__).resolve().parent.parent / "emulator" / "contract"
SHEETS = {"lakebase-api-autoscaling.md", "lakebase-api-provisioned.md", "service-rules.md", "databricks-platform.md",
          "peer-behaviour.md"}
CERTAINTIES = {"documented", "observed", "assumed"}
NAMES = ("path", "rule", "id", "name", "method", "level", "kind", "parameter")  # what calls a row by name

problems = []


def rows_of(document):
    """The row objects of a file: its `id` and the elements of its lists."""
    for section in document.values():
        yield from (row for row in (section if isinstance(section, list) else [section]) if isinstance(row, dict))


def check_origin(row, complain):
    """Every row has a source in a known sheet, and certainties of the three kinds."""
    if row.get("certainty") not in CERTAINTIES:
        complain(f"certainty is {row.get('certainty')!r}")
    for key, value in row.items():
        if key.endswith("_certainty") and value not in CERTAINTIES:
            complain(f"{key} is {value!r}")
    for source in row.get("source", "").split("; "):
        sheet, _, place = source.partition(" ")
        if sheet not in SHEETS or not place:
            complain(f"source {source!r} is not a sheet and a place in it")


def check_references(row, errors, assumptions, details, complain):
    """Errors, assumptions and details that a row names exist."""
    for key, known in (("error", errors), ("missing", errors), ("assumption", assumptions), ("details", details)):
        if key in row and row[key] not in known:
            complain(f"{key} {row[key]!r} does not exist")


def check_fields(document, complain_about):
    """Masks, oneofs and what shows an input, among the fields of one kind."""
    fields = document.get("fields", [])
    paths = {field["path"] for field in fields}
    oneofs = collections.Counter(field["oneof"] for field in fields if "oneof" in field)
    for field in fields:
        complain = complain_about(field)
        is_input = field.get("flow") == "input"
        if field.get("flow") not in ("input", "output"):
            complain("flow is neither input nor output")
        if "mask" in field and (not is_input or field.get("immutable")):
            complain("has a mask but cannot be changed")
        if is_input and not field.get("immutable") and "mask" not in field:
            complain("can be changed but has no mask")
        if oneofs[field.get("oneof")] == 1:
            complain(f"is the only member of {field['oneof']}")
        if is_input and field["path"].startswith("spec.") and "shown_as" not in field:
            complain("does not say where its effect is shown")
        if field.get("shown_as", "status") not in paths | {None, "status"}:
            complain(f"shown_as {field['shown_as']!r} is not a field")
    for rule in document.get("rules", []) if fields else []:
        named = rule.get("fields", []) + [rule[key] for key in ("of", "if", "then") if key in rule]
        for path in [path for path in named if path not in paths]:
            complain_about(rule)(f"{path!r} is not a field")
        if "oneof" in rule and rule["oneof"] not in oneofs:
            complain_about(rule)(f"oneof {rule['oneof']!r} has no members")


def check_assumption(row, complain):
    """The default of a switch is one of its choices, or of its type."""
    default, kind = row.get("default"), row.get("type")
    fits = {"choice": default in row.get("choices", []),
            "integer": isinstance(default, int),
            "number": isinstance(default, (int, float)),
            "duration": bool(re.fullmatch(r"\d+s", str(default)))}
    if not fits.get(kind):
        complain(f"default {default!r} does not fit the type {kind!r}")


def main():
    documents = {file.name: json.loads(file.read_text()) for file in sorted(CONTRACT.glob("*.json"))}
    ids = [row["id"] for row in documents["errors.json"]["errors"]]
    names = [row["name"] for row in documents["assumptions.json"]["assumptions"]]
    details = {row["id"] for row in documents["errors.json"]["details"]}
    for file, document in documents.items():
        def complain_about(row, file=file):
            name = next((str(row[key]) for key in NAMES if key in row), "?")
            return lambda problem: problems.append(f"{file}: {name}: {problem}")

        for row in rows_of(document):
            check_origin(row, complain_about(row))
            check_references(row, ids, names, details, complain_about(row))
        check_fields(document, complain_about)
    for row in documents["assumptions.json"]["assumptions"]:
        check_assumption(row, lambda problem, row=row: problems.append(f"assumptions.json: {row['name']}: {problem}"))
    for name in [name for known in (ids, names) for name, count in collections.Counter(known).items() if count > 1]:
        problems.append(f"errors.json or assumptions.json: {name}: is there twice")
    print("\n".join(problems) or f"{len(documents)} contract files are consistent")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
