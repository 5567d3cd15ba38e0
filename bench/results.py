"""What was measured, as a table for people and as JSON."""
import json
import sys
from pathlib import Path


class Results:
    def __init__(self):
        self.rows = []

    def add(self, measure: str, value: float, unit: str, aim: str = "") -> None:
        self.rows.append({"measure": measure, "value": round(value, 3), "unit": unit, "aim": aim})
        print(f"{measure}: {value:.3f} {unit}", file=sys.stderr)

    def table(self) -> str:
        lines = ["| measure | value | aim |", "|---|--:|--:|"]
        for row in self.rows:
            value = f"{row['value']:,.0f}" if row["value"] >= 100 else f"{row['value']:.3g}"
            lines.append(f"| {row['measure']} | {value} {row['unit']} | {row['aim']} |")
        return "\n".join(lines)


def write(results: Results, folder: Path, name: str, notes: list[str]) -> None:
    text = results.table() + "\n\n" + "\n".join(notes) + "\n"
    print(text, end="")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(text)
    (folder / f"{name}.json").write_text(
        json.dumps({"version": 1, "notes": notes, "measures": results.rows}, indent=1) + "\n")
