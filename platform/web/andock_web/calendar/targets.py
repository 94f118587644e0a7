"""What a request acts on: an entry in a version, and the days that are looked at."""

from dataclasses import dataclass
from datetime import date

from flask import abort, request

FIRST_YEAR, LAST_YEAR = 1900, 9000


@dataclass(frozen=True)
class Target:
    """What a script acts on: an entry in a version, one occurrence (`at`) or all of it."""

    entry_id: str
    version: int
    at: str
    whole: bool

    @property
    def occurrence(self) -> str:
        """The occurrence acted on; empty for the whole entry."""
        return "" if self.whole else self.at


def target_of(entry_id: str) -> Target:
    """Out of the JSON that was sent; 400 when it is none."""
    data = request.get_json()
    version, at = (data.get("version"), data.get("at")) if isinstance(data, dict) else (None, "")
    if not isinstance(version, int) or not isinstance(at, str):
        abort(400)
    return Target(entry_id, version, at, whole=not at or data.get("scope") == "series")


def day_of(name: str) -> date:
    """A day in the query; 400 when it is none, or one so far off that zones cannot be reckoned."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        abort(400)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        abort(400)
    return day
