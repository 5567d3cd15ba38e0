"""A database of an emulator with real PostgreSQL, and sessions of psql beside those of weir."""
import os
import re
import shutil
import tempfile
from pathlib import Path

from commands import Run
from daemon import Emulator
from reconciler import environment_of

BRANCH = "projects/bench/branches/production"
USER = "developer@example.com"


def manifest(roles: int, databases: dict[str, list[str]]) -> str:
    """Databases of the user who runs weir, with the grants that stand inside each of them."""
    names = [f"developer: {{ user: {USER} }}"]
    names += [f"{role(number)}: {{ login: false }}" for number in range(roles)]
    lines = ["version: weir/v1", "name: bench", "projects:", "  bench:", "    branches:",
             "      production:", "        roles:"]
    lines += [f"          {name}" for name in names]
    lines += ["        databases:"]
    for database, grants in databases.items():
        lines += [f"          {database}:", "            owner: developer"]
        if grants:
            lines += ["            grants:"] + [f"              - {grant}" for grant in grants]
    return "\n".join(lines) + "\n"


def role(number: int) -> str:
    return f"r{number:02}"


def grant(number: int, schema: str, privileges: list[str]) -> str:
    return (f"{{ to: {role(number)}, on: {{ tables_in: {schema} }}, "
            f"privileges: [{', '.join(privileges)}] }}")


class Workspace:
    """One branch with databases, and the folder of a manifest; both go at the end of a `with`."""

    def __init__(self, arguments):
        self.weir = arguments.weir
        self.emulator = Emulator(arguments.emulator)
        self.folder = Path(tempfile.mkdtemp(prefix="weir-bench-inside-", dir=arguments.folder))
        self.environment = environment_of(self.emulator) | {
            "WEIR_POSTGRES_PORT": str(self.emulator.postgres_port),
            "WEIR_POSTGRES_CA": str(Path(self.emulator.folder) / "ca.pem")}

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.emulator.stop()
        shutil.rmtree(self.emulator.folder, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def declare(self, text: str) -> None:
        (self.folder / "weir.yaml").write_text(text)

    def run(self, *arguments: str) -> Run:
        return Run([self.weir, *arguments, "-f", str(self.folder / "weir.yaml")],
                   self.environment)

    def apply(self) -> Run:
        return self.run("apply", "-auto-approve", "-quiet")

    def settled_plan(self) -> Run:
        """A plan that finds nothing to do, with the round trips to databases that it took."""
        run = self.run("plan", "-detailed-exitcode", "-quiet")
        run.round_trips = int(re.search(r"calls?, (\d+) to databases\)", run.output).group(1))
        return run

    def psql(self, database: str, script: str) -> Run:
        """Executes a script in one session, which ends with the first mistake."""
        endpoint = f"{BRANCH}/endpoints/primary"
        host = self.emulator.call("GET", endpoint)["status"]["hosts"]["host"]
        token = self.emulator.call("POST", "credentials", {"endpoint": endpoint})["token"]
        file = self.folder / "script.sql"
        file.write_text(script)
        address = (f"host={host} port={self.emulator.postgres_port} dbname={database} user={USER} "
                   f"sslmode=verify-full sslrootcert={self.environment['WEIR_POSTGRES_CA']}")
        return Run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", str(file), address],
                   {"PATH": os.environ["PATH"], "PGPASSWORD": token})
