"""One database's share of `make kill`."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from tests.kill.editors import Editors
from tests.kill.house import built
from tests.kill.killer import Kill, Killer
from tests.kill.verdict import Verdict, judge, last_run_was_idle, make_peace

EDITS_PER_SECOND = 5.0
MEAN_PAUSE = 1.2
LONGEST_MINUTES = float(os.environ.get("MINUTES") or 14)
"""Of kills, per database: both together stay under half an hour."""


@dataclass
class Outcome:
    """What is printed of one database."""

    database: str
    wanted: int
    kills: list[Kill]
    missed: int
    in_flight: float
    starts: int
    edits: dict[str, int]
    verdict: Verdict
    minutes: float

    @property
    def well(self) -> bool:
        """Whether nothing is wrong and all kills were made."""
        return self.verdict.well and len(self.kills) >= self.wanted


def play(
    database: str, url: str, home: Path, kills: int, people: int, seed: int, entries: int = 12
) -> Outcome:
    """Furnish, edit and kill, make peace, judge."""
    begun = time.monotonic()
    random = Random(seed)
    with built(home, url, people) as house:
        editors = Editors(house, seed, EDITS_PER_SECOND)
        editors.furnish(entries)
        editors.start()
        killer = Killer(house, random)
        try:
            while len(killer.kills) < kills and time.monotonic() - begun < LONGEST_MINUTES * 60:
                house.keep_workers()
                time.sleep(min(random.expovariate(1 / MEAN_PAUSE), 4 * MEAN_PAUSE))
                killer.strike()
        finally:
            editors.stop()
        make_peace(house)
        verdict = judge(house, editors.ledger, killer.kills)
        verdict.unsettled += last_run_was_idle(house)
        return Outcome(
            database=database,
            wanted=kills,
            kills=killer.kills,
            missed=killer.missed,
            in_flight=median(killer.in_flight or [0]),
            starts=sum(worker.starts for worker in house.workers),
            edits=dict(editors.ledger.edits),
            verdict=verdict,
            minutes=(time.monotonic() - begun) / 60,
        )
