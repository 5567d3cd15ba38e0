#!/usr/bin/env python3
"""Several applies of one deployment at once, and one that stops in the middle.

    tests/crash/rivals.py WEIR EMULATOR JUMP_CLOCK DIE_AT_WRITE [--slow] [--only NAME]

On SQLite, on PostgreSQL, and through a pool of transactions. --slow stops a holder for longer than
its lease in real time; otherwise its clock jumps and its lease in the database is made older.
"""
import argparse
import os
import signal
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from case import Case
from examples import EXAMPLES
from invariants import check_all, check_no_orphan, converge
from postgres import Postgres
from proxy import Strike
from team import LEASE_AND_DRAIN, TeamState

LOCKED = 5
BY_NAME = {example.name: example for example in EXAMPLES}


@dataclass
class Programs:
    weir: str
    emulator: str
    jump_clock: str
    at_write: str


def crowd(case, count):
    """All at once; each does it all, or finds it done, or waits in vain."""
    case.proxy.begin_run()
    rivals = [case.start("apply", "-auto-approve", "-lock-timeout", "60s", *case.example.flags)
              for _ in range(count)]
    ended = [case.end(rival, f"rival {number}") for number, rival in enumerate(rivals)]
    codes = [ran.code for ran in ended]
    if any(code not in (0, LOCKED) for code in codes) or 0 not in codes:
        case.wrong.append(f"{count} applies at once ended with {codes}")
    finish(case)


def finish(case):
    check_no_orphan(case, "in the end")
    converge(case)
    check_all(case, 1000)


def start_and_stop(case, strike, **more):
    """An apply that stands still where the strike hits it; nothing when it was faster."""
    case.proxy.begin_run(strike)
    holder = case.start("apply", "-auto-approve", *case.example.flags, **more)
    if case.proxy.stopped.wait(30):
        return holder
    case.wrong.append("the apply was over before it could be stopped")
    case.end(holder, "the holder")
    return None


def move_out_of_transaction(case, holder):
    """It stands still elsewhere: rows that it locks cannot be made older."""
    while case.team.is_in_transaction() and holder.poll() is None:
        holder.send_signal(signal.SIGCONT)
        time.sleep(0.002)
        holder.send_signal(signal.SIGSTOP)


def stopped_in_commit(case, programs, number):
    """The holder, who stands still while he writes to the state's file."""
    case.proxy.begin_run()
    holder = case.start("apply", "-auto-approve", *case.example.flags,
                        LD_PRELOAD=programs.at_write, WEIR_DIE_FOLDER=str(case.work / ".weir"),
                        WEIR_DIE_CALL="sync", WEIR_DIE_NUMBER=str(number), WEIR_DIE_MOMENT="stop")
    os.waitid(os.P_PID, holder.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    return holder


def others_wait(case, holder):
    """Nobody is overtaken who only stands still while the lease is good."""
    if holder is None:
        return
    refused = case.run("apply", "-auto-approve", "-lock-timeout", "500ms", *case.example.flags)
    if refused.code != LOCKED:
        case.wrong.append(f"while the holder stands still, an apply ends with {refused.code}")
    waiting = case.start("apply", "-auto-approve", "-lock-timeout", "60s", *case.example.flags)
    time.sleep(0.3)
    holder.send_signal(signal.SIGCONT)
    for name, process in (("the holder", holder), ("the one who waits", waiting)):
        ran = case.end(process, name)
        if ran.code != 0:
            case.wrong.append(f"{name} ended with {ran.code}")
    finish(case)


def holder_dies(case, number):
    """Nobody needs to unlock by hand after a crash."""
    holder = start_and_stop(case, Strike(number, "stop"))
    if holder is None:
        return
    holder.kill()
    case.end(holder, "the holder")
    check_no_orphan(case, "after the crash")
    case.team.make_lease_older(LEASE_AND_DRAIN)
    converge_after(case)


def converge_after(case):
    ran = case.run("apply", "-auto-approve", "-lock-timeout", "60s", *case.example.flags)
    converge(case, ran)
    check_all(case, 1000)


def server_crashes(case, number):
    """The state's server goes away and comes back under an apply."""
    holder = start_and_stop(case, Strike(number, "stop"))
    if holder is None:
        return
    holder.send_signal(signal.SIGCONT)
    case.team.server.crash()
    ran = case.end(holder, "the apply whose state went away")
    if ran.code not in (0, 1, 6):
        case.wrong.append(f"the apply whose state went away ended with {ran.code}")
    check_no_orphan(case, "after the crash of the server")
    case.team.make_lease_older(LEASE_AND_DRAIN)
    converge_after(case)


def lease_ends(case, strike, programs, is_slow):
    """Who stood still for longer than the lease has lost it, and changes nothing any more."""
    case.patience = 2 * LEASE_AND_DRAIN
    jump = case.folder / "jump"
    clock = {} if is_slow else {"LD_PRELOAD": programs.jump_clock, "WEIR_JUMP_FILE": str(jump),
                                "WEIR_JUMP_SECONDS": str(LEASE_AND_DRAIN)}
    holder = start_and_stop(case, strike, **clock)
    if holder is None:
        return
    if not is_slow:
        move_out_of_transaction(case, holder)
        case.team.make_lease_older(LEASE_AND_DRAIN)
        jump.touch()
    successor = case.run("apply", "-auto-approve", "-lock-timeout", "150s", *case.example.flags)
    converge(case, successor)
    epoch_of_history = len(case.rows("SELECT serial FROM history"))
    sent = len(case.proxy.exchanges)
    holder.send_signal(signal.SIGCONT)
    ran = case.end(holder, "the holder that lost its lease")
    check_zombie(case, ran, sent, epoch_of_history)
    converge(case)
    check_all(case, 1000)


def check_zombie(case, ran, sent, history):
    if ran.code != 6:
        case.wrong.append(f"the holder that lost its lease ended with {ran.code}")
    for exchange in case.proxy.exchanges[sent:]:
        if exchange.is_change:
            case.wrong.append(f"the holder sent {exchange.name} after it lost its lease")
    if len(case.rows("SELECT serial FROM history")) != history:
        case.wrong.append("the holder has recorded something after it lost its lease")


def stops_in_transaction(case):
    """A holder that stands still inside a transaction must not keep the others out for ever."""
    case.patience = 2 * LEASE_AND_DRAIN
    case.proxy.begin_run()
    with case.team.locked("weir.intent"):
        holder = case.start("apply", "-auto-approve", *case.example.flags)
        case.team.wait_until("wait_event_type = 'Lock'")
        holder.send_signal(signal.SIGSTOP)
    case.team.wait_until("state = 'idle in transaction'")
    ran = case.run("apply", "-auto-approve", "-lock-timeout", "130s", *case.example.flags)
    if ran.code != 0:
        case.wrong.append(f"who waits for a holder inside a transaction ends with {ran.code}")
    holder.kill()
    case.end(holder, "the holder")
    case.team.make_lease_older(LEASE_AND_DRAIN)
    converge_after(case)


def all_tests(programs, server, is_slow):
    """Names, examples and what is done with a case of them."""
    ways = {"postgres": 5432, "pgbouncer": 6432}
    for count in (2, 5, 8):
        yield f"sqlite-crowd-{count}", "new", None, lambda case, count=count: crowd(case, count)
        for way, port in ways.items():
            yield f"{way}-crowd-{count}", "new", port, lambda case, count=count: crowd(case, count)
    for number in (2, 7, 20):
        yield (f"sqlite-stop-{number}", "new", None,
               lambda case, number=number:
               others_wait(case, start_and_stop(case, Strike(number, "stop"))))
        for way, port in ways.items():
            yield (f"{way}-stop-{number}", "new", port,
                   lambda case, number=number:
                   others_wait(case, start_and_stop(case, Strike(number, "stop"))))
    for number in (6, 10, 15):
        yield (f"sqlite-stop-in-commit-{number}", "new", None, lambda case, number=number:
               others_wait(case, stopped_in_commit(case, programs, number)))
    for number in (2, 5, 9, 14, 20, 28):
        for way, port in ways.items():
            yield (f"{way}-dies-{number}", "new", port,
                   lambda case, number=number: holder_dies(case, number))
            yield (f"{way}-crashes-{number}", "new", port,
                   lambda case, number=number: server_crashes(case, number))
    for way, port in ways.items():
        for example, number in (("new", 2), ("new", 9), ("new", 22), ("mix", 24), ("mix", 26),
                                ("mix", 28), ("mix", 40)):
            strike = Strike(number, "stop")
            yield (f"{way}-lease-{example}-{number}", example, port,
                   lambda case, strike=strike: lease_ends(case, strike, programs, False))
        looked_at = Strike(0, "stop", "GET /api/2.0/postgres/projects/shop")
        yield (f"{way}-lease-before-request", "mix", port,
               lambda case, strike=looked_at: lease_ends(case, strike, programs, False))
        if is_slow:
            yield (f"{way}-lease-in-real-time", "mix", port,
                   lambda case, strike=looked_at: lease_ends(case, strike, programs, True))
            yield f"{way}-stops-in-transaction", "mix", port, stops_in_transaction


def play(name, example, port, act, programs, server):
    begun = time.monotonic()
    with Case(programs, BY_NAME[example]) as case:
        if port:
            case.team = TeamState(server, port)
        if BY_NAME[example].before:
            apply_earlier(case, BY_NAME[example])
        try:
            act(case)
        except Exception:  # a broken harness must not look like a success
            case.wrong.append(traceback.format_exc())
        print(f"{'FAILED' if case.wrong else 'ok':6} {name} ({time.monotonic() - begun:.1f} s)",
              flush=True)
        if case.wrong:
            print("\n".join(["", *case.wrong, "--- what happened",
                             *map(str, case.proxy.exchanges), *case.said, ""]), flush=True)
        return not case.wrong


def apply_earlier(case, example):
    case.declare(example.before)
    ran = case.run("apply", "-auto-approve")
    if ran.code != 0:
        case.wrong.append("what was there before cannot be applied")
    case.declare(example.manifest)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("weir")
    parser.add_argument("emulator")
    parser.add_argument("jump_clock")
    parser.add_argument("at_write")
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    programs = Programs(*(str(Path(path).resolve()) for path in
                          (arguments.weir, arguments.emulator, arguments.jump_clock,
                           arguments.at_write)))
    begun = time.monotonic()
    with Postgres() as server:
        tests = [test for test in all_tests(programs, server, arguments.slow)
                 if arguments.only in test[0]]
        good = [play(*test, programs, server) for test in tests]
    print(f"{len(good)} tests in {time.monotonic() - begun:.0f} s, {good.count(False)} failed")
    return 0 if good and all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
