"""`make prove`: many schedules over the store in memory and over both databases, and the tables.

SEEDS (100,000) schedules in memory, SQL_SEEDS (2,000) on SQLite and on PostgreSQL each, then the
seeded bugs, in two processes (WORKERS). Ends with 1, and prints the seeds, when anything did not
hold.
"""

import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy.engine import make_url

from andock_core.proof.checks import judge
from andock_core.proof.faults import applicable
from andock_core.proof.store import Memory
from andock_core.proof.subject import Setting, Subject
from andock_core.storage import migrate
from andock_sdk.connector import CollectionKind
from tests.support.databases import temporary_database
from tests.support.postgres import ThrowAwayPostgres
from tests.sync.mutants import MUTANTS
from tests.sync.mutation import Caught, hunt
from tests.sync.sql_subject import SqlBench

MEMORY_CHUNK, SQL_CHUNK = 500, 50
LINE = 400
COUNTED = (
    "duplicates",
    "lost items",
    "lost edits",
    "wrong deletes",
    "mails",
    "out of step",
    "next run writes",
)

Hunted = dict[str, Caught | None]
"""Each seeded bug, and by what it was caught."""


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


@dataclass(frozen=True)
class Portion:
    """Some schedules on one store. `template` is a migrated database: a file, or the name of one on
    the `server`; both are empty for the store in memory."""

    store: str
    seeds: range
    template: str = ""
    server: str = ""

    def play(self) -> tuple[str, Tally]:
        """The store, and what its schedules came to."""
        if self.store == "memory":
            return self.store, play(self.seeds)
        with self._database() as url:
            bench = SqlBench(url)
            try:
                return self.store, play(self.seeds, bench.subject)
            finally:
                bench.close()

    @contextmanager
    def _database(self) -> Iterator[str]:
        if self.server:
            with temporary_database(self.server, self.template) as url:
                yield url
            return
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{shutil.copy(self.template, folder)}"


def portions(store: str, seeds: int, template: str = "", server: str = "") -> list[Portion]:
    """That many schedules in portions that keep every process busy to the end."""
    size = MEMORY_CHUNK if store == "memory" else SQL_CHUNK
    starts = range(0, seeds, size)
    return [Portion(store, range(one, min(one + size, seeds)), template, server) for one in starts]


def prove(seeds: int, sql_seeds: int, workers: int) -> tuple[dict[str, Tally], Hunted]:
    """Play everything in `workers` processes, and say how far it is."""
    with _templates(bool(sql_seeds)) as (file, server, name):
        asked = [
            *(portions("postgresql", sql_seeds, name, server) if sql_seeds else ()),
            *(portions("sqlite", sql_seeds, file) if sql_seeds else ()),
            *portions("memory", seeds),
        ]
        tallies = {store: Tally() for store in ("memory", "sqlite", "postgresql")}
        # The dearest come first, so that no process is left with a long one at the end.
        with get_context("fork").Pool(workers) as pool:
            played = pool.imap_unordered(Portion.play, asked)
            hunted = pool.map_async(hunt, MUTANTS, chunksize=1)
            for store, tally in played:
                _say(store, tallies[store], tally, seeds if store == "memory" else sql_seeds)
            return tallies, dict(zip(MUTANTS, hunted.get(), strict=True))


def _say(store: str, whole: Tally, more: Tally, of: int) -> None:
    """Add `more`, and print each tenth and each failure."""
    before = whole.schedules * 10 // of
    whole.add(more)
    for one in more.failures:
        print(f"  {store}: {one}"[:LINE], flush=True)
    if whole.schedules * 10 // of > before:
        failed = len(whole.failures)
        print(f"  {store}: {whole.schedules} of {of} schedules, {failed} failed", flush=True)


def main() -> int:
    """Play, print, judge."""
    seeds = int(os.environ.get("SEEDS", "100000"))
    sql_seeds = int(os.environ.get("SQL_SEEDS", "2000"))
    workers = int(os.environ.get("WORKERS", "2"))
    started = time.monotonic()
    print(f"{seeds} schedules in memory, {sql_seeds} on each database", flush=True)
    tallies, caught = prove(seeds, sql_seeds, workers)
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


def _mutants_table(caught: Hunted) -> str:
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
def _templates(wanted: bool) -> Iterator[tuple[str, str, str]]:
    """Migrated, empty databases to copy: a file for SQLite; a PostgreSQL server and the name there.
    Empty when no schedule needs them."""
    if not wanted:
        yield "", "", ""
        return
    server = ThrowAwayPostgres()
    try:
        with tempfile.TemporaryDirectory() as folder, temporary_database(server.url) as url:
            file = Path(folder) / "andock.db"
            migrate.upgrade(f"sqlite:///{file}")
            migrate.upgrade(url)
            yield str(file), server.url, make_url(url).database or ""
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
