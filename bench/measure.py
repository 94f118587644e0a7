"""What is measured, and how: benches that yield rows, samples taken in turns, their median."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

WARM_UP, SAMPLES = 5, 40
TURNS = 7
"""How often things that are compared are each run."""
_LINKS = re.compile(r'(?:src|href)="(/[^"]*static/[^"]+\.(?:css|js)[^"]*)"')


@dataclass(frozen=True)
class Row:
    """A line of results.json.

    `goal` is the most that is wanted: of the ratio ours / peer where there is a peer, else of
    `ours`. "Ten times faster" is a goal of 0.1. `peer` and `ratio` are None where nothing
    comparable is run, `goal` and `met` where nothing was promised.
    """

    name: str
    ours: float
    unit: str
    goal: float | None
    peer: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours / peer."""
        return round(self.ours / self.peer, 4) if self.peer else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached."""
        if self.goal is None:
            return None
        return (self.ours if self.ratio is None else self.ratio) <= self.goal

    def data(self) -> dict[str, object]:
        """As JSON."""
        return {
            "name": self.name,
            "ours": self.ours,
            "peer": self.peer,
            "unit": self.unit,
            "ratio": self.ratio,
            "goal": self.goal,
            "met": self.met,
        }


@dataclass(frozen=True)
class Bench:
    """What is run together. `rows` are the names of the rows that `run` yields."""

    name: str
    rows: tuple[str, ...]
    run: Callable[[], list[Row]]

    def answers(self, only: str) -> bool:
        """Whether `only` stands in its name or in one of its rows' names."""
        return any(only.casefold() in name.casefold() for name in (self.name, *self.rows))


def in_turns(
    unit: str, things: Mapping[str, Callable[[], float]], turns: int = TURNS
) -> dict[str, float]:
    """The median of each thing, all run one after the other, turn by turn, so that a machine that
    slows down slows all of them. Each returns its own measurement; all samples are printed."""
    samples: dict[str, list[float]] = {name: [] for name in things}
    for _ in range(turns):
        for name, run in things.items():
            samples[name].append(run())
    for name, found in samples.items():
        print(f"{name}, {unit}: {' '.join(f'{sample:.4g}' for sample in found)}")
    return {name: median(found) for name, found in samples.items()}


class Spent:
    """Milliseconds of this process's processor time, and of the clock, once the block has ended."""

    cpu = 0.0
    clock = 0.0


@contextmanager
def spent() -> Iterator[Spent]:
    """Measure a block."""
    made, processor, clock = Spent(), time.process_time(), time.perf_counter()
    yield made
    made.cpu = (time.process_time() - processor) * 1000
    made.clock = (time.perf_counter() - clock) * 1000


def cpu(name: str, visit: Callable[[], TestResponse], goal: float | None) -> Row:
    """Milliseconds of processor time of one request, the median of all samples."""
    for _ in range(WARM_UP):
        visit()
    samples = [_once(visit) for _ in range(SAMPLES)]
    print(f"{name}, ms of CPU: {' '.join(f'{sample:.1f}' for sample in samples)}")
    return Row(name, round(median(samples), 1), "ms CPU", goal)


def weight(name: str, answers: list[TestResponse], goal: float | None) -> Row:
    """Kilobytes of these answers together, as they go over the wire."""
    sizes = [len(answer.data) for answer in answers]
    print(f"{name}, bytes: {' '.join(map(str, sizes))}")
    return Row(name, round(sum(sizes) / 1000, 1), "KB", goal)


def assets(client: FlaskClient, page: TestResponse) -> list[TestResponse]:
    """The styles and scripts that a page links to, for who comes the first time."""
    return [client.get(path) for path in sorted(set(_LINKS.findall(page.text)))]


def _once(visit: Callable[[], TestResponse]) -> float:
    with spent() as measured:
        answer = visit()
    assert answer.status_code == 200, answer.status
    return measured.cpu
