"""A PostgreSQL server for tests of the real programs."""
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

SETTINGS = {"fsync": "off", "max_connections": "80", "shared_buffers": "16MB", "port": "5432"}
NO_CONNECTION = 2  # how psql ends


def bin_folder():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"),
                   key=lambda path: int(path.parts[-3]))
    if not found:
        raise RuntimeError("PostgreSQL is not installed below /usr/lib/postgresql")
    return found[-1].parent


class PostgresServer:
    """Runs until the end of a `with`, as the user postgres when we are root, which it refuses. Listens
    on a socket in its folder."""

    CLUSTER = ("-A", "trust")
    SETTINGS = SETTINGS
    HOSTS = ""

    def __init__(self):
        self.bin = bin_folder()
        self.user = "postgres" if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="weir-postgres-"))
        if self.user:
            os.chown(self.folder, pwd.getpwnam(self.user).pw_uid, -1)

    def __enter__(self):
        self.run(self.bin / "initdb", "-D", self.folder / "data", *self.CLUSTER, "-U", "weir", "-N",
                 "--no-instructions")
        self.start_server()
        return self

    def __exit__(self, *_):
        self.stop(self.server)
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def stop(process):
        process.send_signal(signal.SIGINT)
        process.wait(30)

    def start_server(self):
        self.server = self.start(
            self.bin / "postgres", "-D", self.folder / "data", "-k", self.folder, "-h", self.HOSTS,
            *(word for item in self.SETTINGS.items() for word in ("-c", "=".join(item))))
        self.wait_for(lambda: self.answers("postgres"))

    def run(self, *words):
        subprocess.run([str(word) for word in words], check=True, user=self.user,
                       cwd=self.folder, stdout=subprocess.DEVNULL)

    def start(self, *words):
        return subprocess.Popen([str(word) for word in words], user=self.user, cwd=self.folder,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @staticmethod
    def wait_for(is_there):
        limit = time.monotonic() + 30
        while not is_there():
            if time.monotonic() > limit:
                raise RuntimeError("PostgreSQL or its pool does not start")
            time.sleep(0.01)

    def answers(self, database):
        asked = subprocess.run([self.bin / "pg_isready", "-q", "-h", self.folder, "-p",
                                self.SETTINGS["port"], "-d", database],
                               check=False)
        return asked.returncode == 0

    def ask(self, database, sql):
        """The lines of the answer. A server that is about to come back is waited for."""
        limit = time.monotonic() + 30
        while True:
            asked = subprocess.run(
                [self.bin / "psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.folder,
                 "-U", "weir", "-d", database, "-c", sql], text=True, capture_output=True,
                check=False, env={**os.environ, "PGOPTIONS": "-c lock_timeout=5s"})
            if asked.returncode == 0:
                return asked.stdout.splitlines()
            if asked.returncode != NO_CONNECTION or time.monotonic() > limit:
                raise RuntimeError(f"{sql}: {asked.stderr}")
            time.sleep(0.05)

    def session(self, database):
        """A psql that is told what to do as it goes."""
        return subprocess.Popen(
            [self.bin / "psql", "-X", "-A", "-t", "-h", self.folder, "-U", "weir", "-d", database],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
