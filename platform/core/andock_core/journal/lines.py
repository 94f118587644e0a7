"""A line of the journal, opened for its owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from andock_core.runs.sealing import Seals
from andock_core.storage import JournalLine
from andock_core.sync.documents import load
from andock_core.vault import SealBroken
from andock_sdk import Contact, Item


@dataclass(frozen=True)
class Loss:
    """A value that gave way on `side`, as JSON."""

    path: str
    side: str
    value: Any


@dataclass(frozen=True)
class Line:
    """One change. Columns as in the table; `before` and `after` are None where nothing was, and
    both when the content can no longer be opened (`broken`)."""

    id: str
    run_id: str
    connection_id: str
    collection_id: str
    entry_id: str
    pair_id: str
    side: str
    action: str
    reason: str
    local_kind: str
    kind: str
    at: datetime
    conflict: str
    undo: str
    undo_reason: str
    undone_by: str
    before: Item | None = None
    after: Item | None = None
    lost: tuple[Loss, ...] = ()
    broken: bool = False

    @property
    def item(self) -> Item | None:
        """What the line speaks of, as it is after the change, else before."""
        return self.after if self.after is not None else self.before

    @property
    def title(self) -> str:
        """The subject, or the name."""
        return title_of(self.item)

    @property
    def takes_back(self) -> bool:
        """Whether the member may ask to take it back."""
        return self.action != "aside" and self.undo in ("", "skipped", "partly") and not self.broken


def title_of(item: Item | None) -> str:
    """The subject, or the name; empty without either."""
    if item is None:
        return ""
    if isinstance(item, Contact):
        return item.display_name or item.company
    return item.subject


def opened(seals: Seals, row: JournalLine) -> Line:
    """A row with its content."""
    content: dict[str, Any] = {}
    before = after = None
    broken = False
    try:
        content = seals.line(row)
        before, after = _item(content["before"]), _item(content["after"])
    except (SealBroken, ValueError):
        broken = True
    return Line(
        **{name: getattr(row, name) for name in _COLUMNS},
        before=before,
        after=after,
        lost=tuple(
            Loss(one["field"], one["side"], one["value"]) for one in content.get("lost", ())
        ),
        broken=broken,
    )


def _item(document: dict[str, Any] | None) -> Item | None:
    return None if document is None else load(document)


_COLUMNS = (
    *("id", "run_id", "connection_id", "collection_id", "entry_id", "pair_id", "side", "action"),
    *("reason", "local_kind", "kind", "at", "conflict", "undo", "undo_reason", "undone_by"),
)
