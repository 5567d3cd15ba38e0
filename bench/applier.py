#!/usr/bin/env python3
"""Measures weir apply: thousands of creations, what each writes, a large state, and a destroy.

The emulator runs without PostgreSQL and without latency, so that what is left is weir's own cost and
the emulator's. Where terraform is installed, it applies a small graph of its built-in terraform_data
in the same run. Prints a table and writes build/bench/applier.md and .json.
"""
import argparse
import math
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

from commands import Run
from daemon import Emulator
from reconciler import empty_emulator, environment_of
from results import Results, write
from terraform import Terraform

BRANCHES, ROLES, DATABASES = 3, 5, 5
PER_PROJECT = 1 + BRANCHES * (1 + ROLES + DATABASES)


def manifest(projects: int) -> str:
    lines = ["version: weir/v1", "name: bench", "projects:"]
    for project in range(projects):
        lines += [f"  p{project:05}:", "    native_login: true", "    branches:"]
        for branch in range(BRANCHES):
            lines += [f"      b{branch}:", "        expires: never", "        roles:"]
            lines += [f"          r{role}: {{ login: true }}" for role in range(ROLES)]
            lines += ["        databases:"]
            lines += [f"          d{number}: {{ owner: r{number % ROLES} }}"
                      for number in range(DATABASES)]
    return "\n".join(lines) + "\n"


def chains(projects: int) -> str:
    """Four levels, one resource each: a project, a branch, a role, and a database that it owns."""
    lines = ["version: weir/v1", "name: bench", "projects:"]
    for project in range(projects):
        lines += [f"  p{project:05}:", "    native_login: true", "    branches:", "      b:",
                  "        expires: never", "        roles: { r: { login: true } }",
                  "        databases: { d: { owner: r } }"]
    return "\n".join(lines) + "\n"


class Estate:
    """A folder with a manifest of so many projects, and an emulator that has none of them."""

    def __init__(self, arguments, emulator: Emulator, projects: int, written=manifest):
        self.weir, self.resources = arguments.weir, projects * PER_PROJECT
        self.folder = Path(tempfile.mkdtemp(prefix="weir-bench-apply-", dir=arguments.folder))
        (self.folder / "weir.yaml").write_text(written(projects))
        self.environment = environment_of(emulator)
        self.files = ["-f", str(self.folder / "weir.yaml"), "-quiet"]

    def apply(self, before=(), more=()) -> Run:
        return Run([*before, self.weir, "apply", "-auto-approve", *self.files, *more],
                   self.environment)

    def destroy(self) -> Run:
        return Run([self.weir, "destroy", "-auto-approve", "-allow-destroy", "*", *self.files],
                   self.environment)

    def state(self) -> Path:
        return self.folder / ".weir" / "bench.db"

    def check(self) -> None:
        Run([self.weir, "plan", "-detailed-exitcode", *self.files], self.environment)
        with sqlite3.connect(f"file:{self.state()}?mode=ro", uri=True) as state:
            left = state.execute("select count(*) from intent").fetchone()[0]
        if left:
            raise RuntimeError(f"{left} intents are open after an apply that was complete")

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def measure_creations(arguments, results: Results, projects: int) -> None:
    with empty_emulator(arguments) as emulator:
        estate = Estate(arguments, emulator, projects)
        before = emulator.processor_seconds()
        run = estate.apply()
        served = emulator.processor_seconds() - before
        estate.check()
        size = estate.state().stat().st_size
        name = f"apply {estate.resources:,} creations"
        results.add(f"{name}, wall", run.seconds, "s", "< 60 s" if projects > 200 else "")
        results.add(f"{name}, processor", run.processor, "s", "")
        results.add(f"{name}, wall but the emulator's processor time", run.seconds - served, "s", "")
        results.add(f"{name}, resident", run.memory, "MiB", "")
        results.add(f"state after {estate.resources:,} creations", size / estate.resources / 1024,
                    "KiB a resource", "<= 20 KiB")
        estate.remove()


def measure_writes(arguments, results: Results, projects: int) -> None:
    """Counted in a run of its own, since counting is slow."""
    if shutil.which("strace") is None:
        return
    with empty_emulator(arguments) as emulator, tempfile.NamedTemporaryFile("r") as counts:
        estate = Estate(arguments, emulator, projects)
        estate.apply(["strace", "-f", "-qq", "-e", "trace=fdatasync,fsync,pwrite64", "-o", counts.name])
        text = counts.read()
        synced = len(re.findall(r"\bf(?:data)?sync\(", text))
        written = sum(map(int, re.findall(r"pwrite64\(.*= (\d+)$", text, re.M)))
        results.add("durable writes for a creation", synced / estate.resources, "fdatasync", "<= 1")
        results.add("written for a creation", written / estate.resources / 1024, "KiB", "<= 20 KiB")
        estate.remove()


def measure_destroy(arguments, results: Results, projects: int) -> None:
    with empty_emulator(arguments) as emulator:
        estate = Estate(arguments, emulator, projects)
        estate.apply()
        run = estate.destroy()
        results.add(f"destroy {estate.resources:,} resources, wall", run.seconds, "s", "< 4.3 s")
        estate.remove()


def measure_makespan(arguments, results: Results) -> None:
    """Against what no order could beat: all slots busy all the time."""
    projects, levels, seconds, slots = 250, 4, 2, 64
    with empty_emulator(arguments, "--latency", f"create={seconds}s") as emulator:
        estate = Estate(arguments, emulator, projects, chains)
        run = estate.apply(more=["-parallelism", str(slots)])
        # All take equally long, so they end in rounds.
        bound = max(levels, math.ceil(projects * levels / slots)) * seconds
        results.add(f"makespan of {projects * levels:,} resources in {levels} levels, {seconds} s "
                    f"each, {slots} at once, against the lower bound of {bound:.0f} s",
                    run.seconds / bound, "times", "<= 1.1")
        estate.remove()


def measure_waiting(arguments, results: Results) -> None:
    for seconds in (10, 30):
        with empty_emulator(arguments, "--latency", f"create={seconds}s") as emulator:
            estate = Estate(arguments, emulator, 1, lambda _: manifest(0) + "  p: {}\n")
            run = estate.apply()
            results.add(f"added to an operation of {seconds} s", (run.seconds / seconds - 1) * 100,
                        "%", "<= 5 %")
            estate.remove()


def measure_large_state(arguments, results: Results) -> None:
    """By the test that checks its size; what it prints depends on the machine."""
    count = arguments.records
    run = Run([arguments.state_test, "--gtest_filter=SqliteScale.Keeps*"],
              {"WEIR_RECORDS": str(count), "TMPDIR": arguments.folder})
    found = dict(re.findall(r"^(open|records|history|the file) +([\d.]+) (?:s|MB)\b", run.output, re.M))
    results.add(f"open a state of {count:,} resources", float(found["open"]) * 1000, "ms",
                "< 60 ms")
    results.add("read all of them, each with its hash", float(found["records"]), "s")
    results.add("read and check their history", float(found["history"]), "s")
    results.add("the state with its history", float(found["the file"]), "MB", "< 100 MB")


def measure_terraform(arguments, results: Results) -> None:
    """An apply of a few hundred; its cost grows with the square, so that a small one flatters it."""
    if not Terraform.is_installed() or arguments.terraform_resources == 0:
        return
    names = [f"r{number}" for number in range(arguments.terraform_resources)]
    terraform = Terraform("\n".join(f'"{name}"' for name in names))
    (terraform.folder / "terraform.tfstate").unlink()
    run = terraform.run("apply", "-auto-approve")
    each = run.seconds / len(names)
    results.add(f"terraform apply of {len(names):,} terraform_data, wall", run.seconds, "s")
    with empty_emulator(arguments) as emulator:
        estate = Estate(arguments, emulator, max(1, len(names) // PER_PROJECT))
        ours = estate.apply()
        results.add("terraform's time for a creation against weir's",
                    each / (ours.seconds / estate.resources), "times", "")
        estate.remove()
    destroy = terraform.run("destroy", "-auto-approve")
    results.add(f"terraform destroy of {len(names):,}, wall", destroy.seconds, "s")
    terraform.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weir", help="path of a release build of weir")
    parser.add_argument("emulator", help="path of a release build of weir-emulator")
    parser.add_argument("state_test", help="path of a release build of state_test")
    parser.add_argument("--records", type=int, default=100_000, help="of the large state")
    parser.add_argument("--projects", type=int, default=295, help="of the large estate, 34 each")
    parser.add_argument("--terraform-resources", type=int, default=300, help="0: without terraform")
    parser.add_argument("--folder", default=os.environ.get("TMPDIR", "/var/tmp"),
                        help="for manifests and states, on a real disk")
    parser.add_argument("--output", type=Path, default=Path("build/bench"))
    arguments = parser.parse_args()
    results = Results()
    measure_creations(arguments, results, max(1, arguments.projects // 10))
    measure_creations(arguments, results, arguments.projects)
    measure_writes(arguments, results, max(1, arguments.projects // 10))
    measure_destroy(arguments, results, max(1, arguments.projects // 10))
    measure_makespan(arguments, results)
    measure_waiting(arguments, results)
    measure_large_state(arguments, results)
    measure_terraform(arguments, results)
    write(results, arguments.output, "applier", [
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} processors; the emulator without latency "
        "uses them too."])


if __name__ == "__main__":
    main()
