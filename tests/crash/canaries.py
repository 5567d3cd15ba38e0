#!/usr/bin/env python3
"""Looks for secrets where they must not be: in files, output, arguments, environments, requests.

    tests/crash/canaries.py WEIR EMULATOR [--only NAME]

The secrets are made up, with characters that every encoding changes; the proxy exchanges the token
for the emulator's. They are looked for raw, in base64 at each alignment, as URLs, JSON and hex.
"""
import argparse
import base64
import json
import re
import sys
import time
import traceback
import urllib.parse
from pathlib import Path

from case import Case, Programs
from examples import SLIDES, Example
from proxy import Strike

TOKEN = "dapi-CANARY+one/two~three.four_41=="  # all that RFC 6750 lets a token have
PASSWORD = 'pa55-CANARY+&?#"\\/%42 ünd='
STATE_PASSWORD = 'st4te-CANARY+"\\/%43='
# Without the previews, because a copy of a branch takes a second.
EXAMPLE = Example("slides", SLIDES.replace("default: [login, export]", "default: []"),
                  flags=("-e", "dev"), variables={"LEGACY_LOGIN_PASSWORD": PASSWORD},
                  has_postgres=True, apps=("ai-slide-generator",))

# How a server may write what it was sent into a JSON text.
ECHOES = {
    "raw": lambda text: text,
    "url": lambda text: urllib.parse.quote(text, safe=""),
    "json": lambda text: text.replace("/", "\\/"),
    "unicode": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "quoted": lambda text: f"\\\"Authorization: Bearer {text}\\\"",
}


def encodings(secret):
    """Forms in which a secret is still one."""
    raw = secret.encode()
    forms = {"raw": raw, "hex": raw.hex().encode(), "HEX": raw.hex().upper().encode()}
    for name, quoted in (("url", urllib.parse.quote(secret, safe="")),
                         ("path", urllib.parse.quote(secret)),
                         ("form", urllib.parse.quote_plus(secret)),
                         ("json", json.dumps(secret)[1:-1]),
                         ("unicode json", json.dumps(secret, ensure_ascii=False)[1:-1])):
        forms[name] = quoted.encode()
        forms["lower " + name] = re.sub(rb"%[0-9A-F]{2}", lambda found: found[0].lower(),
                                        quoted.encode())
    for shift in range(3):
        # What is around a secret decides about the characters at its ends.
        middle = base64.b64encode(b"\0" * shift + raw)[4 if shift else 0:-4]
        forms[f"base64, {shift} bytes behind"] = middle
        forms[f"base64 for URLs, {shift} bytes behind"] = middle.replace(b"+", b"-").replace(b"/", b"_")
    return forms


class Watch:
    """The secrets, and where they were found."""

    def __init__(self, case, **secrets):
        self.case = case
        self.forms = {f"{name}, {form}": text for name, secret in secrets.items()
                      for form, text in encodings(secret).items()}
        self.forms["a token for a database"] = b"emu-pg-"

    def look(self, where, data):
        data = data if isinstance(data, bytes) else data.encode(errors="surrogateescape")
        found = [form for form, text in self.forms.items() if text in data]
        if found:
            self.case.wrong.append(f"{where} has a secret: {found[0]}")

    def look_at_files(self):
        """All that weir may have written; not what the test itself has."""
        for path in (*self.case.work.rglob("*"), *self.case.home.rglob("*")):
            if path.is_file() and path.name != ".databrickscfg":
                self.look(f"the file {path.name}", path.read_bytes())

    def look_at_requests(self):
        for exchange in self.case.proxy.exchanges:
            self.look(f"the request {exchange.method}", exchange.target)
            self.look(f"the body of {exchange.name}", exchange.body)

    def look_at_process(self, process):
        """While it runs: what everybody on the machine can see, and whether it may leave a core."""
        try:
            self.look("the arguments of weir", Path(f"/proc/{process.pid}/cmdline").read_bytes())
            limits = Path(f"/proc/{process.pid}/limits").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return
        if not re.search(r"Max core file size\s+0\s", limits):
            self.case.wrong.append("a crash of weir would leave a core with its secrets")

    def look_everywhere(self, *runs):
        for number, ran in enumerate(runs):
            self.look(f"the output of run {number + 1}", ran.output)
        self.look_at_files()
        self.look_at_requests()


def prepare(case):
    case.proxy.translate = (TOKEN.encode(), case.emulator.token.encode())
    case.token = TOKEN
    return Watch(case, token=TOKEN, password=PASSWORD)


def run(case, watch, *arguments, strike=None, **more):
    case.proxy.begin_run(strike)
    process = case.start(*arguments, WEIR_LOG="trace", **more)
    limit = time.monotonic() + 0.2
    while process.poll() is None and time.monotonic() < limit:
        watch.look_at_process(process)
        time.sleep(0.02)
    return case.end(process, "weir " + " ".join(arguments))


def good_apply(case):
    watch = prepare(case)
    saved = case.run("plan", "-out", "weir.plan", "-verbose", *case.example.flags)
    ran = run(case, watch, "apply", "-auto-approve", "-verbose", *case.example.flags)
    if ran.code != 0:
        case.wrong.append(f"the apply with canaries ended with {ran.code}")
    shown = [case.run(*words) for words in (
        ("state", "list", "-e", "dev"), ("state", "history", "-e", "dev"),
        ("state", "history", "-json", "-e", "dev"), ("print", "-e", "dev"), ("show", "weir.plan"),
        ("show", "-json", "weir.plan"))]
    watch.look_everywhere(saved, ran, *shown)


def killed(case, number, moment):
    watch = prepare(case)
    ran = run(case, watch, "apply", "-auto-approve", "-verbose", *case.example.flags,
              strike=Strike(number, moment))
    watch.look_everywhere(ran)


def server_echoes(case, number, form):
    """A server that sends back what it was sent."""
    watch = prepare(case)
    text = ECHOES[form](TOKEN)
    body = f'{{"error_code": "INVALID_PARAMETER_VALUE", "message": "not good: {text}, {text}"}}'.encode()
    case.proxy.echo = (b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n"
                       b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    ran = run(case, watch, "apply", "-auto-approve", "-verbose", *case.example.flags,
              strike=Strike(number, "echo"))
    if ran.code == 0:
        case.wrong.append("an apply whose server refuses ended with 0")
    watch.look_everywhere(ran)


def state_elsewhere(case, address):
    """The address of a team's state has a password too."""
    watch = Watch(case, token=TOKEN, password=PASSWORD, state=STATE_PASSWORD)
    prepare(case)
    quoted = urllib.parse.quote(STATE_PASSWORD, safe="")
    ran = run(case, watch, "apply", "-auto-approve", "-verbose", *case.example.flags,
              WEIR_STATE=address.format(quoted))
    if ran.code == 0:
        case.wrong.append("an apply without a state ended with 0")
    watch.look_everywhere(ran)


def child(case):
    """A program that is asked for a token sees none of the secrets that are not for it."""
    watch = prepare(case)
    folder = case.folder / "bin"
    folder.mkdir()
    told = case.folder / "told"
    answer = json.dumps({"access_token": TOKEN, "token_type": "Bearer",
                         "expiry": "2099-01-01T00:00:00Z"})
    program = folder / "databricks"
    # The real one is larger than a megabyte, and smaller ones are taken for the old program.
    program.write_text(f"#!/bin/sh\nif [ \"$1\" = version ]; then echo 'Databricks CLI v0.250.0'; fi\n"
                       f"tr '\\0' '\\n' </proc/$$/environ >>{told}\n"
                       f"tr '\\0' '\\n' </proc/$$/cmdline >>{told}\n"
                       f"cat <<'END'\n{answer}\nEND\nexit 0\n" + "#" * 2_000_000)
    program.chmod(0o755)
    case.databrickscfg = f"[dev]\nhost = {case.proxy.host}\nauth_type = databricks-cli\n"
    ran = run(case, watch, "apply", "-auto-approve", "-verbose", *case.example.flags,
              PATH=f"{folder}:/usr/bin:/bin",
              WEIR_STATE=str(case.work / ".weir" / "state.db"))
    if not told.exists():
        case.wrong.append(f"no program was asked for a token: {ran}")
    else:
        watch.look("the environment or the arguments of a child", told.read_bytes())
    watch.look_everywhere(ran)


def all_tests():
    yield "good-apply", good_apply
    for number, moment in ((2, "kill-handled"), (12, "kill-answered"), (9, "lost")):
        yield (f"{moment}-{number}",
               lambda case, number=number, moment=moment: killed(case, number, moment))
    for number in (1, 2):
        for form in ECHOES:
            yield (f"server-echoes-{number}-{form}",
                   lambda case, number=number, form=form: server_echoes(case, number, form))
    yield ("no-postgres", lambda case: state_elsewhere(
        case, "postgres://weir:{}@127.0.0.1:9/state"))
    yield ("bad-address", lambda case: state_elsewhere(
        case, "postgres://weir:{}@127.0.0.1:port/state?sslmode=maybe"))
    yield "child", child


def play(name, act, programs):
    begun = time.monotonic()
    with Case(programs, EXAMPLE) as case:
        try:
            act(case)
        except Exception:  # a broken harness must not look like a success
            case.wrong.append(traceback.format_exc())
        wrong = list(dict.fromkeys(case.wrong))
        print(f"{'FAILED' if wrong else 'ok':6} {name} ({time.monotonic() - begun:.1f} s)",
              flush=True)
        if wrong:
            print("\n".join(["", *wrong, "--- what was said", *case.said, ""]), flush=True)
        return not wrong


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
