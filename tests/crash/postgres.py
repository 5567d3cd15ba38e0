"""A PostgreSQL server with a pool in front of it, for states of teams."""
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from postgres_server import PostgresServer  # noqa: E402

PGBOUNCER = "/usr/sbin/pgbouncer"
POOL_PORT = 6432


class Postgres(PostgresServer):
    """Both run until the end of a `with`."""

    def __init__(self):
        super().__init__()
        self.databases = 0

    def __enter__(self):
        super().__enter__()
        self.start_pool()
        return self

    def __exit__(self, *_):
        self.stop(self.pool)
        super().__exit__()

    def crash(self):
        """As after a failure of its machine: nobody is asked, and it starts again."""
        self.server.send_signal(signal.SIGQUIT)
        self.server.wait(30)
        self.start_server()

    def start_pool(self):
        file = self.folder / "pool.ini"
        (self.folder / "users").write_text('"weir" ""\n')
        file.write_text(f"[databases]\n* = host={self.folder} port=5432\n[pgbouncer]\n"
                        f"listen_addr =\nlisten_port = {POOL_PORT}\nunix_socket_dir = {self.folder}\n"
                        f"auth_type = trust\nauth_file = {self.folder}/users\n"
                        "pool_mode = transaction\ndefault_pool_size = 2\nmax_client_conn = 100\n"
                        # Each case has a database of its own, and the server room for eighty sessions.
                        "server_idle_timeout = 2\n")
        self.pool = self.start(PGBOUNCER, file)
        self.wait_for((self.folder / f".s.PGSQL.{POOL_PORT}").exists)

    def new_database(self):
        self.databases += 1
        name = f"state_{os.getpid()}_{self.databases}"
        self.ask("postgres", f"CREATE DATABASE {name} TEMPLATE template0")
        return name

    def address(self, database, port):
        folder = str(self.folder).replace("/", "%2F")
        return f"postgres://weir@{folder}:{port}/{database}"
