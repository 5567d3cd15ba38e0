#!/usr/bin/env python3
"""Measures weir on a large estate: validate, plan without changes, graph, and how costs grow.

The estate stands in an emulator without PostgreSQL; its manifest is what `weir export` writes.
Where terraform is installed, a graph of the same shape made of its built-in terraform_data is
planned in the same run, in turns. Prints a table and writes build/bench/reconciler.md and .json.
"""
import argparse
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from daemon import Emulator
from results import Results, write

BRANCHES = 10  # of a project, the first included
ROLES = 5  # of the first branch, which every other one inherits


class Run:
    """One finished command: seconds, processor seconds, MiB, and what it printed."""

    def __init__(self, arguments: list[str], environment: dict[str, str], accepted=(0,)):
        start = time.monotonic()
        process = subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        self.output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds = time.monotonic() - start
        self.processor = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024
        if process.returncode not in accepted:
            raise RuntimeError(f"{' '.join(arguments)}: exit code {process.returncode}\n"
                               f"{self.output[-2000:]}")


def fill(emulator: Emulator, projects: int) -> int:
    """Makes the estate and answers how many resources it has."""
    for number in range(projects):
        project = f"projects/p{number:05}"
        emulator.finish(emulator.call("POST", f"projects?project_id=p{number:05}", {}))
        for role in range(ROLES):
            emulator.finish(emulator.call("POST", f"{project}/branches/production/roles?role_id=role-{role}",
                                          {"spec": {"postgres_role": f"role_{role}"}}))
        operations = [emulator.call("POST", f"{project}/branches?branch_id=b{branch}",
                                    {"spec": {"no_expiry": True}})
                      for branch in range(1, BRANCHES)]
        for operation in operations:
            emulator.finish(operation)
    # A project, and for each branch itself, its endpoint, its database, its roles and the owner.
    return projects * (1 + BRANCHES * (4 + ROLES))


def environment_of(emulator: Emulator) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": emulator.folder,
            "DATABRICKS_HOST": f"http://127.0.0.1:{emulator.port}",
            "DATABRICKS_TOKEN": emulator.token, "DATABRICKS_RATE_LIMIT": "100000"}


def median(runs: list[Run], value: str) -> float:
    return statistics.median(getattr(run, value) for run in runs)


def add_runs(results: Results, name: str, runs: list[Run], aims: dict[str, str]) -> None:
    results.add(f"{name}, wall", median(runs, "seconds"), "s", aims.get("wall", ""))
    results.add(f"{name}, processor", median(runs, "processor"), "s", aims.get("processor", ""))
    results.add(f"{name}, resident", median(runs, "memory"), "MiB", aims.get("memory", ""))


def measure_estate(arguments, results: Results) -> None:
    options = ["--no-postgres", "--assume", "branches_per_project=1000000",
               "--assume", "projects_per_workspace=1000000"]
    with Emulator(arguments.emulator, *options) as emulator:
        resources = fill(emulator, arguments.projects)
        environment = environment_of(emulator)
        manifest = Path(emulator.folder) / "estate.yaml"
        manifest.write_text(Run([arguments.weir, "export"], environment).output)
        weir = [arguments.weir]
        files = ["-f", str(manifest)]
        terraform = Terraform.make(resources)
        plans, theirs = [], []
        for _ in range(arguments.times):
            plans.append(Run([*weir, "plan", "-detailed-exitcode", *files], environment))
            theirs += [terraform.plan()] if terraform else []
        checks = [Run([*weir, "validate", *files], environment) for _ in range(arguments.times)]
        graphs = [Run([*weir, "graph", *files], environment) for _ in range(arguments.times)]
    results.add("resources", resources, "")
    add_runs(results, f"validate {resources:,} resources", checks,
             {"wall": "< 0.5 s", "memory": "< 100 MiB"})
    add_runs(results, f"plan {resources:,} resources, no changes", plans,
             {"processor": "1/100 of terraform's 49 s", "memory": "1/10 of terraform's 1,100 MiB"})
    add_runs(results, f"graph of {resources:,} resources", graphs, {"wall": "< 0.5 s"})
    calls = int(re.search(r"(\d+) calls", plans[-1].output).group(1))
    lists = math.ceil(arguments.projects / 100) + arguments.projects * (1 + 3 * BRANCHES)
    results.add("requests of the plan", calls, "", f"{lists} lists")
    if theirs:
        add_runs(results, f"terraform plan of {resources:,} terraform_data", theirs, {})
        results.add("processor time of terraform against weir",
                    median(theirs, "processor") / median(plans, "processor"), "times", "> 100")


class Terraform:
    """A configuration of the same shape, applied once without a network."""

    def __init__(self, folder: str):
        self.folder = folder

    @staticmethod
    def make(resources: int):
        if shutil.which("terraform") is None:
            return None
        terraform = Terraform(tempfile.mkdtemp(prefix="weir-bench-terraform-"))
        blocks = [f'resource "terraform_data" "r{number}" {{\n  input = "{number}"\n'
                  + (f"  depends_on = [terraform_data.r{number // 9}]\n" if number else "")
                  + "}\n" for number in range(resources)]
        Path(terraform.folder, "main.tf").write_text("".join(blocks))
        terraform.run("init")
        terraform.run("apply", "-auto-approve")
        return terraform

    def run(self, *arguments: str) -> Run:
        return Run(["terraform", f"-chdir={self.folder}", *arguments], dict(os.environ))

    def plan(self) -> Run:
        return self.run("plan", "-detailed-exitcode")


def measure_start(arguments, results: Results) -> None:
    runs = [Run([arguments.weir, "version"], {"PATH": os.environ["PATH"]}) for _ in range(50)]
    results.add("weir version, wall, best of 50", min(run.seconds for run in runs) * 1000, "ms",
                "< 10 ms")
    results.add("weir version, resident", median(runs, "memory"), "MiB", "< 15 MiB")


def instructions(program: list[str]) -> int:
    """Instructions as callgrind counts them: the same whatever else the machine does."""
    with tempfile.TemporaryDirectory() as folder:
        printed = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", *program],
            check=True, capture_output=True, text=True).stderr
    return int(re.search(r"Collected : (\d+)", printed).group(1))


def measure_growth(arguments, results: Results) -> None:
    for size in (10_000, 100_000):
        run = Run([arguments.plan_scale, str(size)], {})
        seconds = float(re.search(r"([\d.]+) s,", run.output).group(1))
        aim = "< 5 s" if size == 100_000 else ""
        results.add(f"compare and order {size:,} resources", seconds, "s", aim)
        results.add(f"compare and order {size:,} resources, resident", run.memory, "MiB",
                    "< 600 MiB" if size == 100_000 else "")
    if shutil.which("valgrind") is None:
        return
    sizes = (1_000, 10_000, 100_000) if arguments.thorough else (1_000, 10_000)
    counts = [instructions([arguments.plan_scale, str(size)]) for size in sizes]
    slope = math.log(counts[-1] / counts[0]) / math.log(sizes[-1] / sizes[0])
    results.add(f"growth of instructions from {sizes[0]:,} to {sizes[-1]:,} resources", slope,
                "log-log slope", "<= 1.05")


def parsed_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weir", help="path of a release build of weir")
    parser.add_argument("emulator", help="path of a release build of weir-emulator")
    parser.add_argument("plan_scale", help="path of a release build of plan_scale")
    parser.add_argument("--projects", type=int, default=110)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--thorough", action="store_true", help="count instructions up to 100,000")
    parser.add_argument("--output", type=Path, default=Path("build/bench"))
    return parser.parse_args()


def main() -> None:
    arguments = parsed_arguments()
    results = Results()
    load_before = os.getloadavg()[0]
    measure_start(arguments, results)
    measure_growth(arguments, results)
    measure_estate(arguments, results)
    write(results, arguments.output, "reconciler",
          [f"{os.cpu_count()} processors, load {load_before:.1f} before the start; medians of "
           f"{arguments.times}; " + json.dumps({"terraform": bool(shutil.which("terraform"))})])


if __name__ == "__main__":
    main()
