#!/usr/bin/env python3
"""Kills weir in the middle of what it does inside a database, and takes the database away from it.

    tests/crash/sql.py WEIR EMULATOR PRELOAD [--only NAME]

One workspace, and two manifests that take turns: whatever becomes of an apply of one, at most two
applies must make the database as it declares, with all or nothing of the transaction before.
"""
import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from case import Case, Programs
from examples import Example
from invariants import check_history, converge
from proxy import Strike

BRANCH = "projects/shop/branches/production"
ENDPOINT = BRANCH + "/endpoints/primary"
MANIFEST = """\
version: weir/v1
name: shop
projects:
  shop:
    branches:
      production:
        roles:
          ana: {{ user: ana@example.com }}
          web: {{ user: web@example.com }}
          owner: {{ login: false }}{guest}
        databases:
          orders:
            owner: ana
            settings: {{ search_path: {path} }}
            schemas:
              app: {{ owner: owner, created_by: owner, access: {{ web: {web}, ana: {ana} }} }}
"""
# A role that comes by SQL, and has to be retired before the service deletes it.
GUEST = """
          guest: { login: false, member_of: [owner] }"""
TURNS = [MANIFEST.format(path="app", web="readonly", ana="[readwrite, create]", guest=GUEST),
         MANIFEST.format(path='"app, public"', web="[readwrite, create]", ana="readonly",
                         guest="")]
TABLES = ("SET ROLE owner; CREATE TABLE app.a (id serial); CREATE TABLE app.b ();"
          " CREATE VIEW app.v AS TABLE app.b")
# What somebody else does and does not commit, so that weir waits in the middle of its transaction.
IN_THE_WAY = {
    "turn": "SELECT pg_advisory_lock({turn})",
    "schema": "SET ROLE owner; GRANT USAGE ON SCHEMA app TO \"developer@example.com\"",
    "table": "SET ROLE owner; GRANT TRIGGER ON app.b TO \"developer@example.com\"",
    "view": "SET ROLE owner; GRANT TRIGGER ON app.v TO \"developer@example.com\"",
    "defaults": "ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA app"
                " GRANT EXECUTE ON FUNCTIONS TO \"web@example.com\"",
}
# Who may do what, in one text, but for the guest, who comes and goes in transactions of its own.
RIGHTS = """
SELECT md5(string_agg(line, ';' ORDER BY line)) FROM (
  SELECT relname || relacl::text FROM pg_class WHERE relnamespace = 'app'::regnamespace
  UNION ALL SELECT nspname || nspacl::text FROM pg_namespace WHERE nspname = 'app'
  UNION ALL SELECT defaclobjtype::text || defaclacl::text FROM pg_default_acl
  UNION ALL SELECT setconfig::text FROM pg_db_role_setting
  UNION ALL SELECT roleid::regrole || ' ' || member::regrole FROM pg_auth_members
    WHERE member::regrole::text <> 'guest') all_of (line)
"""
OTHERS = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = 'orders' AND"


class Ground:
    """The workspace on which all points are played."""

    def __init__(self, case, turns=tuple(TURNS)):
        self.case = case
        self.turns = turns
        self.turn = 0

    def begin(self):
        self.case.declare(self.turns[0])
        first = self.case.apply()
        converge(self.case, first)
        self.ask("GRANT owner TO \"developer@example.com\"")
        self.ask(TABLES)
        converge(self.case)

    def next_manifest(self):
        self.turn = 1 - self.turn
        self.case.declare(self.turns[self.turn])

    def psql(self):
        emulator = self.case.emulator
        host = emulator.call("GET", ENDPOINT)["status"]["hosts"]["host"]
        token = emulator.call("POST", "credentials", {"endpoint": ENDPOINT})["token"]
        way = emulator.variables()
        return (["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U",
                 "developer@example.com",
                 f"host={host} port={way['WEIR_POSTGRES_PORT']} dbname=orders"
                 f" sslmode=verify-full sslrootcert={way['WEIR_POSTGRES_CA']}"],
                {**os.environ, "PGPASSWORD": token})

    def ask(self, sql):
        words, environment = self.psql()
        ran = subprocess.run([*words, "-c", sql], env=environment, text=True, capture_output=True,
                             check=False, timeout=60)
        if ran.returncode:
            raise RuntimeError(f"{sql}: {ran.stderr}")
        return ran.stdout.strip()

    def hold(self, sql):
        """A session that has done so and does not commit."""
        words, environment = self.psql()
        session = subprocess.Popen(words, env=environment, text=True, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE)
        session.stdin.write(f"BEGIN; {sql};\n\\echo held\n")
        session.stdin.flush()
        while "held" not in (line := session.stdout.readline()):
            if not line:
                raise RuntimeError(f"the session has ended: {sql}")
        return session

    def wait_for(self, condition, is_there=True):
        limit = time.monotonic() + 20
        while bool(self.ask(f"SELECT 1 {OTHERS} {condition} LIMIT 1")) != is_there:
            if time.monotonic() > limit:
                raise RuntimeError(f"{condition} is not {is_there}: "
                                   + self.ask(f"SELECT state, query {OTHERS} true"))
            time.sleep(0.05)


def finish(ground, first):
    case = ground.case
    converge(case, first)
    check_history(case)
    if ground.ask(f"SELECT count(*) {OTHERS} state LIKE 'idle in transaction%'") != "0":
        case.wrong.append("a session remains in a transaction")


def at_request(ground, number, moment):
    ground.next_manifest()
    ran = ground.case.apply(strike=Strike(number, moment))
    if not ground.case.proxy.is_struck:
        ground.case.wrong.append("the apply was over before it could be killed")
    finish(ground, ran)


def at_write(ground, programs, number, moment):
    ground.next_manifest()
    ran = ground.case.apply(LD_PRELOAD=programs.preload, WEIR_DIE_CALL="sync",
                            WEIR_DIE_FOLDER=str(ground.case.work / ".weir"),
                            WEIR_DIE_NUMBER=str(number), WEIR_DIE_MOMENT=moment)
    if ran.code != -signal.SIGKILL:
        ground.case.wrong.append("the apply was over before it could be killed")
    finish(ground, ran)


def in_the_way(ground, what, act):
    """Weir waits for a lock in the middle of its transaction, and then something happens."""
    ground.next_manifest()
    before = ground.ask(RIGHTS)
    holder = ground.hold(IN_THE_WAY[what].format(turn=turn_key()))
    ground.case.proxy.begin_run()
    weir = ground.case.start("apply", "-auto-approve")
    ground.wait_for("wait_event_type = 'Lock'")
    ran, is_nothing_done = act(ground, weir, holder)
    if is_nothing_done and ground.ask(RIGHTS) != before:
        ground.case.wrong.append("something of the transaction remains")
    finish(ground, ran)


def release(holder):
    holder.communicate("ROLLBACK;\n", timeout=30)


def kill_weir(ground, weir, holder):
    weir.kill()
    ran = ground.case.end(weir, "the apply that is killed")
    release(holder)
    ground.wait_for("backend_type = 'client backend'", is_there=False)
    return ran, True


def end_session(ground, weir, holder):
    """An administrator ends its session: it begins anew."""
    ground.ask(f"SELECT pg_terminate_backend(pid) {OTHERS} wait_event_type = 'Lock'")
    release(holder)
    ran = ground.case.end(weir, "the apply whose session is ended")
    if ran.code != 0:
        ground.case.wrong.append(f"the apply whose session was ended once ends with {ran.code}")
    return ran, False


def kill_server(ground, weir, holder):
    """The server of the branch dies by SIGKILL, and the emulator starts it with the next session."""
    folders = list((ground.case.folder / "emulator" / "clusters").rglob("postmaster.pid"))
    for file in folders:
        os.kill(int(file.read_text().splitlines()[0]), signal.SIGKILL)
    if not folders:
        ground.case.wrong.append("no server was found")
    holder.kill()
    holder.communicate()
    return ground.case.end(weir, "the apply whose server is killed"), False


def interrupt(ground, weir, holder):
    weir.send_signal(signal.SIGINT)
    release(holder)
    return ground.case.end(weir, "the apply that is interrupted"), False


def crowd(ground, count):
    """Folders of their own, and so states of their own: only the database keeps them apart."""
    case = ground.case
    if ground.turn == 0:  # the way there sends requests, which the one state that is checked has not
        ground.next_manifest()
        converge(case)
    ground.next_manifest()
    case.proxy.begin_run()
    folders = [case.folder / f"rival-{number}" for number in range(count)]
    for folder in folders:
        shutil.copytree(case.work, folder)

    def apply(folder):
        return subprocess.run([case.programs.weir, "apply", "-auto-approve"], cwd=folder, text=True,
                              env=case.environment(), stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=90)

    with ThreadPoolExecutor(count) as pool:
        ended = list(pool.map(apply, folders))
    for ran in ended:
        # Who comes late finds nothing left to do, or that its plan holds no more.
        if ran.returncode not in (0, 7):
            case.wrong.append(f"one of {count} at once ends with {ran.returncode}: {ran.stdout}")
    if not any(ran.returncode == 0 for ran in ended):
        case.wrong.append("nobody was first")
    finish(ground, None)


def turn_key():
    header = Path(__file__).resolve().parents[2] / "providers" / "postgres" / "transaction.h"
    return header.read_text().split("kTurnKey = ")[1].split(";")[0].strip('"')


def all_tests(programs):
    for number in range(1, 10):  # all that it sends; every other time a role ends as well
        moment = ("kill-before", "kill-handled", "kill-answered")[number % 3]
        yield (f"request-{number}-{moment}",
               lambda ground, number=number, moment=moment: at_request(ground, number, moment))
    for number in range(1, 6):
        moment = ("before", "after")[number % 2]
        yield (f"write-{number}-{moment}",
               lambda ground, number=number, moment=moment:
               at_write(ground, programs, number, moment))
    for what in IN_THE_WAY:
        yield f"kill-at-{what}", lambda ground, what=what: in_the_way(ground, what, kill_weir)
    yield "end-session", lambda ground: in_the_way(ground, "table", end_session)
    yield "interrupt", lambda ground: in_the_way(ground, "view", interrupt)
    yield "kill-server", lambda ground: in_the_way(ground, "table", kill_server)
    yield "crowd-8", lambda ground: crowd(ground, 8)


def play(name, act, ground):
    begun = time.monotonic()
    case = ground.case
    case.wrong.clear()
    case.said.clear()
    try:
        act(ground)
    except Exception:  # a broken harness must not look like a success
        case.wrong.append(traceback.format_exc())
    wrong = list(dict.fromkeys(case.wrong))
    print(f"{'FAILED' if wrong else 'ok':6} {name} ({time.monotonic() - begun:.1f} s)", flush=True)
    if wrong:
        print("\n".join(["", *wrong, "--- what was said", *case.said, ""]), flush=True)
    return not wrong


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("weir")
    parser.add_argument("emulator")
    parser.add_argument("preload")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    programs = Programs(*(str(Path(path).resolve()) for path in
                          (arguments.weir, arguments.emulator, arguments.preload)))
    begun = time.monotonic()
    with Case(programs, Example("sql", TURNS[0], has_postgres=True)) as case:
        ground = Ground(case)
        good = [play("undisturbed", Ground.begin, ground)]
        good += [play(*test, ground) for test in all_tests(programs) if arguments.only in test[0]]
    print(f"{len(good)} tests in {time.monotonic() - begun:.0f} s, {good.count(False)} failed")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
