"""What may fail, where, and what did: a table of (place, kind) and a count for each."""

from collections import Counter
from random import Random

CALLS = ("changes", "read", "create", "update", "delete", "find_operation")
COMMITS = ("begin_listing", "take_page", "intend", "drop_intent", "commit")

BEFORE_CALL = (
    "error before the effect",
    "throttled",
    "sign-in refused",
    "crash before",
    "bug in the connector",
    "edit before",
    "lease lost, another run",
)
AFTER_CALL = ("answer lost", "crash after", "edit after")
ODD = {
    "changes": ("token lost", "told again", "repeated", "reordered", "empty list"),
    "read": ("unreadable",),
    "create": ("late",),
}
BEFORE_COMMIT = ("crash before", "lease lost", "database fails", "edit before")
AFTER_COMMIT = ("crash after", "edit after", "lease lost, another run")


def kinds_at(place: str) -> tuple[str, ...]:
    """What may happen at a gate ("create.before")."""
    name, when = place.split(".")
    if name in CALLS:
        return BEFORE_CALL + ODD.get(name, ()) if when == "before" else AFTER_CALL
    return BEFORE_COMMIT if when == "before" else AFTER_COMMIT


def applicable() -> list[tuple[str, str]]:
    """Every pair of a call or commit and a kind of fault that can happen there."""
    return [
        (name, kind)
        for name in (*CALLS, *COMMITS)
        for when in ("before", "after")
        for kind in kinds_at(f"{name}.{when}")
    ]


class Faults:
    """Draws what happens at each gate while there is a budget left."""

    def __init__(self, random: Random, share: float = 0.1) -> None:
        self.budget = 0
        self.fired: Counter[tuple[str, str]] = Counter()
        self._random = random
        self._share = share

    def draw(self, place: str) -> str:
        """A kind of fault, or nothing."""
        if self.budget <= 0 or self._random.random() > self._share:
            return ""
        self.budget -= 1
        kind = self._random.choice(kinds_at(place))
        self.fired[place.partition(".")[0], kind] += 1
        return kind

    @property
    def number(self) -> int:
        """How many fired."""
        return sum(self.fired.values())
