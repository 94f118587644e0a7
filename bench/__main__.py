"""`make bench`: runs the benches, prints their rows and keeps them in bench/results.json.

`make bench ONLY=name` runs those whose name, or one of whose rows' names, holds the word; the
other rows stay as they were.
"""

import json
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bench.measure import Bench, Row

MODULES = ("pages", "exchange", "office365", "davmail", "sandbox")
"""Files beside this one; each has `BENCHES`, a tuple of `Bench`."""
RESULTS = Path(__file__).parent / "results.json"


def main(only: str = "") -> int:
    """1 when a goal is missed, 2 when there is no such bench."""
    benches = all_benches()
    chosen = [bench for bench in benches if bench.answers(only)]
    if not chosen:
        print(f"No bench is named like {only!r}. There are:")
        for bench in benches:
            print(f"  {bench.name}: {'; '.join(bench.rows)}")
        return 2
    rows: list[Row] = []
    broken: list[str] = []
    for bench in chosen:
        try:
            made = bench.run()
        except (Exception, pytest.fail.Exception) as error:  # the others are still measured
            broken.append(f"{bench.name} was not measured: {type(error).__name__}: {error}")
            continue
        assert {row.name for row in made} == set(bench.rows), (bench.name, made)
        rows += made
        _keep(made, [name for bench in benches for name in bench.rows])
    print_table(rows)
    print("\n".join(broken))
    return 1 if broken or any(row.met is False for row in rows) else 0


def all_benches() -> list[Bench]:
    """The benches of all modules that are there."""
    found: list[Bench] = []
    for name in MODULES:
        if find_spec(f"bench.{name}") is not None:
            found += import_module(f"bench.{name}").BENCHES
    return found


def print_table(rows: list[Row]) -> None:
    """One line per row."""
    print()
    for row in rows:
        peer = "" if row.peer is None else f"{row.peer:10.1f} {row.ratio:8.3f}"
        goal = "" if row.goal is None else f"goal {row.goal:g}: {'met' if row.met else 'MISSED'}"
        print(f"{row.name:62} {row.ours:10.1f} {peer:19} {row.unit:9} {goal}")


def _keep(rows: list[Row], order: list[str]) -> None:
    """Put the rows in the place of those of the same names; what no bench yields any more goes."""
    kept: list[dict[str, Any]] = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    by_name = {row["name"]: row for row in kept} | {row.name: row.data() for row in rows}
    found = [by_name[name] for name in order if name in by_name]
    RESULTS.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
