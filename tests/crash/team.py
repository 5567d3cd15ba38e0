"""The state of a team, in PostgreSQL, as a case sees it."""
import contextlib
import json
import time

LEASE_AND_DRAIN = 95  # seconds: 60 of the lease, 30 until its last requests have arrived


class TeamState:
    """A database of its own, reached in one of two ways."""

    def __init__(self, server, port):
        self.server = server
        self.name = server.new_database()
        self.address = server.address(self.name, port)

    def ask(self, sql):
        return self.server.ask(self.name, sql)

    def rows(self, question):
        """Questions are those to SQLite, where columns and tables are called the same."""
        question = question.replace(" JOIN blob USING (entry)", " JOIN weir.blob USING (deployment, entry)")
        for table in ("resource", "intent", "history"):
            question = question.replace(f"FROM {table}", f"FROM weir.{table}")
        if self.ask("SELECT to_regclass('weir.intent')") == [""]:
            return []
        rows = self.ask(f"SELECT row_to_json(answer) FROM ({question}) answer")
        return [tuple(json.loads(row).values()) for row in rows]

    def is_in_transaction(self):
        """Also while a statement still runs, which may have locked its rows."""
        return bool(self.ask("SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND"
                             " datname = current_database() AND state <> 'idle'"))

    @contextlib.contextmanager
    def locked(self, table):
        """Whoever wants to write there waits inside a transaction."""
        session = self.server.session(self.name)
        session.stdin.write(f"BEGIN; LOCK TABLE {table} IN EXCLUSIVE MODE; SELECT 'locked';\n")
        session.stdin.flush()
        while "locked" not in session.stdout.readline():
            pass
        try:
            yield
        finally:
            session.communicate("ROLLBACK;\n", timeout=30)

    def wait_until(self, condition):
        """Until a session of weir is so."""
        limit = time.monotonic() + 30
        while not self.ask("SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND"
                           f" datname = current_database() AND {condition}"):
            if time.monotonic() > limit:
                raise RuntimeError(f"no session has {condition}")
            time.sleep(0.01)

    def make_lease_older(self, seconds):
        self.ask(f"UPDATE weir.lease SET expires_at = expires_at - interval '{seconds} s',"
                 f" since = since - interval '{seconds} s'")
