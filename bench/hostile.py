"""What hostile manifests cost, from the program that refuses each of them in a process of its own."""
import re

from commands import Run
from results import Results

# "8,000,000 dashes    41.20 ms    5.3 MiB    0.00 ms  Y006 this file has …"
LINE = re.compile(r"(.+?) +([\d.]+) ms +([\d.]+) MiB +[\d.]+ ms  ([MY]\d+) ")


def measure_hostile(program: str, times: int, results: Results) -> None:
    """The best of several runs of each, and the most memory that any of them took."""
    costs: dict[str, list[float]] = {}
    memory = 0.0
    for _ in range(times):
        for line in Run([program], {}).output.splitlines():
            if found := LINE.match(line):
                costs.setdefault(found.group(1), []).append(float(found.group(2)))
                memory = max(memory, float(found.group(3)))
    for name, milliseconds in costs.items():
        results.add(f"refuse: {name}, processor", min(milliseconds), "ms", "< 50 ms")
    results.add("refuse: the most memory of these", memory, "MiB", "< 64 MiB")
