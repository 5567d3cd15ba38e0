#!/usr/bin/env python3
"""Plays the commands of examples/ci: a new workspace, a change, drift, and what each exits with.

    tests/readme/pipelines.py WEIR EMULATOR
"""
import re
import shutil
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


class Pipeline:
    """A repository with a pipeline's file, and the machine that runs its commands."""

    def __init__(self, name, weir, emulator, folder):
        self.name, self.folder = name, folder
        self.commands = commands_of(ROOT / "examples" / "ci" / name)
        self.wrong = []
        (folder / "database").mkdir()
        (folder / "weir").symlink_to(weir)
        self.environment = {"DATABRICKS_HOST": emulator.host, "DATABRICKS_TOKEN": emulator.token,
                            "PATH": f"{folder}:/usr/bin:/bin", "HOME": str(folder),
                            **emulator.variables(), "GITHUB_STEP_SUMMARY": str(folder / "summary"),
                            "GITHUB_ENV": str(folder / "variables")}

    def knows(self, steps):
        if sorted(self.commands) == sorted(steps):
            return True
        self.wrong.append(f"{self.name} calls {sorted(self.commands)}, known are {sorted(steps)}")
        return False

    def expect(self, code, step):
        command = self.commands.get(step, step)
        ran = subprocess.run(["bash", "-euc", command], cwd=self.folder, env=self.environment, text=True,
                             capture_output=True, check=False, timeout=120)
        if ran.returncode != code:
            self.wrong.append(f"{self.name}: {command} exits with {ran.returncode} instead of {code}: "
                              + ran.stdout + ran.stderr)


def play(pipeline, emulator):
    """In the end somebody changes something, which is drift."""
    (pipeline.folder / "database" / "weir.yaml").write_text(MANIFEST)
    pipeline.environment["WEIR_ENV"] = "prod"
    if not pipeline.knows(STEPS[pipeline.name]):
        return
    for step in STEPS[pipeline.name]:
        pipeline.expect(0, step)
    emulator.call("PATCH", "projects/shop?update_mask=spec.display_name", {"spec": {"display_name": "Mine"}})
    pipeline.expect(2, "drift")


def play_previews(pipeline):
    """A pull request is opened, changed once, and closed, and closed again."""
    shutil.copy(ROOT / "examples" / "previews" / "weir.yaml", pipeline.folder / "database")
    pipeline.environment["BRANCH"] = "pr-7"
    if not pipeline.knows(["up", "env", "psql", "down"]):
        return
    pipeline.expect(0, "weir apply -f database -auto-approve")
    for step in ["up", "env", "psql", "up"]:
        pipeline.expect(0, step)
    if "PGHOST=" not in (pipeline.folder / "variables").read_text():
        pipeline.wrong.append("the environment has no PGHOST")
    pipeline.expect(0, "weir plan -f database -detailed-exitcode")
    for _ in range(2):
        pipeline.expect(0, "down")


def run(name, weir, program, **options):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        emulator = Emulator(program, folder / "emulator", **options)
        try:
            pipeline = Pipeline(name, weir, emulator, folder)
            play(pipeline, emulator) if name in STEPS else play_previews(pipeline)
            return pipeline.wrong
        finally:
            emulator.stop()


def main():
    weir, program = (str(Path(path).resolve()) for path in sys.argv[1:])
    wrong = []
    for name in STEPS:
        wrong += run(name, weir, program)
    wrong += run("previews.yml", weir, program, has_postgres=True)
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
