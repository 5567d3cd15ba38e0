"""The same graph for terraform, made of its built-in terraform_data, which needs no network."""
import functools
import json
import os
import re
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

from commands import Run

PROVIDER = 'provider["terraform.io/builtin/terraform"]'


def edges_of(graph: str) -> dict[str, list[str]]:
    """What each resource depends on, from the text that `weir graph` prints."""
    edges: dict[str, list[str]] = {}
    for line in graph.splitlines():
        names = re.findall(r'"([^"]*)"', line)
        if len(names) == 2:
            edges.setdefault(names[0], []).append(names[1])
        elif len(names) == 1:
            edges.setdefault(names[0], [])
    return edges


class Terraform:
    """A folder in which a resource for each of weir's, with the same references, is applied.

    The state is written here instead of by `terraform apply`, whose cost grows with the square of
    the resources: about 20 minutes for 5,000. That it is the state which an apply would have left
    is checked: the plan must find no differences.
    """

    def __init__(self, graph: str):
        self.folder = Path(tempfile.mkdtemp(prefix="weir-bench-terraform-"))
        edges = edges_of(graph)
        self.labels = {name: f"r{number}" for number, name in enumerate(edges)}
        self.ids = {name: str(uuid.uuid4()) for name in edges}
        (self.folder / "main.tf").write_text("".join(
            self.block(name, needs) for name, needs in edges.items()))
        (self.folder / "terraform.tfstate").write_text(json.dumps(self.state(edges), indent=2))
        self.run("init")

    @staticmethod
    def is_installed() -> bool:
        return shutil.which("terraform") is not None

    def block(self, name: str, needs: list[str]) -> str:
        values = [f'"{name}"'] + [f"terraform_data.{self.labels[other]}.id" for other in needs]
        return (f'resource "terraform_data" "{self.labels[name]}" {{\n'
                f"  input = [{', '.join(values)}]\n}}\n")

    def state(self, edges: dict[str, list[str]]) -> dict:
        @functools.cache
        def all_needs(name: str) -> frozenset[str]:
            return frozenset(edges[name]).union(*map(all_needs, edges[name]))

        resources = []
        for name, needs in edges.items():
            value = {"value": [name] + [self.ids[other] for other in needs],
                     "type": ["tuple", ["string"] * (1 + len(needs))]}
            instance = {"schema_version": 0, "sensitive_attributes": [],
                        "attributes": {"id": self.ids[name], "input": value, "output": value,
                                       "triggers_replace": None},
                        "dependencies": sorted(f"terraform_data.{self.labels[other]}"
                                               for other in all_needs(name))}
            resources.append({"mode": "managed", "type": "terraform_data", "provider": PROVIDER,
                              "name": self.labels[name], "instances": [instance]})
        return {"version": 4, "terraform_version": self.version(), "serial": 1,
                "lineage": str(uuid.uuid4()), "outputs": {}, "resources": resources,
                "check_results": None}

    @staticmethod
    def version() -> str:
        printed = subprocess.run(["terraform", "version", "-json"], check=True,
                                 capture_output=True, text=True).stdout
        return json.loads(printed[printed.index("{"):])["terraform_version"]

    def run(self, *arguments: str) -> Run:
        return Run(["terraform", f"-chdir={self.folder}", *arguments], dict(os.environ))

    def plan(self) -> Run:
        """Fails when there are differences: then the state was not what an apply leaves."""
        return self.run("plan", "-detailed-exitcode")

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
