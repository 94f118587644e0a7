"""Where a calendar's changes go on: Graph's link, and whether a first listing is under way."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from andock_sdk import errors

LASTS = timedelta(hours=24)
"""After that all is listed anew: a delta may miss something, and a window has moved on."""
How = Literal["events", "view", "contacts", "tasks"]


@dataclass(frozen=True)
class Cursor:
    """`link` is a path below the version. `how`: by events/delta, or by calendarView/delta where a
    tenant does not offer the first. `begun`: when the listing began, in seconds."""

    link: str
    how: How
    begun: int
    listing: bool = True

    def dump(self) -> str:
        """As text, for core to keep."""
        return json.dumps([1, self.how, self.begun, self.listing, self.link])

    def at(self, link: str, *, listing: bool) -> "Cursor":
        """The same, further on."""
        return replace(self, link=link, listing=listing)

    def is_stale(self, now: datetime) -> bool:
        """Whether the last whole listing is too long ago."""
        return not self.listing and now - datetime.fromtimestamp(self.begun, UTC) > LASTS


def load(text: str | None) -> Cursor | None:
    """What `dump` wrote, None for nothing. Raises CursorLost for anything else, such as what
    another version wrote: then all is listed anew."""
    if text is None:
        return None
    try:
        kind, how, begun, listing, link = json.loads(text)
        if kind != 1 or how not in get_args(How) or not isinstance(link, str):
            raise ValueError
        return Cursor(link, how, int(begun), bool(listing))
    except (ValueError, TypeError) as error:
        raise errors.CursorLost(detail="not a cursor of ours") from error
