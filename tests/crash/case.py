"""One case: a workspace, a folder with a manifest and a state, and weir between them."""
import json
import shutil
import sqlite3
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from emulator import Emulator
from proxy import Proxy

PATIENCE = 90  # seconds for one run of weir


@dataclass
class Programs:
    weir: str
    emulator: str
    preload: str = ""


@dataclass
class Ran:
    """How a run of weir ended, and what it said."""
    code: int
    output: str

    def __str__(self):
        return f"=> {self.code}\n{self.output}"


class Case:
    """Lives in a temporary folder until the end of a `with`."""

    def __init__(self, programs, example, prepared=None, port=0):
        """A state is bound to the host that it is about, so a copy of it needs the same `port`."""
        self.programs = programs
        self.example = example
        self.folder = Path(tempfile.mkdtemp(prefix="weir-crash-"))
        self.work = self.folder / "work"
        self.home = self.folder / "home"
        self.home.mkdir()
        if prepared:
            shutil.copytree(prepared / "work", self.work)
            shutil.copytree(prepared / "emulator", self.folder / "emulator")
        else:
            self.work.mkdir()
        self.declare(example.manifest)
        self.emulator = Emulator(programs.emulator, self.folder / "emulator", example.latency,
                                 has_postgres=example.has_postgres)
        if example.tables:
            self.emulator.call("POST", "/_emulator/tables", example.tables)
        for app in () if prepared else example.apps:
            self.emulator.call("POST", "/api/2.0/apps?no_compute=true", {"name": app})
        self.proxy = Proxy(self.emulator, watch=self.check_intent, port=port)
        self.team = None  # the state, when it is in PostgreSQL
        self.patience = PATIENCE
        self.token = ""  # instead of the emulator's
        self.databrickscfg = ""  # instead of a profile with the token
        self.wrong = []
        self.said = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.proxy.close()
        self.emulator.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def declare(self, manifest):
        (self.work / "weir.yaml").write_text(manifest)

    @property
    def states(self):
        return [file for file in self.work.glob(".weir/*.db")]

    def environment(self, **more):
        # A deletion of the dead is waited for as long as a request may last.
        (self.home / ".databrickscfg").write_text(
            self.databrickscfg
            or f"[dev]\nhost = {self.proxy.host}\ntoken = {self.token or self.emulator.token}\n"
               "http_timeout_seconds = 4\n")
        values = {"PATH": "/usr/bin:/bin", "HOME": str(self.home), "LANG": "C.UTF-8", "USER": "tester",
                  "DATABRICKS_RATE_LIMIT": "2000",
                  "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0"}
        if "dev" not in self.example.flags:
            values["DATABRICKS_HOST"] = self.proxy.host
            values["DATABRICKS_TOKEN"] = self.emulator.token
            values["DATABRICKS_CONFIG_PROFILE"] = "" if self.databrickscfg else "dev"
        if self.team:
            values["WEIR_STATE"] = self.team.address
        return {**values, **self.emulator.variables(), **self.example.variables, **more}

    def start(self, *arguments, **more):
        """A running weir; its requests begin to count anew."""
        process = subprocess.Popen(
            [self.programs.weir, *arguments], cwd=self.work, env=self.environment(**more),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.proxy.victim = process
        return process

    def end(self, process, words="weir"):
        try:
            output, _ = process.communicate(timeout=self.patience)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            self.wrong.append(f"{words} did not end within {self.patience} s")
        ran = Ran(process.returncode, output)
        self.said.append(f"$ {words}\n{ran}")
        return ran

    def run(self, *arguments, strike=None, **more):
        self.proxy.begin_run(strike)
        return self.end(self.start(*arguments, **more), "weir " + " ".join(arguments))

    def apply(self, strike=None, **more):
        return self.run("apply", "-auto-approve", *self.example.flags, strike=strike, **more)

    def plan(self):
        return self.run("plan", "-detailed-exitcode", *self.example.flags)

    # What the state says, read as any other program would.

    def rows(self, question):
        """Of all states; nothing when there is none."""
        rows = self.team.rows(question) if self.team else []
        for file in self.states:
            # Reading must not leave a log where there is none.
            how = "mode=ro" if file.with_name(file.name + "-wal").exists() else "immutable=1"
            database = sqlite3.connect(f"file:{quote(str(file))}?{how}", uri=True, timeout=5)
            try:
                rows += database.execute(question).fetchall()
            finally:
                database.close()
        return rows

    def intents(self):
        return [json.loads(body) for (body,) in self.rows("SELECT body FROM intent")]

    def remembered(self):
        bodies = self.rows("SELECT body FROM resource JOIN blob USING (entry)")
        return [json.loads(body) for (body,) in bodies]

    def check_intent(self, exchange):
        """No change leaves without an intent on disk."""
        if not exchange.is_change:
            return
        if not any(intent.get("request") == exchange.name for intent in self.intents()):
            self.wrong.append(f"{exchange.name} left without an intent in the state")


def prepare(programs, example, folder, port):
    """Applies what was there before, so that each case can begin with a copy."""
    if not example.before:
        return None
    earlier = replace(example, manifest=example.before, flags=())
    with Case(programs, earlier, port=port) as case:
        ran = case.apply()
        if ran.code != 0:
            raise RuntimeError(f"{example.name} cannot be prepared: {ran}")
        case.emulator.stop()
        target = Path(folder) / example.name
        shutil.copytree(case.work, target / "work")
        shutil.copytree(case.folder / "emulator", target / "emulator")
        return target
