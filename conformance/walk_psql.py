"""psql on a project of its own: what it needs to connect, and what it is refused."""

import os
import subprocess
import sys

import certifi

from check import Checks
from databricks.sdk import WorkspaceClient
from databricks.sdk.service.postgres import Project
from python_sdk.workspace import credential, done

PROJECT = "projects/terminal"
ENDPOINT = f"{PROJECT}/branches/production/endpoints/primary"


class Terminal:
    """Runs psql against one endpoint; each call can bend one part of the connection."""

    def __init__(self, client, endpoint):
        self._connection = {
            "host": client.postgres.get_endpoint(endpoint).status.hosts.host,
            "port": os.environ.get("PGPORT", "5432"),
            "user": client.current_user.me().user_name,
            "dbname": "databricks_postgres",
            "sslmode": "verify-full",
            "sslrootcert": os.environ["PGSSLROOTCERT"],
            "connect_timeout": "30",
        }
        self.host = self._connection["host"]
        self.user = self._connection["user"]
        self._password = credential(client, endpoint)

    def run(self, *arguments, password=None, stdin=None, **changes):
        connection = " ".join(
            f"{key}={value}" for key, value in {**self._connection, **changes}.items()
        )
        return subprocess.run(
            [
                "psql",
                "--no-psqlrc",
                "--tuples-only",
                "--no-align",
                "--set=ON_ERROR_STOP=1",
                connection,
                *arguments,
            ],
            env={**os.environ, "PGPASSWORD": password or self._password},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def answer(self, *arguments, **changes):
        """What psql printed; its error text when it failed."""
        result = self.run(*arguments, **changes)
        return (
            result.stdout.strip() if result.returncode == 0 else f"failed: {result.stderr.strip()}"
        )


def connects(check, terminal):
    for mode in ("verify-full", "verify-ca", "require", "prefer"):
        check.equal(
            f"sslmode={mode} connects", terminal.answer("-c", "select 1", sslmode=mode), "1"
        )
    check.equal("psql is its user", terminal.answer("-c", "select current_user"), terminal.user)
    check.true("psql lists databases", "databricks_postgres|" in terminal.answer("-l"))
    check.true("psql describes its connection", "SSL" in terminal.answer("-c", r"\conninfo"))


def works(check, terminal):
    script = "create table line (n int);\n\\copy line from stdin\n1\n2\n3\n\\.\nselect sum(n) from line;\n"
    copied = terminal.answer("-q", "-f", "-", stdin=script)
    check.equal("psql copies rows in", copied, "6")
    check.equal(
        "psql copies rows out",
        terminal.answer("-c", r"\copy line to stdout").split(),
        ["1", "2", "3"],
    )
    failed = terminal.run("-c", "select * from nowhere")
    check.equal("an error of Postgres ends psql", failed.returncode, 1)
    check.true(
        "psql shows the error",
        'relation "nowhere" does not exist' in failed.stderr,
        got=failed.stderr,
    )


def is_refused(check, terminal):
    bent = {
        "another authority": (dict(sslrootcert=certifi.where()), "certificate verify failed"),
        "another host name": (
            dict(hostaddr=terminal.host, host="other.example"),
            "does not match host name",
        ),
        "an unencrypted connection": (dict(sslmode="disable"), "FATAL"),
        "a made-up password": (dict(password="made-up"), "authentication failed"),
        "another user": (dict(user="jane@example.com"), "authentication failed"),
        "an unknown database": (dict(dbname="nowhere"), "does not exist"),
    }
    for what, (changes, says) in bent.items():
        result = terminal.run("-c", "select 1", **changes)
        check.equal(f"{what} is refused", result.returncode, 2)
        check.true(f"{what} is refused with a reason", says in result.stderr, says, result.stderr)


def main():
    check = Checks()
    client = WorkspaceClient()
    done(client.postgres.create_project(Project(), "terminal"))
    terminal = Terminal(client, ENDPOINT)
    check.chapter("connecting", lambda: connects(check, terminal))
    check.chapter("working", lambda: works(check, terminal))
    check.chapter("refusals", lambda: is_refused(check, terminal))
    done(client.postgres.delete_project(PROJECT, purge=True))
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
