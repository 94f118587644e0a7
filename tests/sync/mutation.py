"""How soon the harness notices each seeded bug: name, check, seed, number of schedules."""

from dataclasses import dataclass

from andock_core.proof.checks import judge
from andock_sdk.connector import CollectionKind
from tests.sync.mutants import switched_on

MOST = 6_000


@dataclass(frozen=True)
class Caught:
    """A seeded bug that was noticed: by which check, at which seed, after how many schedules."""

    name: str
    by: str
    kind: CollectionKind
    seed: int
    schedules: int


def hunt(name: str, most: int = MOST) -> Caught | None:
    """Play schedules with the bug switched on until one fails. None: it was not noticed."""
    kinds: tuple[CollectionKind, ...] = ("calendar", "contacts")
    with switched_on(name):
        for number in range(most):
            kind, seed = kinds[number % 5 == 4], number
            found = _failing(seed, kind)
            if found:
                return Caught(name, found, kind, seed, number + 1)
    return None


def _failing(seed: int, kind: CollectionKind) -> str:
    try:
        return ", ".join(judge(seed, kind).broken)
    except Exception as error:
        return f"{type(error).__name__} {error}".strip()
