"""`make kill`: kill -9 of real workers at random moments of real runs, and what is left of them.

KILLS (200) per database, PEOPLE (24) connections, DATABASES (sqlite,postgresql), MINUTES, SEED.
Prints a table; ends with 1 when anything was doubled, lost or unequal, a mail went out, or a
connection took too long to recover.
"""

import os
import sys
import tempfile
from pathlib import Path

from tests.kill.play import Outcome, play
from tests.kill.table import print_table
from tests.support.databases import DATABASES, temporary_database
from tests.support.postgres import ThrowAwayPostgres


def main() -> int:
    """All databases, one after the other; the exit code."""
    kills, people = int(os.environ.get("KILLS") or 200), int(os.environ.get("PEOPLE") or 24)
    seed = int(os.environ.get("SEED") or 1)
    outcomes: list[Outcome] = []
    for database in (os.environ.get("DATABASES") or ",".join(DATABASES)).split(","):
        print(f"{database}: {kills} kills, {people} connections, seed {seed} ...", flush=True)
        with tempfile.TemporaryDirectory(prefix="andock-kill-") as folder:
            outcomes.append(_on(database, Path(folder), kills, people, seed))
    print_table(outcomes)
    return 0 if all(outcome.well for outcome in outcomes) else 1


def _on(database: str, home: Path, kills: int, people: int, seed: int) -> Outcome:
    if database == "sqlite":
        return play(database, f"sqlite:///{home / 'andock.db'}", home, kills, people, seed)
    server = ThrowAwayPostgres()
    try:
        with temporary_database(server.url) as url:
            return play(database, url, home, kills, people, seed)
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
