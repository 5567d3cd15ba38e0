#!/usr/bin/env python3
"""Plays scenarios: text files that show what people type and what weir and the workspace answer.

    tests/scenarios/run.py WEIR EMULATOR FILE ...        UPDATE_GOLDEN=1 writes the files anew
    WEIR_SEED=N                      repeats a run with the orders of lists that it had

A scenario reads from top to bottom:

    # What it shows, in a sentence.
    @ start --assume NAME=VALUE     options of the emulator, before everything else
    @ postgres                      a PostgreSQL behind every branch: sql USER DATABASE STATEMENT … is
                                    a session there, BRANCH=projects/… says where, PASSWORD=… with what;
                                    pooled COMMAND … has pgbouncer in between, in transaction pooling
    @ offline                       no emulator: nothing may be asked
    @ server                        a PostgreSQL without a workspace at {server}, where weir's password
                                    is CANARY; sql is a session there, by TCP where it has a PASSWORD
    > POST /api/2.0/postgres/projects?project_id=shop
    > {"spec": {"display_name": "Shop"}}      something that exists; its operation is waited for
    @ advance 3600s                 moves the clock of the workspace, and with it weir's
    @ carry out weir plan -json     sends the requests of the plan in their order, as an apply would
    @ env NAME=VALUE                for the commands that follow; "@ env NAME" takes it away
    -- weir.yaml --                 a file, up to the next line that begins like one of these
    $ weir plan                     a command of a shell, then what it prints
    2> error: …                     what it prints on standard error
    => 3                            its exit code, when it is not 0
    -- requests --                  the requests of the last command, sorted, with how often
    -- changes --                   what the last command changed: its requests but GET, in order

Pages hold two elements, lists come in a random order, and answers have fields that nobody knows.
Only apply, destroy and rollback may change the workspace: a request of another command that is not a GET
fails the scenario, tokens apart.
{host} stands for the workspace's address, {address} and {port} for an endpoint's.
"""
import difflib
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from postgres_server import SETTINGS, PostgresServer  # noqa: E402

START = "2026-08-20T12:00:00Z"
# The service promises neither pages of a size nor an order nor that it says no more than today.
LISTS = ("", "/*/branches", "/*/branches/*/*")
# What an app's answer shows goes back as it stands, and the emulator knows no later version.
SPOKEN_WITH = ("postgres", "database", "permissions", "unity-catalog")
SEED = int(os.environ.get("WEIR_SEED") or random.randrange(1, 2**31))
TRYING = {"faults": [
    *({"do": do, "size": 2, "seed": SEED, "method": "GET",
       "path": "/api/2.0/postgres/projects" + path, "times": 1_000_000}
      for do in ("page", "shuffle") for path in LISTS),
    *({"do": "alien", "method": "GET", "path": f"/api/2.*/{part}/**", "times": 1_000_000}
      for part in SPOKEN_WITH)]}
DIRECTIVE = re.compile(r"^(\$ |> |@ |-- .* --$)")
HARMLESS = {("POST", "/oidc/v1/token"), ("POST", "/api/2.0/postgres/credentials"),
            ("POST", "/api/2.0/database/credentials")}
# How a session of whoever has a token begins.
ENDPOINT = """#!/bin/bash
set -eu
endpoint=${BRANCH:-projects/shop/branches/production}/endpoints/primary
call() { curl -sS --fail-with-body -H "Authorization: Bearer $1" "$DATABRICKS_HOST$2" "${@:3}"; }
field() { grep -o "\\"$1\\":\\"[^\\"]*" | cut -d'"' -f4; }
password() { call "$1" /api/2.0/postgres/credentials -d "{\\"endpoint\\": \\"$endpoint\\"}" | field token; }
host=$(call "$DATABRICKS_TOKEN" "/api/2.0/postgres/$endpoint" | field host | head -1)
"""
# A session of a user whom the workspace knows, or gets to know.
SQL = ENDPOINT + """
user=$1 database=$2
shift 2
if [ -z "${PASSWORD:-}" ]; then
  token=$(call "$DATABRICKS_TOKEN" /_emulator/identities -d "{\\"user_name\\": \\"$user\\"}" | field token)
  PASSWORD=$(password "$token")
fi
words=()
for statement in "$@"; do words+=(-c "$statement"); done
PGPASSWORD=$PASSWORD exec psql -X -q -A -t -v ON_ERROR_STOP=1 -U "$user" "${words[@]}" \\
  "host=$host port=$WEIR_POSTGRES_PORT dbname=$database sslmode=verify-full sslrootcert=$WEIR_POSTGRES_CA"
"""
# A session of anybody on the server.
SERVER_SQL = """#!/bin/bash
set -eu
user=$1 database=$2
shift 2
words=() host={folder}
[ -z "${{PASSWORD:-}}" ] || host=127.0.0.1
for statement in "$@"; do words+=(-c "$statement"); done
PGPASSWORD=${{PASSWORD:-}} exec psql -X -q -A -t -v ON_ERROR_STOP=1 -U "$user" "${{words[@]}}" \\
  "host=$host port={port} dbname=$database"
"""
# A command with pgbouncer in transaction pooling between it and the endpoint.
POOLED = ENDPOINT + """
port=$((WEIR_POSTGRES_PORT - 1))
folder=$(mktemp -d)
chmod 755 "$folder"
cd "$folder"
openssl req -new -newkey rsa:2048 -nodes -subj "/CN=a pooler" -keyout key -out request 2>openssl.log
openssl x509 -req -in request -CA "$WEIR_POSTGRES_CA" -CAkey "${WEIR_POSTGRES_CA%.pem}.key" \\
  -set_serial 7 -extfile <(echo "subjectAltName=IP:$host") -out certificate 2>>openssl.log
chmod 644 key
cat >pool.ini <<INI
[databases]
* = host=$host port=$WEIR_POSTGRES_PORT user=developer@example.com password=$(password "$DATABRICKS_TOKEN")
[pgbouncer]
listen_addr = $host
listen_port = $port
unix_socket_dir =
auth_type = any
client_tls_sslmode = require
client_tls_key_file = $folder/key
client_tls_cert_file = $folder/certificate
server_tls_sslmode = require
pool_mode = transaction
default_pool_size = 2
INI
as_user=()
if [ "$(id -u)" = 0 ]; then as_user=(-u postgres); fi
pgbouncer -q "${as_user[@]}" pool.ini 2>pool.log &
pool=$!
trap 'kill $pool; wait $pool || true; rm -r "$folder"' EXIT
until (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null; do
  kill -0 $pool || { cat pool.log; exit 1; }
  sleep 0.02
done
cd "$OLDPWD"
WEIR_POSTGRES_PORT=$port "$@"
"""
CHANGING = re.compile(r"\bweir (apply|destroy|down|renew|reset|restore|rollback|up)\b")


class Emulator:
    """The real program in a folder of its own, with a clock that stands still."""

    def __init__(self, program, folder, options, has_postgres):
        self.folder = Path(folder, "emulator")
        self.postgres_port = free_port() if has_postgres else None
        self.network = f"127.{random.randrange(101, 250)}.{random.randrange(256)}."
        self.log = Path(folder, "emulator.log")
        trying = Path(folder, "trying.json")
        trying.write_text(json.dumps(TRYING))
        command = [program, "serve", "--data", str(Path(folder, "emulator")), "--listen",
                   "127.0.0.1:0", *self.postgres_options(), "--clock", START, "--seed", "7",
                   "--faults", str(trying), *options]
        self.folder.mkdir()
        for passed in (Path(folder), self.folder):
            passed.chmod(0o711)  # the clusters run as another user when we are root
        self.process = subprocess.Popen(command, stdout=self.log.open("w"),
                                        stderr=subprocess.STDOUT)
        self.host = self.wait_for_address()
        self.token = Path(folder, "emulator", "token").read_text().strip()

    def postgres_options(self):
        if not self.postgres_port:
            return ["--no-postgres"]
        return ["--postgres-port", str(self.postgres_port), "--postgres-network",
                self.network + "0"]

    def variables(self):
        if not self.postgres_port:
            return {}
        return {"WEIR_POSTGRES_PORT": str(self.postgres_port),
                "WEIR_POSTGRES_CA": str(self.folder / "ca.pem")}

    def wait_for_address(self):
        limit = time.monotonic() + 60
        while time.monotonic() < limit and self.process.poll() is None:
            found = re.search(r"http://127\.0\.0\.1:\d+", self.log.read_text())
            if found:
                return found.group(0)
            time.sleep(0.01)
        raise RuntimeError("the emulator does not start: " + self.log.read_text())

    def call(self, method, target, body=None):
        request = urllib.request.Request(self.host + target, method=method,
                                         data=body.encode() if body else None)
        request.add_header("Authorization", "Bearer " + self.token)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {target}: {error.code} {error.read().decode()}") from error

    def make(self, method, target, body):
        """Sends a request and waits for the operation that it begins."""
        answer = self.call(method, target, body)
        name = answer.get("name", "") if isinstance(answer, dict) else ""
        limit = time.monotonic() + 30
        while "/operations/" in name and not answer.get("done"):
            if time.monotonic() > limit:
                raise RuntimeError(f"{name} does not end")
            time.sleep(0.005)
            answer = self.call("GET", "/api/2.0/postgres/" + name)
        if isinstance(answer, dict) and answer.get("error") and "/operations/" in name:
            raise RuntimeError(f"{method} {target}: {answer['error']}")

    def requests_since(self, number):
        log = self.call("GET", f"/_emulator/requests?since={number}")
        return log["requests"], log["last"]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


class Server(PostgresServer):
    """A PostgreSQL alone: people come by its socket, weir with a password."""

    HOSTS = "127.0.0.1"

    def __init__(self):
        super().__init__()
        self.port = free_port()
        self.SETTINGS = {**SETTINGS, "port": str(self.port)}
        password = self.folder / "password"
        password.write_text("CANARY")
        password.chmod(0o644)
        self.CLUSTER = ("--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={password}")

    def address(self):
        return f"127.0.0.1:{self.port}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Scenario:
    def __init__(self, weir, emulator_program, folder):
        self.folder = Path(folder)
        self.home = self.folder / "home"
        self.work = self.folder / "work"
        self.home.mkdir()
        self.work.mkdir()
        self.program = emulator_program
        self.emulator = None
        self.server = None
        self.options = []
        self.is_offline = False
        self.has_postgres = False
        self.changes = {}
        self.requests = []
        self.wrong = []
        self.path = f"{Path(weir).parent}:/usr/bin:/bin"

    def workspace(self):
        if self.emulator is None:
            self.emulator = Emulator(self.program, self.folder, self.options,
                                     self.has_postgres)
        return self.emulator

    def environment(self):
        values = {"PATH": self.path, "HOME": str(self.home), "LANG": "C.UTF-8", "WEIR_NOW": START,
                  "ASAN_OPTIONS": "detect_leaks=0",
                  "TSAN_OPTIONS": os.environ.get("TSAN_OPTIONS", "")}
        if not self.is_offline:
            emulator = self.workspace()
            values["DATABRICKS_HOST"] = emulator.host
            values["DATABRICKS_TOKEN"] = emulator.token
            values.update(emulator.variables())
            values["WEIR_NOW"] = emulator.call("GET", "/_emulator/clock")["now"]
        for name, value in self.changes.items():
            if value is None:
                values.pop(name, None)
            else:
                values[name] = self.filled(value)
        return values

    def filled(self, text):
        if self.server:
            text = text.replace("{server}", self.server.address())
        return text.replace("{host}", self.emulator.host) if self.emulator else text

    def direct(self, line):
        words = line.split()
        if words[0] == "start":
            self.options = words[1:]
        elif words[0] == "offline":
            self.is_offline = True
        elif words[0] == "postgres":
            self.has_postgres = True
            self.bring({"sql": SQL, "pooled": POOLED})
        elif words[0] == "server":
            self.is_offline = True
            self.server = Server().__enter__()
            self.bring({"sql": SERVER_SQL.format(folder=self.server.folder,
                                                 port=self.server.port)})
        elif words[0] == "advance":
            self.workspace().call("POST", "/_emulator/clock", json.dumps({"advance": words[1]}))
        elif words[:2] == ["carry", "out"]:
            self.carry_out(line.removeprefix("carry out "))
        elif words[0] == "env":
            name, equals, value = line[4:].partition("=")
            self.changes[name.strip()] = value if equals else None
        else:
            raise RuntimeError("unknown direction: " + line)

    def bring(self, programs):
        folder = self.folder / "bin"
        folder.mkdir()
        for name, text in programs.items():
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)
        self.path = f"{folder}:{self.path}:/usr/sbin"

    def carry_out(self, command):
        plan = json.loads(self.start(command).stdout)
        for step in plan["resource_changes"]:
            request = step.get("request")
            if request:
                body = request.get("body")
                self.workspace().make(request["method"], request["target"],
                                      None if body is None else json.dumps(body))

    def start(self, command):
        return subprocess.run(["bash", "-c", command], cwd=self.work, env=self.environment(),
                              text=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=60,
                              check=False, errors="backslashreplace")

    def run(self, command):
        last = 0
        if self.emulator:
            last = self.emulator.requests_since(0)[1]
        ran = self.start(command)
        if self.emulator:
            self.requests = self.emulator.requests_since(last)[0]
            self.check_requests(command)
        return self.printed(ran)

    def check_requests(self, command):
        if CHANGING.search(command):
            return
        for request in self.requests:
            key = (request["method"], request["path"].split("?")[0])
            if key[0] not in ("GET", "HEAD") and key not in HARMLESS:
                self.wrong.append(f"`{command}` sent {key[0]} {key[1]}")

    def printed(self, ran):
        lines = self.shown(ran.stdout)
        lines += ["2> " + line if line else "2>" for line in self.shown(ran.stderr)]
        if ran.returncode:
            lines.append(f"=> {ran.returncode}")
        return lines

    def shown(self, text):
        if self.emulator:
            text = text.replace(self.emulator.host, "{host}")
            text = re.sub(re.escape(self.emulator.network) + r"\d+", "{address}", text)
            if self.has_postgres:
                text = text.replace(str(self.emulator.postgres_port), "{port}")
        if self.server:
            text = text.replace(self.server.address(), "{server}")
            text = text.replace(f":{self.server.port}", ":PORT")
        text = text.replace(str(self.folder), "{folder}")
        text = re.sub(r"after \d+ ms", "after 0 ms", text)
        text = re.sub(r"\b(session) \d+\b", r"\1 N", text)
        text = re.sub(r"in a transaction for \d+ s", "in a transaction for N s", text)
        # A slow machine has a heartbeat more.
        text = re.sub(r"^still at it: .*\n", "", text, flags=re.M)
        return text.splitlines()

    def request_lines(self):
        counts = {}
        for request in self.requests:
            line = f"{request['method']} {request['path']}"
            if request.get("query"):
                line += "?" + request["query"]
            line = re.sub(r"page_token=[^&]+", "page_token=…", line)
            counts[line] = counts.get(line, 0) + 1
        return [f"{count} × {line}" for line, count in sorted(counts.items())]

    def change_lines(self):
        lines = []
        for request in self.requests:
            if request["method"] == "GET":
                continue
            query = "?" + request["query"] if request.get("query") else ""
            lines.append(f"{request['method']} {request['path']}{query}")
            if request.get("body"):
                lines.append(request["body"])
        return lines

    def play(self, text):
        lines = text.splitlines()
        played = []
        i = 0
        while i < len(lines):
            line = lines[i]
            i += 1
            played.append(line)
            if line.startswith("@ "):
                self.direct(line[2:])
            elif line.startswith("> "):
                body = ""
                while i < len(lines) and lines[i].startswith("> ") and lines[i][2:3] in "{ ":
                    body += lines[i][2:]
                    played.append(lines[i])
                    i += 1
                method, target = line[2:].split()
                self.workspace().make(method, target, body)
            elif line == "-- requests --":
                i = skip(lines, i)
                played += self.request_lines()
            elif line == "-- changes --":
                i = skip(lines, i)
                played += self.change_lines()
            elif re.match(r"^-- .* --$", line):
                end = skip(lines, i)
                file = self.work / line[3:-3]
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(self.filled("\n".join(lines[i:end]).rstrip("\n") + "\n"))
                played += lines[i:end]
                i = end
            elif line.startswith("$ "):
                i = skip(lines, i)
                played += self.run(line[2:])
                if i < len(lines):
                    played.append("")
        return "\n".join(played).rstrip("\n") + "\n"


def skip(lines, i):
    while i < len(lines) and not DIRECTIVE.match(lines[i]):
        i += 1
    return i


def play(weir, emulator, file):
    text = file.read_text()
    with tempfile.TemporaryDirectory(prefix="weir-scenario-") as folder:
        scenario = Scenario(weir, emulator, folder)
        try:
            played = scenario.play(text)
        finally:
            if scenario.emulator:
                scenario.emulator.stop()
            if scenario.server:
                scenario.server.__exit__()
    for wrong in scenario.wrong:
        print(f"{file}: {wrong}")
    if played != text and os.environ.get("UPDATE_GOLDEN"):
        file.write_text(played)
    elif played != text:
        sys.stdout.writelines(difflib.unified_diff(
            text.splitlines(True), played.splitlines(True), f"{file} as written", "as played"))
        return False
    return not scenario.wrong


def main():
    weir, emulator, *files = sys.argv[1:]
    weir, emulator = str(Path(weir).resolve()), str(Path(emulator).resolve())
    failed = [file for file in files if not play(weir, emulator, Path(file))]
    if failed:
        print(f"The order of lists came from the seed {SEED}; WEIR_SEED={SEED} repeats it.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
