#!/usr/bin/env python3
"""Kills weir, or the emulator, at every request and every write of a few applies.

    tests/crash/matrix.py WEIR EMULATOR PRELOAD      as many points as fit into a few minutes
        --all                  every point
        --seconds N            stops to begin new points after that time (120)
        --seed TEXT            chooses and orders the points (the commit)
        --only POINT           one point, as a failure names it; may be repeated
        --example NAME         the points of one of the applies
        --jobs N               points at the same time (4)
        --team                 the state is in PostgreSQL, behind a pool of transactions

A point is EXAMPLE:KIND:NUMBER:MOMENT, as in mix:request:17:kill-handled. After it, at most two
applies must make the workspace as declared; nothing is made twice, nothing forgotten, and no
request leaves without an intent on disk.
"""
import argparse
import contextlib
import itertools
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from case import Case, Programs, prepare
from emulator import QuietPort
from examples import EXAMPLES
from invariants import check_all, check_no_orphan, converge
from postgres import POOL_PORT, Postgres
from proxy import Strike
from team import LEASE_AND_DRAIN, TeamState

AT_REQUESTS = ("kill-before", "kill-handled", "kill-answered", "lost", "late", "emulator-before",
               "emulator-handled")
AT_WRITES = {"sync": ("before", "after"), "name": ("before", "after"), "write": ("torn",)}
KILLED = -9


@dataclass(frozen=True)
class Point:
    example: str
    kind: str
    number: int
    moment: str

    def __str__(self):
        return f"{self.example}:{self.kind}:{self.number}:{self.moment}"

    @staticmethod
    def parse(text):
        example, kind, number, moment = text.split(":")
        return Point(example, kind, int(number), moment)


class Player:
    """Plays points, one after another, in a process of its own."""

    def __init__(self, programs, folder, server=None):
        self.programs = programs
        self.server = server
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        self.quiet_port = QuietPort()
        self.prepared = {}

    def case(self, example):
        if example.name not in self.prepared:
            self.prepared[example.name] = prepare(self.programs, example, self.folder,
                                                  self.quiet_port.number)
        case = Case(self.programs, example, self.prepared[example.name],
                    self.quiet_port.number)
        if self.server:
            case.team = TeamState(self.server, POOL_PORT)
        return case

    def preload(self, case, **more):
        return {"LD_PRELOAD": self.programs.preload,
                "WEIR_DIE_FOLDER": str(case.work / ".weir"), **more}

    def count(self, example):
        """How many requests and writes an undisturbed apply makes."""
        with self.case(example) as case:
            file = case.folder / "counts"
            ran = case.apply(**self.preload(case, WEIR_DIE_COUNTS=str(file)))
            counts = {"request": len(case.proxy.exchanges)}
            for line in file.read_text().splitlines() if file.exists() else ():
                counts[line.split()[0]] = int(line.split()[1])
            converge(case, ran)
            check_all(case, counts["request"])
            if case.wrong:
                raise RuntimeError(f"undisturbed, {example.name} goes wrong: {case.wrong}\n"
                                   + "\n".join(case.said))
            return counts

    def play(self, example, point, usual):
        """What went wrong, with all that was said; and whether the point was reached."""
        with self.case(example) as case:
            if point.kind == "request":
                first = case.apply(strike=Strike(point.number, point.moment))
                is_reached = case.proxy.is_struck
            else:
                first = case.apply(**self.preload(
                    case, WEIR_DIE_CALL=point.kind, WEIR_DIE_NUMBER=str(point.number),
                    WEIR_DIE_MOMENT=point.moment))
                is_reached = first.code == KILLED
            check_no_orphan(case, "right after the crash")
            if case.team and first.code == KILLED:
                case.team.make_lease_older(LEASE_AND_DRAIN)
            self.check_first(case, first)
            converge(case, first)
            check_all(case, usual)
            return case.wrong, report_of(case) if case.wrong else "", is_reached

    @staticmethod
    def check_first(case, first):
        """It was killed, or has said itself how it ended."""
        if first.code not in (KILLED, 0, 1, 6, 7):
            case.wrong.append(f"the disturbed apply ended with {first.code}")


def report_of(case):
    return "\n".join([*(str(exchange) for exchange in case.proxy.exchanges), *case.said])


def all_points(counts):
    for name, count in counts.items():
        for number in range(1, count["request"] + 1):
            yield from (Point(name, "request", number, moment) for moment in AT_REQUESTS)
        for kind, moments in AT_WRITES.items():
            for number in range(1, count.get(kind, 0) + 1):
                yield from (Point(name, kind, number, moment) for moment in moments)


player = None  # of this process


def begin_player(programs, folder, server=None):
    global player
    player = Player(programs, folder, server)


def play(job):
    example, point, usual = job
    begun = time.monotonic()
    try:
        wrong, report, is_reached = player.play(example, point, usual)
    except Exception as error:  # a broken harness must not look like a success
        wrong, report, is_reached = [f"{type(error).__name__}: {error}"], "", True
    return point, wrong, report, is_reached, time.monotonic() - begun


def commit_of_folder():
    try:
        return subprocess.run(["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, text=True,
                              capture_output=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def parse_arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("weir")
    parser.add_argument("emulator")
    parser.add_argument("preload")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", default=os.environ.get("WEIR_SEED") or commit_of_folder())
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--example", choices=[example.name for example in EXAMPLES])
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--team", action="store_true")
    return parser.parse_args()


def chosen_points(arguments, counts):
    if arguments.only:
        return [Point.parse(text) for text in arguments.only]
    groups = {}
    for point in all_points(counts):
        groups.setdefault((point.example, point.kind, point.moment), []).append(point)
    order = random.Random(arguments.seed)
    for group in groups.values():
        order.shuffle(group)
    # One of each group after another, so that the many writes do not take the time of the rest.
    rounds = itertools.zip_longest(*groups.values())
    return [point for points in rounds for point in points if point]


class Tally:
    """How many points were played, and which went wrong."""

    def __init__(self):
        self.played = Counter()
        self.missed = 0
        self.failed = []

    def take(self, point, wrong, report, is_reached):
        self.played[f"{point.kind} {point.moment}"] += 1
        self.missed += not is_reached
        if wrong:
            self.failed.append(point)
            print(f"\n=== {point}\n" + "\n".join(wrong) + f"\n--- what happened\n{report}",
                  flush=True)

    def tell(self, total, seconds, seed):
        for what, count in sorted(self.played.items()):
            print(f"{count:6} {what}")
        done = sum(self.played.values())
        print(f"{done} of {total} points in {seconds:.0f} s, {self.missed} not reached because the "
              f"apply was over, {len(self.failed)} failed; seed {seed}")
        for point in self.failed:
            print(f"failed: --only {point}")


def play_all(arguments, programs, folder, server=None):
    # A state that was there before would have to be copied with its database.
    examples = {example.name: example for example in EXAMPLES if not server or not example.before}
    if arguments.only:
        wanted = {Point.parse(text).example for text in arguments.only}
        examples = {name: examples[name] for name in wanted}
    elif arguments.example:
        examples = {arguments.example: examples[arguments.example]}
    begun = time.monotonic()
    begin_player(programs, folder, server)
    counts = {name: player.count(example) for name, example in examples.items()}
    points = chosen_points(arguments, counts)
    jobs = [(examples[point.example], point, counts[point.example]["request"]) for point in points]
    is_limited = not arguments.all and not arguments.only
    end = begun + arguments.seconds if is_limited else float("inf")
    tally = Tally()
    with multiprocessing.Pool(arguments.jobs, begin_player, (programs, folder, server)) as pool:
        # In batches, because a pool takes all that it is given at once.
        batch = 8 * arguments.jobs
        for first in range(0, len(jobs), batch):
            if time.monotonic() > end:
                break
            for point, wrong, report, is_reached, _ in pool.imap_unordered(
                    play, jobs[first:first + batch]):
                tally.take(point, wrong, report, is_reached)
    tally.tell(len(jobs), time.monotonic() - begun, arguments.seed)
    return tally.failed


def main():
    arguments = parse_arguments()
    programs = Programs(*(str(Path(path).resolve()) for path in
                          (arguments.weir, arguments.emulator, arguments.preload)))
    folder = tempfile.mkdtemp(prefix="weir-crash-matrix-")
    try:
        with Postgres() if arguments.team else contextlib.nullcontext() as server:
            return 1 if play_all(arguments, programs, folder, server) else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
