"""A PostgreSQL server with a pool in front of it, for states of teams."""
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

PGBOUNCER = "/usr/sbin/pgbouncer"
SETTINGS = {"fsync": "off", "max_connections": "80", "shared_buffers": "16MB", "port": "5432"}


def bin_folder():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"),
                   key=lambda path: int(path.parts[-3]))
    if not found:
        raise RuntimeError("PostgreSQL is not installed below /usr/lib/postgresql")
    return found[-1].parent


class Postgres:
    """Runs until the end of a `with`, as the user postgres when we are root, which it refuses."""

    def __init__(self):
        self.bin = bin_folder()
        self.user = "postgres" if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="weir-crash-postgres-"))
        if self.user:
            os.chown(self.folder, pwd.getpwnam(self.user).pw_uid, -1)
        self.databases = 0

    def __enter__(self):
        self.run(self.bin / "initdb", "-D", self.folder / "data", "-A", "trust", "-U", "weir",
                 "-N", "--no-instructions")
        self.start_server()
        self.start_pool()
        return self

    def __exit__(self, *_):
        for process in (self.pool, self.server):
            process.send_signal(signal.SIGINT)
            process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_server(self):
        self.server = self.start(
            self.bin / "postgres", "-D", self.folder / "data", "-k", self.folder, "-h", "",
            *(word for item in SETTINGS.items() for word in ("-c", "=".join(item))))
        self.wait_for(lambda: self.answers("postgres"))

    def crash(self):
        """As after a failure of its machine: nobody is asked, and it starts again."""
        self.server.send_signal(signal.SIGQUIT)
        self.server.wait(30)
        self.start_server()

    def start_pool(self):
        file = self.folder / "pool.ini"
        (self.folder / "users").write_text('"weir" ""\n')
        file.write_text(f"[databases]\n* = host={self.folder} port=5432\n[pgbouncer]\n"
                        f"listen_addr =\nlisten_port = 6432\nunix_socket_dir = {self.folder}\n"
                        f"auth_type = trust\nauth_file = {self.folder}/users\n"
                        "pool_mode = transaction\ndefault_pool_size = 2\nmax_client_conn = 100\n")
        self.pool = self.start(PGBOUNCER, file)
        self.wait_for((self.folder / ".s.PGSQL.6432").exists)

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
        asked = subprocess.run([self.bin / "pg_isready", "-q", "-h", self.folder, "-d", database],
                               check=False)
        return asked.returncode == 0

    def ask(self, database, sql):
        """The lines of the answer."""
        asked = subprocess.run(
            [self.bin / "psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U",
             "weir", "-d", database, "-c", sql], text=True, capture_output=True, check=False,
            env={**os.environ, "PGOPTIONS": "-c lock_timeout=5s"})
        if asked.returncode != 0:
            raise RuntimeError(f"{sql}: {asked.stderr}")
        return asked.stdout.splitlines()

    def session(self, database):
        """A psql that is told what to do as it goes."""
        return subprocess.Popen(
            [self.bin / "psql", "-X", "-A", "-t", "-h", self.folder, "-U", "weir", "-d", database],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def new_database(self):
        self.databases += 1
        self.ask("postgres", f"CREATE DATABASE state_{self.databases}")
        return f"state_{self.databases}"

    def address(self, database, port):
        folder = str(self.folder).replace("/", "%2F")
        return f"postgres://weir@{folder}:{port}/{database}"
