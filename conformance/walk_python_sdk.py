"""The whole life of a project, walked with the official Python SDK and psycopg."""

import sys

from check import Checks
from python_sdk import (
    branches,
    connections,
    databases,
    deletions,
    endpoints,
    permissions,
    projects,
    roles,
    signing_in,
)

# Each chapter builds on what the ones before it left behind.
CHAPTERS = [
    ("signing in", signing_in),
    ("projects", projects),
    ("branches", branches),
    ("endpoints", endpoints),
    ("permissions", permissions),
    ("roles", roles),
    ("databases", databases),
    ("connections", connections),
    ("deletions", deletions),
]


def main():
    check = Checks()
    space = signing_in.sign_in()
    for title, chapter in CHAPTERS:
        check.chapter(title, lambda chapter=chapter: chapter.walk(check, space))
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
