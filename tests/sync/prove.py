"""`make prove`: many schedules over the store in memory and over both databases, and the tables.

SEEDS (100,000) schedules in memory, SQL_SEEDS (2,000) on SQLite and on PostgreSQL each, on two
cores (WORKERS). Ends with 1, and prints the seeds, when anything did not hold.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from andock_core.storage import migrate
from andock_sdk.connector import CollectionKind
from tests.support.databases import temporary_database
from tests.support.postgres import ThrowAwayPostgres
from tests.sync.checks import judge
from tests.sync.model_faults import applicable
from tests.sync.model_store import Memory
from tests.sync.mutants import MUTANTS
from tests.sync.mutation import Caught, hunt
from tests.sync.sql_subject import SqlBench
from tests.sync.subject import Setting, Subject

CHUNK = 200
COUNTED = (
    "duplicates",
    "lost items",
    "lost edits",
    "wrong deletes",
    "mails",
    "out of step",
    "next run writes",
)


@dataclass
class Tally:
    """What some schedules came to."""

    schedules: int = 0
    runs: int = 0
    fired: Counter[tuple[str, str]] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    converged: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Together."""
        self.schedules += other.schedules
        self.runs += other.runs
        self.fired += other.fired
        self.broken += other.broken
        self.converged += other.converged
        self.failures += other.failures


def kind_of(seed: int) -> CollectionKind:
    """Every fifth schedule is about contacts."""
    return "contacts" if seed % 5 == 4 else "calendar"


def play(seeds: Iterable[int], make: Callable[[Setting], Subject] = Memory) -> Tally:
    """Play schedules and count."""
    tally = Tally()
    for seed in seeds:
        kind = kind_of(seed)
        tally.schedules += 1
        try:
            outcome = judge(seed, kind, make)
        except Exception as error:
            tally.broken["raised"] += 1
            tally.failures.append(f"{kind} {seed}: {type(error).__name__} {error}")
            continue
        tally.runs += outcome.world.runs
        tally.fired += outcome.world.faults.fired
        tally.converged[outcome.runs] += 1
        for name, found in outcome.broken.items():
            tally.broken[name] += 1
            tally.failures.append(f"{kind} {seed}: {name} {found}")
    return tally


def in_memory(seeds: int, workers: int) -> Tally:
    """On all cores."""
    whole, said = Tally(), 0
    chunks = [range(start, min(start + CHUNK, seeds)) for start in range(0, seeds, CHUNK)]
    with get_context("fork").Pool(workers) as pool:
        for tally in pool.imap_unordered(play, chunks):
            whole.add(tally)
            if whole.schedules * 10 // seeds > said:
                said = whole.schedules * 10 // seeds
                print(f"  {whole.schedules} schedules, {len(whole.failures)} failed", flush=True)
    return whole


def in_sql(database: str, seeds: int) -> Tally:
    """On "sqlite" or "postgresql", in a database of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, _migrated(database, Path(folder)) as url:
        bench = SqlBench(url)
        try:
            return play(range(seeds), bench.subject)
        finally:
            bench.close()


def main() -> int:
    """Play, print, judge."""
    seeds = int(os.environ.get("SEEDS", "100000"))
    sql_seeds = int(os.environ.get("SQL_SEEDS", "2000"))
    workers = int(os.environ.get("WORKERS", "2"))
    started = time.monotonic()
    print(f"{seeds} schedules in memory, then {sql_seeds} on each database", flush=True)
    tallies = {"memory": in_memory(seeds, workers)}
    with get_context("spawn").Pool(workers) as pool:
        names = ("sqlite", "postgresql") if sql_seeds else ()
        asked = {name: pool.apply_async(in_sql, (name, sql_seeds)) for name in names}
        hunted = pool.map_async(hunt, MUTANTS, chunksize=1)
        tallies |= {name: one.get() for name, one in asked.items()}
        caught = dict(zip(MUTANTS, hunted.get(), strict=True))
    print(_schedules_table(tallies), _faults_table(tallies), _mutants_table(caught), sep="\n")
    print(f"{time.monotonic() - started:.0f} s")
    failures = [f"{name}: {one}" for name, tally in tallies.items() for one in tally.failures]
    failures += [f"not caught: {name}" for name, found in caught.items() if found is None]
    print(*failures[:50], sep="\n")
    return 1 if failures else 0


def _schedules_table(tallies: dict[str, Tally]) -> str:
    head = ["store", "schedules", "runs", "faults", *COUNTED, "other", "runs to converge"]
    rows: list[Sequence[object]] = [
        [
            name,
            tally.schedules,
            tally.runs,
            tally.fired.total(),
            *(tally.broken[one] for one in COUNTED),
            sum(count for one, count in tally.broken.items() if one not in COUNTED),
            f"at most {max(tally.converged, default=0)}",
        ]
        for name, tally in tallies.items()
    ]
    return table(head, rows)


def _faults_table(tallies: dict[str, Tally]) -> str:
    head = ["at", "fault", *tallies]
    rows = [
        [place, kind, *(tally.fired[place, kind] for tally in tallies.values())]
        for place, kind in applicable()
    ]
    every = [
        f"{name}: {sum(1 for one in applicable() if tally.fired[one])} of {len(applicable())}"
        for name, tally in tallies.items()
    ]
    return table(head, rows) + "\nPairs of a place and a fault that fired: " + ", ".join(every)


def _mutants_table(caught: dict[str, Caught | None]) -> str:
    head = ["seeded bug", "caught by", "schedule", "after"]
    rows: list[Sequence[object]] = [
        [name, found.by[:60], f"{found.kind} {found.seed}", found.schedules]
        if found
        else [name, "nobody", "", ""]
        for name, found in caught.items()
    ]
    noticed = sum(1 for found in caught.values() if found)
    return table(head, rows) + f"\n{noticed} of {len(caught)} seeded bugs caught"


def table(head: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines: list[Sequence[object]] = [head, ["---"] * len(head), *rows]
    return "\n" + "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


@contextmanager
def _migrated(database: str, folder: Path) -> Iterator[str]:
    """A migrated database while the block runs: its URL."""
    if database == "sqlite":
        url = f"sqlite:///{folder / 'andock.db'}"
        migrate.upgrade(url)
        yield url
        return
    server = ThrowAwayPostgres()
    try:
        with temporary_database(server.url) as url:
            migrate.upgrade(url)
            yield url
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
