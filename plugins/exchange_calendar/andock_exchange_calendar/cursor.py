"""Where a listing stands: Exchange's SyncState, and whether it began with nothing."""

import json
from dataclasses import dataclass

from andock_sdk import errors


@dataclass(frozen=True)
class Cursor:
    """`listing`: the pages so far began without a cursor, so their end names every item."""

    state: str = ""
    listing: bool = True

    def dump(self) -> str:
        """As core keeps it."""
        return json.dumps({"state": self.state, "listing": self.listing})


def load(text: str | None) -> Cursor:
    """The cursor that core kept. Raises CursorLost for what was never one."""
    if not text:
        return Cursor()
    try:
        kept = json.loads(text)
        return Cursor(str(kept["state"]), bool(kept["listing"]))
    except (ValueError, KeyError, TypeError) as broken:
        raise errors.CursorLost(detail="not a cursor of ours") from broken
