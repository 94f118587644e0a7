"""Measuring one page: processor time of the server, and what goes over the wire."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

WARM_UP, SAMPLES = 5, 40
_LINKS = re.compile(r'(?:src|href)="(/[^"]*static/[^"]+\.(?:css|js)[^"]*)"')


@dataclass(frozen=True)
class Row:
    """A line of results.json. `peer` and `ratio` are None where nothing comparable is run."""

    name: str
    ours: float
    unit: str
    goal: float | None
    peer: float | None = None

    def data(self) -> dict[str, object]:
        """As JSON."""
        return {
            "name": self.name,
            "ours": self.ours,
            "peer": self.peer,
            "unit": self.unit,
            "ratio": None if self.peer is None else round(self.ours / self.peer, 2),
            "goal": self.goal,
            "met": None if self.goal is None else self.ours <= self.goal,
        }


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
    began = time.process_time()
    answer = visit()
    spent = time.process_time() - began
    assert answer.status_code == 200, answer.status
    return spent * 1000
