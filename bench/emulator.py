#!/usr/bin/env python3
"""Measures the emulator: speed and size of the REST side, branches and wake-ups of real PostgreSQL.

Prints a table and writes it to build/bench/emulator.md and emulator.json. Nothing fails for being
slow: the aims stand beside the values. Other work on the machine shows in every time.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from daemon import POSTGRES, Emulator
from results import Results, write

HERE = Path(__file__).resolve().parent
CLIENTS = 8


def stream(emulator: Emulator, requests: list[tuple[str, str, str]]) -> list[float]:
    """Sends all requests, CLIENTS at a time; the seconds each took. Every answer must be 200."""
    connections = [emulator.connect() for _ in range(CLIENTS)]
    waiting = []
    seconds = []

    def take() -> None:
        connection, start = waiting.pop(0)
        status, body = connection.receive()
        seconds.append(time.monotonic() - start)
        if status != 200:
            raise RuntimeError(f"{status} {body.decode()}")

    for number, request in enumerate(requests):
        if len(waiting) == CLIENTS:
            take()
        waiting.append((connections[number % CLIENTS], time.monotonic()))
        connections[number % CLIENTS].send(*request)
    while waiting:
        take()
    return seconds


def fill(emulator: Emulator, projects: int, branches: int, results: Results) -> None:
    """Every project has its own first branch besides those made here."""
    for project in range(projects):
        emulator.finish(emulator.call("POST", f"projects?project_id=p{project:04}", {}))
    total = projects * branches
    creates = [("POST", f"{POSTGRES}projects/p{project:04}/branches?branch_id=b{branch:04}",
                '{"spec": {"no_expiry": true}}')
               for branch in range(branches) for project in range(projects)]
    before = emulator.processor_seconds()
    start = time.monotonic()
    stream(emulator, creates)
    seconds = time.monotonic() - start
    settle(emulator, projects, branches)
    used = emulator.processor_seconds() - before
    results.add(f"create {total:,} branches, {CLIENTS} clients", total / seconds, "requests/s")
    results.add("processor time of a create with all that follows", used / total * 1000, "ms")


def settle(emulator: Emulator, projects: int, branches: int) -> None:
    """Waits until the last branch of each project is ready."""
    for project in range(projects):
        path = f"projects/p{project:04}/branches/b{branches - 1:04}"
        while emulator.call("GET", path)["status"]["current_state"] != "READY":
            time.sleep(0.01)


def measure_gets(emulator: Emulator, projects: int, branches: int, results: Results) -> None:
    """The times of single requests; wrk's count a pause once for every request it held up."""
    gets = [("GET", f"{POSTGRES}projects/p{number % projects:04}/branches/b{number % branches:04}",
             "") for number in range(20_000)]
    percentiles = statistics.quantiles(stream(emulator, gets), n=100)
    results.add(f"GET a branch, {CLIENTS} clients, p50", percentiles[49] * 1000, "ms")
    results.add(f"GET a branch, {CLIENTS} clients, p99", percentiles[98] * 1000, "ms", "< 2 ms")


def load(emulator: Emulator, what: str, arguments, results: Results) -> None:
    before = emulator.processor_seconds()
    printed = subprocess.run(
        ["wrk", "-t2", f"-c{CLIENTS}", f"-d{arguments.seconds}s", "-s", str(HERE / "load.lua"),
         f"http://127.0.0.1:{emulator.port}", "--", emulator.token, what,
         str(arguments.projects), str(arguments.branches)],
        check=True, capture_output=True, text=True).stdout
    report = json.loads(printed.splitlines()[-1])
    used = emulator.processor_seconds() - before
    if report["failed"]:
        raise RuntimeError(f"{report['failed']} requests failed: {printed}")
    name = "GET a branch" if what == "get" else "list a project's branches, 100 a page"
    results.add(f"wrk: {name}, {CLIENTS} clients", report["requests"] / report["seconds"],
                "requests/s")
    results.add(f"wrk: {name}, p50", report["p50"], "ms")
    results.add(f"wrk: {name}, p99 with pauses", report["p99"], "ms")
    results.add(f"wrk: {name}, processor time", used / report["requests"] * 1000, "ms")


def count_calls(emulator: Emulator, name: str, requests: list, results: Results) -> None:
    """Counts that do not depend on the machine: system calls and syncs of a request."""
    report = Path(emulator.folder) / "strace"
    tracer = subprocess.Popen(["strace", "-f", "-c", "-o", str(report), "-p",
                               str(emulator.process.pid)], stderr=subprocess.PIPE, text=True)
    if "attached" not in tracer.stderr.readline():
        return
    stream(emulator, requests)
    tracer.terminate()
    tracer.wait()
    calls = {line.split()[-1]: int(line.split()[3]) for line in report.read_text().splitlines()
             if line.strip()[:1].isdigit() and line.split()[-1] != "total"}
    syncs = sum(calls.get(call, 0) for call in ("fsync", "fdatasync"))
    results.add(f"{name}, system calls", sum(calls.values()) / len(requests), "a request")
    results.add(f"{name}, syncs to disk", syncs / len(requests), "a request")


def measure_rest(arguments, results: Results) -> None:
    options = ["--no-postgres", "--assume", "branches_per_project=1000000"]
    with Emulator(arguments.emulator, *options) as emulator:
        results.add("resident memory, empty", emulator.memory(), "MiB")
        fill(emulator, arguments.projects, arguments.branches, results)
        total = arguments.projects * arguments.branches
        results.add(f"resident memory, {total:,} branches", emulator.memory(), "MiB", "< 100 MiB")
        measure_gets(emulator, arguments.projects, arguments.branches, results)
        if shutil.which("wrk"):
            load(emulator, "get", arguments, results)
            load(emulator, "list", arguments, results)
            results.add("resident memory, after the load", emulator.memory(), "MiB", "< 100 MiB")
        else:
            print("wrk is missing, so nothing is measured under load", file=sys.stderr)
        if shutil.which("strace"):
            path = f"{POSTGRES}projects/p0000/branches"
            count_calls(emulator, "GET a branch", [("GET", f"{path}/b0000", "")] * 200, results)
            creates = [("POST", f"{path}?branch_id=traced-{i}", '{"spec": {"no_expiry": true}}')
                       for i in range(200)]
            count_calls(emulator, "create a branch", creates, results)
        emulator.stop()
        size = (Path(emulator.folder) / "control.sqlite").stat().st_size
        results.add("size of the state on disk", size / 2**20, "MiB")
        start = time.monotonic()
        emulator.start()
        results.add("start with that state", time.monotonic() - start, "s")


def branch_seconds(emulator: Emulator, name: str) -> float:
    """From the request until the branch is ready; then the branch is removed."""
    start = time.monotonic()
    operation = emulator.call("POST", f"projects/bench/branches?branch_id={name}",
                              {"spec": {"no_expiry": True}})
    emulator.finish(operation)
    path = f"projects/bench/branches/{name}"
    while emulator.call("GET", path)["status"]["current_state"] != "READY":
        time.sleep(0.002)
    seconds = time.monotonic() - start
    emulator.finish(emulator.call("DELETE", f"{path}?purge=true"))
    return seconds


class Database:
    """psql on the endpoint of the first branch, with a token for it and a verified certificate."""

    ENDPOINT = "projects/bench/branches/production/endpoints/primary"

    def __init__(self, emulator: Emulator):
        self.emulator = emulator

    def environment(self) -> dict:
        token = self.emulator.call("POST", "credentials", {"endpoint": self.ENDPOINT})["token"]
        return {**os.environ, "PGPASSWORD": token, "PGUSER": "developer@example.com",
                "PGHOST": self.state("hosts")["host"], "PGPORT": str(self.emulator.postgres_port),
                "PGDATABASE": "databricks_postgres", "PGSSLMODE": "verify-full",
                "PGSSLROOTCERT": str(Path(self.emulator.folder) / "ca.pem")}

    def state(self, field: str):
        return self.emulator.call("GET", self.ENDPOINT)["status"][field]

    def ask(self, sql: str) -> float:
        """The seconds until the answer is there."""
        environment = self.environment()
        start = time.monotonic()
        subprocess.run(["psql", "-X", "-q", "-A", "-t", "-c", sql], env=environment, check=True,
                       stdout=subprocess.DEVNULL)
        return time.monotonic() - start

    def sleep(self) -> None:
        """Moves the virtual clock until the endpoint is suspended, after its last session's end."""
        while self.state("current_state") != "IDLE":
            self.emulator.call("POST", "/_emulator/clock", {"advance": "2d"})
            time.sleep(0.2)


def measure_wake(database: Database, times: int, results: Results) -> None:
    asleep, awake = [], []
    for _ in range(times):
        database.sleep()
        asleep.append(database.ask("select 1"))
        awake.append(database.ask("select 1"))
    results.add("select 1 on a sleeping endpoint, psql", statistics.median(asleep), "s", "< 1 s")
    results.add("select 1 on an awake one, psql", statistics.median(awake), "s")


def measure_postgres(arguments, results: Results) -> None:
    with Emulator(arguments.emulator, "--clock", "virtual") as emulator:
        start = time.monotonic()
        emulator.finish(emulator.call("POST", "projects?project_id=bench", {}))
        results.add("create the first project, template cluster included",
                    time.monotonic() - start, "s")
        database = Database(emulator)
        database.ask("select 1")
        empty = [branch_seconds(emulator, f"empty-{i}") for i in range(arguments.times)]
        results.add("branch of an empty parent, ready", statistics.median(empty), "s", "< 1.5 s")
        measure_wake(database, arguments.times, results)
        rows = int(arguments.parent_mib * 2**20 / 1020)
        start = time.monotonic()
        database.ask("create table filler as select n, repeat(md5(n::text), 30) as text"
                     f" from generate_series(1, {rows}) as n")
        database.ask("checkpoint")
        results.add(f"write {arguments.parent_mib:,} MiB", time.monotonic() - start, "s")
        full = [branch_seconds(emulator, f"full-{i}") for i in range(arguments.times)]
        results.add(f"branch of a parent of {arguments.parent_mib:,} MiB, ready",
                    statistics.median(full), "s")
        results.add("resident memory with PostgreSQL behind it", emulator.memory(), "MiB")


def parsed_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("emulator", help="path of a release build of weir-emulator")
    parser.add_argument("--projects", type=int, default=100)
    parser.add_argument("--branches", type=int, default=100, help="made in each project")
    parser.add_argument("--seconds", type=int, default=10, help="of load, each time")
    parser.add_argument("--times", type=int, default=5, help="how often a branch is made")
    parser.add_argument("--parent-mib", type=int, default=1024, help="size of the full parent")
    parser.add_argument("--only", choices=["rest", "postgres"], help="one half")
    parser.add_argument("--output", type=Path, default=HERE.parent / "build" / "bench")
    return parser.parse_args()


def main() -> None:
    arguments = parsed_arguments()
    results = Results()
    load_before = os.getloadavg()[0]
    if arguments.only != "postgres":
        measure_rest(arguments, results)
    if arguments.only != "rest":
        measure_postgres(arguments, results)
    write(results, arguments.output, "emulator",
          [f"{os.cpu_count()} processors, load {load_before:.1f} before the start; "
           f"wrk with 2 threads for {arguments.seconds} s, whose p99 counts a pause once for every "
           f"request it held up; medians of {arguments.times}; operations without latency."])


if __name__ == "__main__":
    main()
