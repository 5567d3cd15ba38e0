#!/usr/bin/env python3
"""Runs the commands of README.md as one shell script, with an emulator, folder and ports of its own.

    tests/readme/run.py EMULATOR WEIR

Blocks marked sh are run, except the two that are the repository's own commands.
"""
import os
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).resolve().parent.parent.parent / "README.md"
EXPECTED = ['"name":"projects/shop/operations/', "developer@example.com | f",
            "No changes: the workspace is as declared.", "history_retention  7d → 14d",
            "Apply: 0 created, 1 changed, 0 destroyed"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def script(emulator, weir, folder):
    blocks = re.findall(r"^```sh\n(.*?)^```", README.read_text(), re.S | re.M)
    text = "\n".join(block for block in blocks if not block.startswith("./dev"))
    rest, postgres = free_port(), free_port()
    network = f"127.{100 + os.getpid() // 256 % 100}.{os.getpid() % 256}"
    here = {"build/dev/emulator/weir-emulator serve":
            f"{emulator} serve --listen 127.0.0.1:{rest} --postgres-port {postgres} "
            f"--postgres-network {network}.0",
            "build/dev/cli/weir": weir,
            "127.0.0.1:8765": f"127.0.0.1:{rest}",
            "/var/tmp/lakebase": folder,
            "127.100.0.1": f"{network}.1"}
    for written, ours in here.items():
        if written not in text:
            sys.exit(f"README.md does not say {written} any more: tell this test")
        text = text.replace(written, ours)
    return "set -eu\ntrap 'kill %1; wait' EXIT\n" + text


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o711)  # the clusters' user passes through
        ran = subprocess.run(["bash", "-c", script(sys.argv[1], sys.argv[2], folder)], text=True, timeout=120,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        missing = [text for text in EXPECTED if text not in ran.stdout]
        if ran.returncode or missing:
            print(ran.stdout)
            sys.exit(f"README.md: exit code {ran.returncode}, not shown: {missing}")


if __name__ == "__main__":
    main()
