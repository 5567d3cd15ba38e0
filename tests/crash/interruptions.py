#!/usr/bin/env python3
"""Ctrl-C and its relatives, closed ends, and disks without room, in the middle of an apply.

    tests/crash/interruptions.py WEIR EMULATOR [--only NAME]
"""
import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import replace
from pathlib import Path

from case import Case, Programs
from examples import EXAMPLES
from invariants import check_all, check_no_orphan, converge
from proxy import Strike

BY_NAME = {example.name: example for example in EXAMPLES}
SLOW = BY_NAME["polls"]
HANGING = replace(SLOW, latency="create=30s,update=30s,settle=0s")
QUICK = 1.0  # seconds in which somebody who asks twice is let go
NO_ROOM = ("room", "space", "large")


def begin(case, number, moment="tell", **options):
    """A running apply that has sent so many requests."""
    case.proxy.begin_run(Strike(number, moment))
    process = subprocess.Popen(
        [case.programs.weir, "apply", "-auto-approve", *case.example.flags], cwd=case.work,
        env=case.environment(),
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT,
           "text": True, **options})
    case.proxy.victim = process
    if not case.proxy.told.wait(60):
        case.wrong.append("the apply was over before it could be disturbed")
    return process


def expect(case, ran, code):
    if ran.code != code:
        case.wrong.append(f"the exit code is {ran.code}, not {code}")


def finish(case):
    check_no_orphan(case, "after the interruption")
    converge(case)
    check_all(case, 200)


def once(case, number, which):
    """What runs is finished and remembered; nothing new begins."""
    process = begin(case, number)
    process.send_signal(which)
    time.sleep(0.05)
    begun = {each.name for each in case.proxy.exchanges if each.is_change}
    ran = case.end(process, f"apply, with {which.name}")
    expect(case, ran, 128 + which)
    for later in {each.name for each in case.proxy.exchanges if each.is_change} - begun:
        case.wrong.append(f"{later} began after {which.name}")
    if case.intents():
        case.wrong.append("intents are open, though what ran was to be finished")
    finish(case)


def twice(case, number, which, moment="tell"):
    """It leaves at once, and the state is whole."""
    process = begin(case, number, moment)
    process.send_signal(which)
    time.sleep(0.1)
    asked = time.monotonic()
    process.send_signal(which)
    ran = case.end(process, f"apply, with {which.name} twice")
    took = time.monotonic() - asked
    expect(case, ran, 128 + which)
    if took > QUICK:
        case.wrong.append(f"it took {took:.1f} s to leave")
    check_no_orphan(case, "after the interruption")
    # The emulator's operations take long here; they are not waited for.
    ok = case.rows("PRAGMA integrity_check")
    if ok != [("ok",)]:
        case.wrong.append(f"the state is not whole: {ok}")


def while_it_waits(case, which):
    """Nothing was begun, so that there is nothing to finish."""
    holder = begin(case, 2, "hang")
    waiting = case.start("apply", "-auto-approve", "-lock-timeout", "60s")
    time.sleep(0.5)
    asked = time.monotonic()
    waiting.send_signal(which)
    time.sleep(QUICK)
    if waiting.poll() is None:
        case.wrong.append(f"who waits for the lock does not leave with {which.name}")
        waiting.kill()
        case.end(waiting, "the one who waits")
    else:
        expect(case, case.end(waiting, "the one who waits"), 128 + which)
    holder.kill()
    case.end(holder, f"the holder, {time.monotonic() - asked:.1f} s later")
    finish(case)


def closed_output(case, which):
    """Nobody reads any more what it prints: what was begun is finished, or left in order."""
    reading, writing = os.pipe()
    process = begin(case, 7, **{which: writing, "text": False})
    os.close(writing)
    os.close(reading)
    code = process.wait(60)
    case.said.append(f"$ apply with {which} closed\n=> {code}")
    if code < 0:
        case.wrong.append(f"the apply was ended by signal {-code} when nobody read its {which}")
    finish(case)


def closed_input(case):
    process = begin(case, 1, stdin=None, preexec_fn=lambda: os.close(0))
    expect(case, case.end(process, "apply without standard input"), 0)
    finish(case)


def small_files(case, size):
    """A limit on files stands for a disk that is full."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    case.proxy.begin_run()
    process = subprocess.Popen(
        [case.programs.weir, "apply", "-auto-approve", *case.example.flags], cwd=case.work,
        env=case.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, preexec_fn=limit)
    check_no_room(case, case.end(process, f"apply with files of at most {size} bytes"))


def full_disk(case, size):
    """The state's folder is a small disk of its own."""
    folder = case.work / ".weir"
    folder.mkdir(mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", folder],
                   check=True)
    try:
        case.proxy.begin_run()
        ran = case.end(case.start("apply", "-auto-approve", *case.example.flags),
                       f"apply with a disk of {size} bytes")
        # Even reading the log needs a page or two.
        subprocess.run(["mount", "-o", "remount,size=64m", folder], check=True)
        check_no_room(case, ran)
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


def can_mount():
    """Root in a container often may not."""
    with tempfile.TemporaryDirectory() as folder:
        if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder],
                                               capture_output=True, check=False).returncode:
            return False
        subprocess.run(["umount", "-l", folder], check=True)
        return True


def check_no_room(case, ran):
    if ran.code in (0, -signal.SIGXFSZ) or ran.code < 0:
        case.wrong.append(f"without room the exit code is {ran.code}")
    if not any(word in ran.output.lower() for word in NO_ROOM):
        case.wrong.append("it does not say what to do about the missing room")
    finish(case)


def all_tests():
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for which in signals:
        for number in (2, 7, 30):
            yield (f"{which.name}-once-{number}", SLOW,
                   lambda case, number=number, which=which: once(case, number, which))
        for number in (1, 3):
            yield (f"{which.name}-twice-{number}", HANGING,
                   lambda case, number=number, which=which: twice(case, number, which))
    for number in (1, 2, 12):
        yield (f"SIGINT-twice-no-answer-{number}", BY_NAME["new"],
               lambda case, number=number: twice(case, number, signal.SIGINT, "hang"))
    yield ("SIGINT-while-it-waits", BY_NAME["new"],
           lambda case: while_it_waits(case, signal.SIGINT))
    yield "closed-stdout", SLOW, lambda case: closed_output(case, "stdout")
    yield "closed-stderr", SLOW, lambda case: closed_output(case, "stderr")
    yield "closed-stdin", BY_NAME["new"], closed_input
    for size in (8, 24, 40, 60, 100, 140):
        yield (f"small-files-{size}", BY_NAME["new"],
               lambda case, size=size: small_files(case, size * 1024))
    if can_mount():
        for size in (16, 32, 64, 76, 100, 140):
            yield (f"full-disk-{size}", BY_NAME["new"],
                   lambda case, size=size: full_disk(case, size * 1024))


def play(name, example, act, programs):
    begun = time.monotonic()
    with Case(programs, example) as case:
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


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("weir")
    parser.add_argument("emulator")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    programs = Programs(*(str(Path(path).resolve())
                          for path in (arguments.weir, arguments.emulator)))
    begun = time.monotonic()
    good = [play(*test, programs) for test in all_tests() if arguments.only in test[0]]
    print(f"{len(good)} tests in {time.monotonic() - begun:.0f} s, {good.count(False)} failed")
    return 0 if good and all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
