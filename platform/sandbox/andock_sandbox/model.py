"""What a mailbox holds: plain records that go into JSON as they are.

Every change has a number, counted per mailbox. An item's ``history`` are the numbers of its own
changes: the last one is its version (its change key), the first one its creation, and Sync tells
from them what a client has seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = Any
# A table of property values by XML name, e.g. {"Subject": "…", "Categories": ["…"]}.
Props: TypeAlias = dict[str, Json]

HISTORY = 64


@dataclass
class Folder:
    """A folder; ``distinguished`` is its well-known name (``calendar``) or empty. ``moved`` are
    (number of the change, parent before it), ``extended`` its extended properties."""

    num: int
    parent: int
    kind: str
    name: str
    distinguished: str = ""
    folder_class: str = ""
    history: list[int] = field(default_factory=list)
    gone: bool = False
    moved: list[list[int]] = field(default_factory=list)
    extended: dict[str, Json] = field(default_factory=dict)


@dataclass
class Item:
    """An item of any class. Instants in ``props`` are UTC text (``times.iso``).

    ``exceptions`` maps an occurrence's original start to what differs there
    (``{"props": …, "extended": …}``); ``deleted`` lists the original starts taken out.
    ``attachments`` are what ``attachments.read`` makes.
    ``fields`` holds, per property, the number of the change that last touched it; ``origin`` is
    the number of the item that this one was before it was moved for the first time, or 0.
    """

    num: int
    folder: int
    kind: str
    props: Props
    extended: dict[str, Json] = field(default_factory=dict)
    exceptions: dict[str, dict[str, Json]] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    attachments: list[Props] = field(default_factory=list)
    created: str = ""
    modified: str = ""
    history: list[int] = field(default_factory=list)
    fields: dict[str, int] = field(default_factory=dict)
    gone: bool = False
    origin: int = 0

    @property
    def version(self) -> int:
        """The number of the item's latest change."""
        return self.history[-1]

    @property
    def is_series(self) -> bool:
        """Whether this is the master of a series."""
        return bool(self.props.get("Recurrence")) and self.kind == "CalendarItem"


@dataclass
class Account:
    """Who a mailbox belongs to and how its owner signs in; ``oof`` are the automatic replies."""

    num: int
    email: str
    password: str
    name: str
    login: str
    zone: str
    guid: str
    sync_epoch: int = 1
    language: str = "en"
    oof: Json = None


@dataclass(frozen=True)
class Event:
    """Something that happened: ``kind`` (Created, Modified, Deleted, Moved, Copied, NewMail,
    FreeBusyChanged) to the item or folder ``num`` in the folder ``parent``; for Moved and Copied
    also where it was before."""

    kind: str
    num: int
    parent: int
    stamp: str
    is_folder: bool = False
    old_num: int = 0
    old_parent: int = 0


def remember(history: list[int], number: int) -> None:
    """Add a change's number, keeping the first (the creation) and the latest ones."""
    history.append(number)
    if len(history) > HISTORY:
        del history[1 : len(history) - HISTORY + 1]


def to_json(record: Folder | Item | Account) -> dict[str, Json]:
    """The record as JSON; it shares its values with the record."""
    return dict(vars(record))
