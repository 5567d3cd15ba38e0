#!/usr/bin/env python3
"""Plays the commands of examples/ci: a new workspace, a change, drift, and what each exits with.

    tests/readme/pipelines.py WEIR EMULATOR
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "crash"))
from emulator import Emulator  # noqa: E402

MANIFEST = """version: weir/v1
name: database
environments:
  prod: {}
projects:
  shop:
    display_name: Shop
"""
# The order in which a repository meets them.
STEPS = {"github-actions.yml": ["validate", "fmt", "plan", "apply", "drift"],
         "gitlab-ci.yml": ["validate", "fmt", "plan", "show", "apply", "drift"]}


def commands_of(file):
    """The lines that call weir, in their order, with what they call it for."""
    lines = re.findall(r"^ *(?:- |run: |- run: )(weir .*)$", file.read_text(), re.MULTILINE)
    return {line.split()[1]: line for line in lines}


def play(file, steps, weir, emulator, folder):
    """What is wrong with the pipeline: in the end somebody changes something, which is drift."""
    commands = commands_of(file)
    if sorted(commands) != sorted(steps):
        return [f"{file.name} calls {sorted(commands)}, known are {sorted(steps)}"]
    (folder / "database").mkdir()
    (folder / "database" / "weir.yaml").write_text(MANIFEST)
    (folder / "weir").symlink_to(weir)
    environment = {"DATABRICKS_HOST": emulator.host, "DATABRICKS_TOKEN": emulator.token, "WEIR_ENV": "prod",
                   "PATH": f"{folder}:/usr/bin:/bin", "HOME": str(folder),
                   "GITHUB_STEP_SUMMARY": str(folder / "summary")}
    wrong = []

    def expect(code, step):
        ran = subprocess.run(["bash", "-euc", commands[step]], cwd=folder, env=environment, text=True,
                             capture_output=True, check=False, timeout=60)
        if ran.returncode != code:
            wrong.append(f"{file.name}: {commands[step]} exits with {ran.returncode} instead of {code}: "
                         + ran.stdout + ran.stderr)

    for step in steps:
        expect(0, step)
    emulator.call("PATCH", "projects/shop?update_mask=spec.display_name", {"spec": {"display_name": "Mine"}})
    expect(2, "drift")
    return wrong


def main():
    weir, program = (str(Path(path).resolve()) for path in sys.argv[1:])
    wrong = []
    for name, steps in STEPS.items():
        with tempfile.TemporaryDirectory() as folder:
            emulator = Emulator(program, Path(folder) / "emulator")
            try:
                wrong += play(ROOT / "examples" / "ci" / name, steps, weir, emulator, Path(folder))
            finally:
                emulator.stop()
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
