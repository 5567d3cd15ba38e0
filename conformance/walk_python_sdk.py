"""The whole life of a project, walked with the official Python SDK and psycopg."""

import sys

from check import Checks
from python_sdk import (
    apps,
    branches,
    connections,
    databases,
    deletions,
    endpoints,
    instances,
    permissions,
    projects,
    roles,
    signing_in,
)

# Each chapter builds on what the ones before it left behind.
CHAPTERS = [
    ("signing in", [signing_in.walk]),
    ("projects", projects.PARTS),
    ("branches", branches.PARTS),
    ("endpoints", endpoints.PARTS),
    ("permissions", [permissions.walk]),
    ("roles", roles.PARTS),
    ("databases", databases.PARTS),
    ("connections", connections.PARTS),
    ("deletions", deletions.PARTS),
    ("instances", instances.PARTS),
    ("apps", apps.PARTS),
]


def main():
    check = Checks()
    space = signing_in.sign_in()
    for chapter, parts in CHAPTERS:
        for part in parts:
            title = f"{chapter}: {part.__name__}".replace("_", " ")
            check.chapter(title, lambda part=part: part(check, space))
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
