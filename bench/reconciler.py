#!/usr/bin/env python3
"""Measures weir on a large estate: validate, plan without changes, graph, and how costs grow.

The estate stands in an emulator without PostgreSQL; its manifest is what `weir export` writes.
Where terraform is installed, the same graph made of its built-in terraform_data is planned in the
same run, in turns. Prints a table and writes build/bench/reconciler.md and .json.
"""
import argparse
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from commands import Run
from daemon import Emulator
from hostile import measure_hostile
from results import Results, write
from terraform import Terraform

BRANCHES = 10  # of a project, the first included
ROLES = 5  # of the first branch, which every other one inherits


def fill(emulator: Emulator, projects: int) -> None:
    for number in range(projects):
        project = f"projects/p{number:05}"
        emulator.finish(emulator.call("POST", f"projects?project_id=p{number:05}",
                                      {"spec": {"enable_pg_native_login": True}}))
        for role in range(ROLES):  # one at a time: another one would be in conflict
            emulator.finish(
                emulator.call("POST", f"{project}/branches/production/roles?role_id=role-{role}",
                              {"spec": {"postgres_role": f"role_{role}"}}))
        branches = [emulator.call("POST", f"{project}/branches?branch_id=b{branch}",
                                  {"spec": {"no_expiry": True}})
                    for branch in range(1, BRANCHES)]
        for operation in branches:
            emulator.finish(operation)


def resources_of(projects: int) -> int:
    """A project, its permissions, and each branch with its endpoint, database, roles and owner."""
    return projects * (2 + BRANCHES * (4 + ROLES))


def lists_of(projects: int) -> int:
    """One for each parent and kind; of the projects, which are more than a page, one a page."""
    return math.ceil(projects / 100) + projects * (2 + 3 * BRANCHES)


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


def empty_emulator(arguments, *options: str) -> Emulator:
    return Emulator(arguments.emulator, "--no-postgres", "--assume", "branches_per_project=1000000",
                    "--assume", "projects_per_workspace=1000000", *options)


def export(arguments, emulator: Emulator) -> list[str]:
    """The flags that name the manifest of all that the emulator has."""
    manifest = Path(emulator.folder) / "estate.yaml"
    Run([arguments.weir, "export", "-out", str(manifest)], environment_of(emulator))
    return ["-f", str(manifest)]


def checked_plan(arguments, emulator: Emulator, files: list[str], projects: int) -> Run:
    """A plan that changes nothing and has sent the lists and nothing else."""
    run = Run([arguments.weir, "plan", *files], environment_of(emulator))
    summary = run.output.splitlines()[-1]
    found = re.fullmatch(r"Plan: 0 to create, 0 to change, 0 to destroy; (\d+) adopted "
                         r"\((\d+) calls\)", summary)
    if not found or int(found.group(1)) != resources_of(projects):
        raise RuntimeError(f"expected {resources_of(projects)} resources as declared: {summary}")
    run.calls = int(found.group(2))
    return run


def recorded_plan(arguments, size: int) -> Run:
    """All of a plan but HTTP: text, recorded answers, comparison, order, rendered text. Its
    processor time is that of the plan; what the answers are made of does not count."""
    run = Run([arguments.plan_scale, str(size)], {})
    found = re.match(r"(\d+) resources, \d+ requests, \d+ steps, ([\d.]+) s", run.output)
    run.resources = int(found.group(1))
    run.processor = float(found.group(2))
    return run


def measure_estate(arguments, results: Results) -> None:
    projects, times = arguments.projects, range(arguments.times)
    resources = resources_of(projects)
    with empty_emulator(arguments) as emulator:
        fill(emulator, projects)
        environment = environment_of(emulator)
        files = export(arguments, emulator)
        checks = [Run([arguments.weir, "validate", *files], environment) for _ in times]
        graphs = [Run([arguments.weir, "graph", *files], environment) for _ in times]
        plans, recorded, theirs = [], [], []

        def take_turn() -> None:
            plans.append(checked_plan(arguments, emulator, files, projects))
            recorded.append(recorded_plan(arguments, resources))

        take_turn()
        if Terraform.is_installed() and arguments.terraform_times > 0:
            theirs = measure_terraform(arguments, Terraform(graphs[0].output), results, resources,
                                       take_turn)
        for _ in times[1:]:
            take_turn()
    add_runs(results, f"validate {resources:,} resources", checks,
             {"wall": "< 0.5 s", "memory": "< 100 MiB"})
    add_runs(results, f"graph of {resources:,} resources", graphs, {"wall": "< 0.5 s"})
    add_runs(results, f"plan {resources:,} resources, no changes", plans,
             {"processor": "< 0.49 s", "memory": "< 110 MiB"})
    results.add("requests of that plan", plans[-1].calls, "", f"{lists_of(projects):,}")
    add_runs(results, f"plan {resources:,} resources from recorded answers", recorded, {})
    if theirs:
        results.add("processor time of terraform's plan against weir's, neither with requests",
                    median(theirs, "processor") / median(recorded, "processor"), "times", "> 100")
        for value, name in (("processor", "processor time"), ("memory", "memory")):
            results.add(f"{name} of terraform's plan against weir's",
                        median(theirs, value) / median(plans, value), "times",
                        "> 100" if value == "processor" else "> 10")


def measure_terraform(arguments, terraform: Terraform, results: Results, resources: int,
                      take_turn) -> list[Run]:
    """The plans of terraform; between them weir's, so that both meet the same machine."""
    plans = []
    for _ in range(arguments.terraform_times):
        plans.append(terraform.plan())
        take_turn()
    add_runs(results, f"terraform plan of {resources:,} terraform_data", plans, {})
    add_runs(results, f"terraform validate of {resources:,}", [terraform.run("validate")], {})
    add_runs(results, f"terraform graph of {resources:,}", [terraform.run("graph")], {})
    terraform.remove()
    return plans


def measure_large_estate(arguments, results: Results) -> None:
    projects = arguments.large_projects
    if projects == 0:
        return
    with empty_emulator(arguments) as emulator:
        fill(emulator, projects)
        files = export(arguments, emulator)
        run = checked_plan(arguments, emulator, files, projects)
    add_runs(results, f"plan {resources_of(projects):,} resources, no changes", [run],
             {"processor": "< 5 s", "memory": "< 600 MiB"})
    results.add("requests of that plan", run.calls, "", f"{lists_of(projects):,}")


def measure_start(arguments, results: Results) -> None:
    runs = [Run([arguments.weir, "version"], {"PATH": os.environ["PATH"]}) for _ in range(50)]
    results.add("weir version, wall, best of 50", min(run.seconds for run in runs) * 1000, "ms",
                "< 10 ms")
    results.add("weir version, resident", median(runs, "memory"), "MiB", "< 15 MiB")


def instructions(program: list[str]) -> int:
    """Instructions as valgrind counts them: the same whatever else the machine does."""
    printed = subprocess.run(
        ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null",
         *program], check=True, capture_output=True, text=True).stderr
    return int(re.search(r"I\s+refs:\s+([\d,]+)", printed).group(1).replace(",", ""))


def measure_growth(arguments, results: Results) -> None:
    run = recorded_plan(arguments, 100_000)
    add_runs(results, f"plan {run.resources:,} resources from recorded answers", [run],
             {"processor": "< 5 s", "memory": "< 600 MiB"})
    if shutil.which("valgrind") is None:
        return
    sizes = (1_000, 10_000, 100_000)
    counts = [instructions([arguments.plan_scale, str(size)]) for size in sizes]
    for size, count in zip(sizes, counts):
        results.add(f"instructions of that plan of {size:,}", count / 1e9, "thousand million")
    slope = math.log(counts[-1] / counts[0]) / math.log(sizes[-1] / sizes[0])
    results.add(f"growth of instructions from {sizes[0]:,} to {sizes[-1]:,} resources", slope,
                "log-log slope", "<= 1.05")


def parsed_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weir", help="path of a release build of weir")
    parser.add_argument("emulator", help="path of a release build of weir-emulator")
    parser.add_argument("plan_scale", help="path of a release build of plan_scale")
    parser.add_argument("hostile_bench", help="path of a release build of hostile_bench")
    parser.add_argument("--projects", type=int, default=110)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--terraform-times", type=int, default=2, help="0: without terraform")
    parser.add_argument("--large-projects", type=int, default=1_087,
                        help="of the estate of 100,000 resources; 0: without it")
    parser.add_argument("--output", type=Path, default=Path("build/bench"))
    return parser.parse_args()


def main() -> None:
    arguments = parsed_arguments()
    results = Results()
    load_before = os.getloadavg()[0]
    for measure in (measure_start, measure_growth, measure_estate, measure_large_estate):
        start = time.monotonic()
        measure(arguments, results)
        print(f"{measure.__name__} took {time.monotonic() - start:.0f} s", file=sys.stderr)
    measure_hostile(arguments.hostile_bench, arguments.times, results)
    write(results, arguments.output, "reconciler",
          [f"{os.cpu_count()} processors, load {load_before:.1f} before the start; medians of "
           f"{arguments.times}, terraform's of {arguments.terraform_times} in turns with weir."])


if __name__ == "__main__":
    main()
